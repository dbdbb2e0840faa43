#include <algorithm>
#include <array>

#include "storage/committer.hpp"
#include "storage/erase_range.hpp"
#include "storage/keys.hpp"

namespace packhouse::storage {
namespace {
/// Chunks erased in one batch, so that commits don't wait long behind a removal.
constexpr std::size_t removed_at_once = 1024;
constexpr std::chrono::seconds retry_after{10};
}  // namespace

Result<void> Committer::find_orphans() {
  PACKHOUSE_TRY(const auto snapshot, core_.engine->snapshot());
  const auto marks = keys::all(keys::Table::blob_mark);
  PACKHOUSE_TRY(const auto scan, snapshot->scan(marks.low, marks.high));
  std::array<kv::Entry, 64> entries;
  for (;;) {
    PACKHOUSE_TRY(const std::size_t n, scan->next(entries));
    if (n == 0) return ok;
    for (std::size_t i = 0; i < n; ++i) removing_.push_back(BlobId{keys::last_id(entries[i].key)});
  }
}

Result<void> Committer::write_stage(std::span<const StageRequest> requests) {
  if (sync_error_) return tl::make_unexpected(*sync_error_);
  PACKHOUSE_TRY(const auto batch, core_.engine->begin_batch());
  PACKHOUSE_CHECK(write_ids(*batch));  // before a crash these numbers must not be given out again
  for (const StageRequest& request : requests) {
    // After a failure the rest of that transaction is of no use, and its mark may be what failed.
    if (!request.progress || !request.progress->check()) continue;
    for (const BlobId blob : request.fresh) PACKHOUSE_CHECK(batch->put(keys::blob_mark(blob), {}));
    for (const BlobChunk& chunk : request.chunks) {
      PACKHOUSE_CHECK(batch->put(keys::blob_chunk(chunk.blob, chunk.number), chunk.bytes));
    }
  }
  return batch->commit(core_.last_sequence, core_.options.sync);
}

/// Erases so many chunks of the marked blobs, and the marks of those that are gone.
Result<void> Committer::remove_some() {
  PACKHOUSE_TRY(const auto batch, core_.engine->begin_batch());
  std::size_t left = removed_at_once, gone = 0;
  while (gone < removing_.size() && left > 0) {
    const BlobId blob = removing_[removing_.size() - 1 - gone];
    const auto chunks = keys::blob_chunks(blob);
    PACKHOUSE_TRY(const std::size_t erased, erase_range(*batch, chunks.low, chunks.high, left));
    left -= erased;
    if (left == 0) break;  // perhaps there is more
    PACKHOUSE_CHECK(batch->erase(keys::blob_mark(blob)));
    ++gone;
    --left;
  }
  PACKHOUSE_CHECK(batch->commit(core_.last_sequence, core_.options.sync));
  removing_.resize(removing_.size() - gone);
  return ok;
}

/// Nothing of it is visible, so the sequence stays what it is.
void Committer::process_stage() {
  const auto requests = stage_.take();
  const bool chunks = std::ranges::any_of(requests, [](const StageRequest& r) { return !r.removed; });
  const auto note = [&](const Result<void>& written) {
    if (!written) written_id_ = written_node_ = written_relationship_ = written_rule_ = 0;  // unknown
    else if (!core_.options.sync && !unsynced_since_) unsynced_since_ = Clock::now();
  };
  Result<void> written = ok;
  if (chunks) note(written = write_stage(requests));
  for (const StageRequest& request : requests) {
    if (request.removed) removing_.push_back(*request.removed);
    if (request.progress) request.progress->finished(written);
  }
  if (!removal_due()) return;
  const auto removed = remove_some();
  note(removed);
  if (!removed) remove_at_ = Clock::now() + retry_after;
}

}  // namespace packhouse::storage
