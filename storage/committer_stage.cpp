#include <array>

#include "storage/committer.hpp"
#include "storage/keys.hpp"

namespace packhouse::storage {
namespace {
/// Chunks erased in one batch, so that commits don't wait long behind a removal.
constexpr std::size_t removed_at_once = 1024;
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

/// Erases some of it; true when all of it is gone, the mark too.
Result<bool> Committer::remove_blob(kv::Batch& batch, BlobId blob) {
  PACKHOUSE_TRY(const bool gone, erase_chunks(batch, blob, 0, removed_at_once));
  if (gone) PACKHOUSE_CHECK(batch.erase(keys::blob_mark(blob)));
  return gone;
}

Result<void> Committer::write_stage(std::span<const StageRequest> requests) {
  if (sync_error_) return tl::make_unexpected(*sync_error_);
  PACKHOUSE_TRY(const auto batch, core_.engine->begin_batch());
  PACKHOUSE_CHECK(write_ids(*batch));  // before a crash these numbers must not be given out again
  for (const StageRequest& request : requests) {
    for (const BlobId blob : request.fresh) PACKHOUSE_CHECK(batch->put(keys::blob_mark(blob), {}));
    for (const BlobChunk& chunk : request.chunks) {
      PACKHOUSE_CHECK(batch->put(keys::blob_chunk(chunk.blob, chunk.number), chunk.bytes));
    }
  }
  bool gone = false;
  if (!removing_.empty()) {
    PACKHOUSE_TRY(gone, remove_blob(*batch, removing_.back()));
  }
  PACKHOUSE_CHECK(batch->commit(core_.last_sequence, core_.options.sync));
  if (gone) removing_.pop_back();
  return ok;
}

/// Nothing of it is visible, so the sequence stays what it is.
void Committer::process_stage() {
  const auto requests = stage_.take();
  if (requests.empty() && removing_.empty()) return;
  for (const StageRequest& request : requests) {
    if (request.removed) removing_.push_back(*request.removed);
  }
  const auto written = write_stage(requests);
  if (!written) {
    written_id_ = written_node_ = written_relationship_ = written_rule_ = 0;
    removing_.clear();  // the next start tries again
  } else if (!core_.options.sync && !unsynced_since_) {
    unsynced_since_ = Clock::now();
  }
  for (const StageRequest& request : requests) {
    if (request.progress) request.progress->finished(written);
  }
}

}  // namespace packhouse::storage
