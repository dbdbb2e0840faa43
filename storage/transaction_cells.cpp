#include <fmt/format.h>

#include <array>

#include "storage/blob_stage.hpp"
#include "storage/committer.hpp"
#include "storage/transaction.hpp"

namespace packhouse::storage {
namespace {

Result<void> check_key(Bytes key) {
  if (!key.empty() && key.size() <= max_cell_key) [[likely]] return ok;
  return fail(Status::internal, fmt::format("a cell's key has 1 to {} bytes, this one {}", max_cell_key, key.size()));
}

Result<void> check_value(std::size_t size) {
  if (size <= max_cell_value) [[likely]] return ok;
  return fail(Status::argument_error, fmt::format("a cell holds at most {} bytes, this would be {}", max_cell_value, size));
}

/// Cells of the snapshot merged with those changed. It looks its place up by key each time, so that the transaction may
/// write meanwhile.
class MergedCells final : public CellCursor {
 public:
  MergedCells(std::unique_ptr<kv::Scan> stored, const std::unique_ptr<WriteState>& changes, Bytes low, Bytes high)
      : stored_(std::move(stored)), changes_(changes), next_(as_text(low)), high_(as_text(high)) {}

  Result<bool> next(kv::Entry& entry) override {
    for (;;) {
      PACKHOUSE_CHECK(fill());
      const auto* own = changed();
      const bool stored = count_ > 0;
      if (!own && !stored) return false;
      const std::string_view stored_key = stored ? as_text(batch_[at_].key.subspan(1)) : std::string_view();
      const bool take_own = own && (!stored || own->first <= stored_key);
      if (take_own && stored && own->first == stored_key) ++at_, --count_;
      if (!take_own) {
        entry = {batch_[at_].key.subspan(1), batch_[at_].value};
        ++at_, --count_;
      }
      const std::string_view key = take_own ? std::string_view(own->first) : as_text(entry.key);
      next_.assign(key).push_back('\0');
      if (!take_own) return true;
      if (!own->second.value) continue;
      entry = {as_bytes(own->first), *own->second.value};
      return true;
    }
  }

 private:
  Result<void> fill() {
    if (count_ > 0 || !stored_) return ok;
    PACKHOUSE_TRY(count_, stored_->next(batch_));
    at_ = 0;
    if (count_ == 0) stored_.reset();
    return ok;
  }
  const CellOverlay::Map::value_type* changed() const {
    if (!changes_) return nullptr;
    const auto& cells = changes_->cells.cells();
    const auto at = cells.lower_bound(next_);
    return at == cells.end() || (!high_.empty() && at->first >= high_) ? nullptr : &*at;
  }

  std::unique_ptr<kv::Scan> stored_;
  const std::unique_ptr<WriteState>& changes_;  // the transaction's
  std::string next_, high_;
  std::array<kv::Entry, 64> batch_;
  std::size_t at_ = 0, count_ = 0;
};

}  // namespace

Result<std::optional<Bytes>> TransactionImpl::cell(Bytes key) {
  PACKHOUSE_CHECK(reading());
  PACKHOUSE_CHECK(check_key(key));
  if (const auto* own = write_ ? write_->cells.find(key) : nullptr) {
    return own->value ? std::optional<Bytes>(*own->value) : std::nullopt;
  }
  return snapshot_->get(keys::cell(key));
}

Result<std::unique_ptr<CellCursor>> TransactionImpl::scan_cells(Bytes low, Bytes high) {
  PACKHOUSE_CHECK(reading());
  PACKHOUSE_CHECK(check_key(low));
  if (!high.empty()) PACKHOUSE_CHECK(check_key(high));
  const keys::IndexKey end = high.empty() ? keys::IndexKey(keys::Table::cell).to_successor() : keys::cell(high);
  PACKHOUSE_TRY(auto stored, snapshot_->scan(keys::cell(low), end));
  return std::make_unique<MergedCells>(std::move(stored), write_, low, high);
}

Result<void> TransactionImpl::lock_cell(Bytes key) {
  PACKHOUSE_CHECK(writing());
  PACKHOUSE_CHECK(check_key(key));
  const RecordKey record = cell_key(key);
  PACKHOUSE_CHECK(lock(record));
  if (write_->guards.insert(record).second) write_->statement_guards.push_back(record);
  return ok;
}

Result<void> TransactionImpl::put_cell(Bytes key, Bytes value) {
  PACKHOUSE_CHECK(writing());
  PACKHOUSE_CHECK(check_key(key));
  PACKHOUSE_CHECK(check_value(value.size()));
  write_->cells.put(key, value);
  return ok;
}

Result<void> TransactionImpl::patch_cell(Bytes key, std::size_t offset, Bytes bytes) {
  PACKHOUSE_CHECK(writing());
  PACKHOUSE_TRY(const auto now, cell(key));
  const std::size_t size = now ? now->size() : 0;
  if (offset > size) return fail(Status::internal, fmt::format("patching a cell of {} bytes at {}", size, offset));
  PACKHOUSE_CHECK(check_value(offset + bytes.size()));
  write_->cells.patch(key, now, offset, bytes);
  return ok;
}

Result<void> TransactionImpl::erase_cell(Bytes key) {
  PACKHOUSE_CHECK(writing());
  PACKHOUSE_CHECK(check_key(key));
  write_->cells.erase(key);
  return ok;
}

Result<std::uint64_t> TransactionImpl::fresh_id() {
  PACKHOUSE_CHECK(writing());
  return core_.next_id.fetch_add(1, std::memory_order_relaxed);
}

// ---- blobs ---------------------------------------------------------------------------------------------------------

Result<BlobStage*> TransactionImpl::blobs() {
  PACKHOUSE_CHECK(writing());
  if (!write_->blobs) write_->blobs = std::make_unique<BlobStage>(committer_.stage(), *core_.engine);
  return write_->blobs.get();
}

Result<BlobId> TransactionImpl::create_blob() {
  PACKHOUSE_TRY(BlobStage* stage, blobs());
  PACKHOUSE_TRY(const std::uint64_t id, fresh_id());
  stage->create(BlobId{id});
  return BlobId{id};
}

Result<void> TransactionImpl::append_blob(BlobId blob, Bytes bytes) {
  PACKHOUSE_TRY(BlobStage* stage, blobs());
  return stage->append(blob, bytes);
}

Result<std::uint64_t> TransactionImpl::open_blob_size(BlobId blob) {
  PACKHOUSE_CHECK(reading());
  if (const auto size = write_ && write_->blobs ? write_->blobs->size(blob) : std::nullopt) return *size;
  return fail(Status::internal, "only the transaction that made a blob knows its size");
}

Result<std::optional<Bytes>> TransactionImpl::blob_chunk(BlobId blob, std::uint32_t chunk) {
  PACKHOUSE_CHECK(reading());
  if (write_ && write_->blobs && write_->blobs->size(blob)) return write_->blobs->chunk(blob, chunk);
  return snapshot_->get(keys::blob_chunk(blob, chunk));
}

Result<void> TransactionImpl::drop_blob(BlobId blob) {
  PACKHOUSE_TRY(BlobStage* stage, blobs());
  stage->drop(blob);
  return ok;
}

}  // namespace packhouse::storage
