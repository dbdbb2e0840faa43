#include <fmt/format.h>

#include "storage/counts.hpp"
#include "storage/cursors.hpp"
#include "storage/transaction.hpp"

namespace packhouse::storage {

template <class Id>
Result<std::unique_ptr<Cursor<Id>>> TransactionImpl::scan(const keys::Range<keys::SmallKey>& range, const IdDelta* delta) {
  PACKHOUSE_TRY(auto stored, snapshot_->scan(range.low, range.high));
  return std::make_unique<MergeCursor<Id, IdMerge>>(std::move(stored), delta);
}

Result<NodeCursor> TransactionImpl::scan_nodes() {
  PACKHOUSE_CHECK(reading());
  PACKHOUSE_CHECK(derive());
  return scan<NodeId>(keys::all(keys::Table::node), write_ ? &write_->overlay.all_nodes() : nullptr);
}

Result<NodeCursor> TransactionImpl::scan_label(LabelId label) {
  PACKHOUSE_CHECK(reading());
  PACKHOUSE_CHECK(derive());
  const IdDelta* own = write_ ? write_->overlay.label(label) : nullptr;
  if (!own || own->empty()) {
    PACKHOUSE_TRY(NodeCursor cached, scan_cached(label));
    if (cached) return cached;
  }
  return scan<NodeId>(keys::label_entries(label), own);
}

/// Null when the label is small, or its nodes are few among those in between: the index is quicker then.
Result<NodeCursor> TransactionImpl::scan_cached(LabelId label) {
  constexpr std::uint64_t sparsest = 8;  // ids for each node of the label
  PACKHOUSE_TRY(const std::uint64_t count, Counts::read(*snapshot_, keys::CountKind::label, raw(label)));
  if (count < nodes_per_chunk) return nullptr;
  const auto range = keys::label_entries(label);
  kv::Entry first;
  PACKHOUSE_TRY(const auto scan, snapshot_->scan(range.low, range.high));
  PACKHOUSE_TRY(const std::size_t found, scan->next(std::span(&first, 1)));
  PACKHOUSE_TRY(const auto last, snapshot_->last(range.low, range.high));
  if (found == 0 || !last) return nullptr;
  const std::uint64_t from = chunk_of(NodeId{keys::last_id(first.key)}), end = chunk_of(NodeId{keys::last_id(last->key)}) + 1;
  if (count * sparsest < (end - from) * nodes_per_chunk) return nullptr;
  auto members = core_.node_cache.members(label);
  if (!members) return nullptr;
  return std::make_unique<MergeCursor<NodeId, CachedLabelScan>>(core_.node_cache, std::move(members), *snapshot_, from, end);
}

Result<RelCursor> TransactionImpl::scan_relationships() {
  PACKHOUSE_CHECK(reading());
  PACKHOUSE_CHECK(derive());
  return scan<RelId>(keys::all(keys::Table::relationship), write_ ? &write_->overlay.all_relationships() : nullptr);
}

Result<RelCursor> TransactionImpl::scan_type(TypeId type) {
  PACKHOUSE_CHECK(reading());
  PACKHOUSE_CHECK(derive());
  return scan<RelId>(keys::type_entries(type), write_ ? write_->overlay.type(type) : nullptr);
}

template <class Id>
Result<std::unique_ptr<Cursor<Id>>> TransactionImpl::seek(IndexId id, const IndexRange& range, EntityType entity) {
  PACKHOUSE_CHECK(reading());
  const Index* index = catalog().index(id);
  if (!index || index->state != IndexState::online || index->entity != entity || !keeps_entries(index->type)) {
    return fail(Status::index_not_found, fmt::format("there is no such index to seek in: id {}", raw(id)));
  }
  if (range.prefix.size() > index->keys.size()) {
    return fail(Status::internal, fmt::format("index `{}` has {} columns, {} were asked for", index->name, index->keys.size(),
                                              range.prefix.size()));
  }
  using Found = MergeCursor<Id, IndexMerge>;
  PACKHOUSE_TRY(const auto bounds, keys::index_bounds(id, range));
  if (bounds.empty) return std::make_unique<Found>(nullptr, std::vector<IndexDelta::Entry>(), nullptr);
  std::unique_ptr<IndexFilter> filter;
  if (bounds.recheck) filter = std::make_unique<IndexFilter>(*snapshot_, *index, range);
  std::vector<IndexDelta::Entry> changes;
  PACKHOUSE_CHECK(derive());
  if (const IndexDelta* delta = write_ ? write_->overlay.index(id) : nullptr) {
    Result<void> result = ok;
    delta->for_range(bounds.low, bounds.high, [&](const IndexDelta::Entry& e) {
      if (filter && e.net > 0) {
        const std::uint64_t entity_id = keys::last_id(e.key);
        const OverlayRecord* own = entity == EntityType::node
                                       ? static_cast<const OverlayRecord*>(write_->overlay.find(NodeId{entity_id}))
                                       : write_->overlay.find(RelId{entity_id});
        auto matches = filter->matches(RecordReader(own->now));
        if (!matches) result = tl::make_unexpected(std::move(matches).error());
        else if (!*matches) return true;
      }
      changes.push_back(e);
      return result.has_value();
    });
    PACKHOUSE_CHECK(result);
  }
  PACKHOUSE_TRY(auto stored, snapshot_->scan(bounds.low, bounds.high));
  return std::make_unique<Found>(std::move(stored), std::move(changes), std::move(filter));
}

Result<NodeCursor> TransactionImpl::index_seek(IndexId index, const IndexRange& range) {
  return seek<NodeId>(index, range, EntityType::node);
}

Result<RelCursor> TransactionImpl::index_seek_relationships(IndexId index, const IndexRange& range) {
  return seek<RelId>(index, range, EntityType::relationship);
}

// ---- counts --------------------------------------------------------------------------------------------------------

/// An error can't be returned here: the next call that can will tell it.
std::uint64_t TransactionImpl::count(keys::CountKind kind, std::uint32_t token, std::int64_t own) {
  auto stored = Counts::read(*snapshot_, kind, token);
  if (!stored) {
    failed_ = std::move(stored).error();
    return 0;
  }
  return *stored + static_cast<std::uint64_t>(own);
}

/// Whether counting can begin.
bool TransactionImpl::countable() {
  auto ready = reading();
  if (ready) ready = derive();
  if (!ready) failed_ = std::move(ready).error();
  return ready.has_value();
}

std::uint64_t TransactionImpl::node_count() {
  if (!countable()) return 0;
  return count(keys::CountKind::nodes, 0, write_ ? write_->overlay.all_nodes().sum() : 0);
}

std::uint64_t TransactionImpl::node_count(LabelId label) {
  if (!countable()) return 0;
  const IdDelta* own = write_ ? write_->overlay.label(label) : nullptr;
  return count(keys::CountKind::label, raw(label), own ? own->sum() : 0);
}

std::uint64_t TransactionImpl::relationship_count() {
  if (!countable()) return 0;
  return count(keys::CountKind::relationships, 0, write_ ? write_->overlay.all_relationships().sum() : 0);
}

std::uint64_t TransactionImpl::relationship_count(TypeId type) {
  if (!countable()) return 0;
  const IdDelta* own = write_ ? write_->overlay.type(type) : nullptr;
  return count(keys::CountKind::type, raw(type), own ? own->sum() : 0);
}

}  // namespace packhouse::storage
