#include "storage/blob_stage.hpp"

#include <algorithm>
#include <limits>

#include "storage/keys.hpp"

namespace packhouse::storage {
namespace {

/// Chunks are handed over when so many bytes have gathered.
constexpr std::size_t portion = std::size_t{2} << 20;

std::uint32_t chunk_count(std::uint64_t size) {
  return static_cast<std::uint32_t>((size + blob_chunk_size - 1) / blob_chunk_size);
}

}  // namespace

void BlobStage::begin_statement() {
  ++statement_;
  dropped_mark_ = dropped_.size();
}

void BlobStage::rollback_statement() {
  dropped_.resize(std::min(dropped_mark_, dropped_.size()));
  for (auto it = open_.begin(); it != open_.end();) {
    auto& [id, blob] = *it;
    if (blob.statement != statement_) {
      ++it;
      continue;
    }
    const auto keep = static_cast<std::uint32_t>(blob.saved_size / blob_chunk_size);
    for (auto p = pending_.lower_bound({id, keep}); p != pending_.end() && p->first.blob == id;) {
      bytes_ -= p->second.size();
      p = pending_.erase(p);
    }
    bytes_ -= held(blob);
    if (blob.fresh_in_statement) {
      bytes_ -= open_overhead;
      remove(id, blob);
      it = open_.erase(it);
      continue;
    }
    blob.size = blob.saved_size;
    blob.tail = std::exchange(blob.saved_tail, {});
    blob.statement = 0;
    bytes_ += held(blob);
    ++it;
  }
}

void BlobStage::create(BlobId id) {
  Open& blob = open_[id];
  bytes_ += open_overhead;
  blob.statement = statement_;
  blob.fresh_in_statement = true;
}

Result<void> BlobStage::append(BlobId id, Bytes bytes) {
  const auto at = open_.find(id);
  if (at == open_.end()) return fail(Status::internal, "only the transaction that made a blob can write to it");
  Open& blob = at->second;
  if (bytes.size() > std::numeric_limits<std::uint32_t>::max() * std::uint64_t{blob_chunk_size} - blob.size)
    return fail(Status::argument_error, "a blob can't hold more than 2^32 chunks");
  if (blob.statement != statement_) {
    bytes_ -= held(blob);
    blob.statement = statement_;
    blob.fresh_in_statement = false;
    blob.saved_size = blob.size;
    blob.saved_tail = blob.tail;
    bytes_ += held(blob);
  }
  while (!bytes.empty()) {
    bytes_ -= held(blob);
    if (blob.tail.capacity() < blob_chunk_size) blob.tail.reserve(std::min(blob_chunk_size, std::max<std::size_t>(bytes.size(), 1024)));
    const std::size_t n = std::min(bytes.size(), blob_chunk_size - blob.tail.size());
    blob.tail.insert(blob.tail.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    bytes = bytes.subspan(n);
    blob.size += n;
    if (blob.tail.size() == blob_chunk_size) {
      pending_[{id, static_cast<std::uint32_t>(blob.size / blob_chunk_size - 1)}] = std::exchange(blob.tail, {});
      bytes_ += blob_chunk_size;
    }
    bytes_ += held(blob);
    if (pending_.size() * blob_chunk_size >= portion) PACKHOUSE_CHECK(hand_over());
  }
  return ok;
}

/// Gives the full chunks to the committer. Waits when it is far behind.
Result<void> BlobStage::hand_over() {
  PACKHOUSE_CHECK(progress_->check());
  StageRequest request;
  for (auto& [key, bytes] : pending_) {
    Open& blob = open_.at(key.blob);
    if (blob.staged == 0) request.fresh.push_back(key.blob);
    blob.staged = std::max(blob.staged, key.number + 1);
    bytes_ -= bytes.size();
    request.chunks.push_back({key.blob, key.number, std::move(bytes)});
  }
  pending_.clear();
  reader_.reset();
  request.progress = progress_;
  if (queue_.submit(std::move(request))) return ok;
  return fail(Status::database_unavailable, "The database is closing.");
}

void BlobStage::drop(BlobId id) {
  dropped_.push_back(id);
}

std::optional<std::uint64_t> BlobStage::size(BlobId id) const {
  const auto at = open_.find(id);
  return at == open_.end() ? std::nullopt : std::optional(at->second.size);
}

Result<std::optional<Bytes>> BlobStage::chunk(BlobId id, std::uint32_t number) {
  const Open& blob = open_.at(id);
  if (number >= chunk_count(blob.size)) return std::nullopt;
  if (number == blob.size / blob_chunk_size) return blob.tail;
  if (const auto at = pending_.find({id, number}); at != pending_.end()) return at->second;
  if (!reader_) {
    PACKHOUSE_CHECK(progress_->wait());
    PACKHOUSE_TRY(reader_, engine_.snapshot());
  }
  PACKHOUSE_TRY(const auto found, reader_->get(keys::blob_chunk(id, number)));
  if (!found) return fail(Status::storage_failed, "a chunk of a blob that was written is missing");
  return found;
}

Result<void> BlobStage::write(kv::Batch& batch) const {
  for (const auto& [key, bytes] : pending_) PACKHOUSE_CHECK(batch.put(keys::blob_chunk(key.blob, key.number), bytes));
  for (const auto& [id, blob] : open_) {
    if (!blob.tail.empty()) {
      PACKHOUSE_CHECK(batch.put(keys::blob_chunk(id, static_cast<std::uint32_t>(blob.size / blob_chunk_size)), blob.tail));
    }
    if (blob.staged == 0) continue;
    for (std::uint32_t n = chunk_count(blob.size); n < blob.staged; ++n) {  // what statements took back
      PACKHOUSE_CHECK(batch.erase(keys::blob_chunk(id, n)));
    }
    PACKHOUSE_CHECK(batch.erase(keys::blob_mark(id)));
  }
  for (const BlobId id : dropped_) PACKHOUSE_CHECK(batch.put(keys::blob_mark(id), {}));
  return ok;
}

void BlobStage::committed(std::vector<BlobId>& marked) {
  marked.insert(marked.end(), dropped_.begin(), dropped_.end());
  clear();
}

void BlobStage::clear() {
  open_.clear();
  pending_.clear();
  dropped_.clear();
  bytes_ = 0;
}

void BlobStage::remove(BlobId id, const Open& blob) {
  if (blob.staged == 0) return;
  StageRequest request;
  request.removed = id;
  queue_.submit(std::move(request));  // closed: the next start removes it
}

void BlobStage::forget() {
  for (const auto& [id, blob] : open_) remove(id, blob);
  clear();
  reader_.reset();
}

}  // namespace packhouse::storage
