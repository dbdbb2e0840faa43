#pragma once
#include <optional>
#include <vector>

#include "storage/constraints.hpp"
#include "value/compare.hpp"

// The search for a second entry with the same values in a unique index. It reads from a snapshot (the early check of a
// statement) or from the commit's batch (the last word), merged with the transaction's own changes.
namespace packhouse::storage::unique {

/// The indexed values of a record; missing ones are null.
inline Result<std::vector<Value>> values(const RecordReader& record, const std::vector<KeyId>& keys, Arena& arena) {
  std::vector<Value> out;
  for (const KeyId key : keys) {
    PACKHOUSE_TRY(const Value value, record.property(key, arena));
    out.push_back(value);
  }
  return out;
}

/// `Reader` is kv::Snapshot or kv::Batch.
template <class Reader>
class Search {
 public:
  Search(Reader& reader, const Overlay& overlay, const Constraint& constraint, const StoreCore& core)
      : reader_(reader), overlay_(overlay), constraint_(constraint), core_(core), delta_(overlay.index(*constraint.index)) {}

  /// Fails with constraint_failed when another entity than the one of `key` (a whole index key) has its values.
  Result<void> check(Bytes key) {
    const Bytes prefix = key.first(key.size() - sizeof(std::uint64_t));
    const bool exact = key.size() < kv::max_key;
    const std::uint64_t self = keys::last_id(key);
    keys::IndexKey low;
    low.append(prefix);
    keys::IndexKey high = low;
    high.to_successor();
    std::optional<std::uint64_t> found;
    PACKHOUSE_CHECK(own(low, high, self, exact, found));
    while (!found) {
      PACKHOUSE_TRY(const auto entry, reader_.last(low, high));
      if (!entry) return ok;
      const std::uint64_t id = keys::last_id(entry->key);
      const auto* change = delta_ ? delta_->find(entry->key) : nullptr;
      if (id != self && !(change && change->net < 0)) {
        PACKHOUSE_TRY(const bool same, exact ? Result<bool>(true) : same_values(self, id));
        if (same) found = id;
      }
      keys::IndexKey next;
      next.append(entry->key);
      high = next;
    }
    Arena arena;
    PACKHOUSE_TRY(const auto record, read(self));
    PACKHOUSE_TRY(const auto shown, values(record, constraint_.keys, arena));
    return tl::make_unexpected(constraints::already_exists(constraint_, *found, shown, core_));
  }

 private:
  /// Among the transaction's own new entries.
  Result<void> own(Bytes low, Bytes high, std::uint64_t self, bool exact, std::optional<std::uint64_t>& found) {
    Result<void> result = ok;
    if (!delta_) return result;
    delta_->for_range(low, high, [&](const IndexDelta::Entry& e) {
      const std::uint64_t id = keys::last_id(e.key);
      if (id == self || e.net <= 0) return true;
      auto same = exact ? Result<bool>(true) : same_values(self, id);
      if (!same) result = tl::make_unexpected(std::move(same).error());
      else if (*same) found = id;
      return result.has_value() && !found;
    });
    return result;
  }

  Result<RecordReader> read(std::uint64_t id) {
    const bool node = constraint_.entity == EntityType::node;
    const OverlayRecord* own = node ? static_cast<const OverlayRecord*>(overlay_.find(NodeId{id})) : overlay_.find(RelId{id});
    if (own) return RecordReader(own->now);
    PACKHOUSE_TRY(const auto bytes, reader_.get(node ? keys::node(NodeId{id}) : keys::relationship(RelId{id})));
    if (!bytes) {
      return fail(Status::storage_failed, "an index names " + constraints::entity(constraint_.entity, id) + ", which is not there");
    }
    PACKHOUSE_CHECK(packos::RecordView::open(*bytes));
    return RecordReader(*bytes, nullptr);
  }

  /// For keys that were cut and hashed.
  Result<bool> same_values(std::uint64_t a, std::uint64_t b) {
    Arena arena;
    PACKHOUSE_TRY(const auto first, read(a));
    PACKHOUSE_TRY(const auto mine, values(first, constraint_.keys, arena));
    PACKHOUSE_TRY(const auto second, read(b));
    PACKHOUSE_TRY(const auto other, values(second, constraint_.keys, arena));
    return std::ranges::equal(mine, other, [](const Value& x, const Value& y) { return equivalent(x, y); });
  }

  Reader& reader_;
  const Overlay& overlay_;
  const Constraint& constraint_;
  const StoreCore& core_;
  const IndexDelta* delta_;
};

}  // namespace packhouse::storage::unique
