#include "storage/cursors.hpp"

#include <fmt/format.h>

namespace packhouse::storage {

IdMerge::IdMerge(std::unique_ptr<kv::Scan> scan, const IdDelta* delta) : scan_(std::move(scan)) {
  if (!delta || delta->empty()) return;
  changes_.reserve(delta->size());
  delta->for_each([&](const IdDelta::Entry& e) { changes_.push_back(e); });
}

/// False at the end of what is stored.
Result<bool> IdMerge::refill() {
  if (stored_done_) return false;
  PACKHOUSE_TRY(count_, scan_->next(batch_));
  at_ = 0;
  stored_done_ = count_ == 0;
  return !stored_done_;
}

Result<std::size_t> IdMerge::next(std::span<std::uint64_t> out) {
  std::size_t n = 0;
  while (n < out.size()) {
    bool stored = at_ < count_;
    if (!stored) {
      PACKHOUSE_TRY(stored, refill());
    }
    if (!stored && change_ == changes_.size()) break;
    const std::uint64_t id = stored ? keys::last_id(batch_[at_].key) : 0;
    if (change_ == changes_.size() || (stored && id < changes_[change_].id)) {
      out[n++] = id;
      ++at_;
      continue;
    }
    const IdDelta::Entry& change = changes_[change_++];
    if (stored && id == change.id) {
      ++at_;
      if (change.net < 0) continue;
      return fail(Status::storage_failed, fmt::format("id {} is stored already, but this transaction has made it", id));
    }
    if (change.net > 0) out[n++] = change.id;
  }
  return n;
}

IndexMerge::IndexMerge(std::unique_ptr<kv::Scan> scan, std::vector<IndexDelta::Entry> changes, std::unique_ptr<IndexFilter> filter)
    : scan_(std::move(scan)), changes_(std::move(changes)), filter_(std::move(filter)) {}

Result<bool> IndexMerge::refill() {
  if (!scan_) return false;
  PACKHOUSE_TRY(count_, scan_->next(batch_));
  at_ = 0;
  if (count_ == 0) scan_.reset();
  return count_ > 0;
}

Result<std::size_t> IndexMerge::next(std::span<std::uint64_t> out) {
  const auto before = [](Bytes a, Bytes b) { return as_text(a).compare(as_text(b)); };
  std::size_t n = 0;
  while (n < out.size()) {
    bool stored = at_ < count_;
    if (!stored) {
      PACKHOUSE_TRY(stored, refill());
    }
    if (!stored && change_ == changes_.size()) break;
    const int order = !stored ? 1 : change_ == changes_.size() ? -1 : before(batch_[at_].key, changes_[change_].key);
    if (order >= 0) {
      const IndexDelta::Entry& change = changes_[change_++];
      if (order == 0) ++at_;
      if (change.net > 0) out[n++] = keys::last_id(change.key);
      continue;
    }
    const std::uint64_t id = keys::last_id(batch_[at_++].key);
    if (filter_) {
      PACKHOUSE_TRY(const bool matches, filter_->matches(id));
      if (!matches) continue;
    }
    out[n++] = id;
  }
  return n;
}

}  // namespace packhouse::storage
