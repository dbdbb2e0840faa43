#include <fmt/format.h>

#include "storage/transaction.hpp"
#include "storage/unique.hpp"

namespace packhouse::storage {
namespace {

Error gone(const char* what, std::uint64_t id, bool deleted_here) {
  if (deleted_here) {
    return {Status::entity_not_found, fmt::format("{} with id {} has been deleted in this transaction", what, id)};
  }
  return {Status::entity_not_found, fmt::format("Unable to load {} with id {}.", what, id)};
}

Error made_up(const char* what) {
  return {Status::argument_error, fmt::format("A virtual {} can't be changed, and no stored relationship can lead to it", what)};
}

}  // namespace

/// The overlay's entry of a node that may be changed: locked, unchanged since the snapshot, and there.
Result<OverlayNode*> TransactionImpl::writable(NodeId id) {
  PACKHOUSE_CHECK(writing());
  if (raw(id) >= first_virtual_id) return tl::make_unexpected(made_up("node"));
  Overlay& own = write_->overlay;
  OverlayNode* known = own.find(id);
  if (!known) {
    PACKHOUSE_CHECK(lock(record_key(id)));
    PACKHOUSE_TRY(const auto record, stored(id));
    if (!record) return tl::make_unexpected(gone("Node", raw(id), false));
    known = &own.open(id, *record);
  }
  if (!known->exists()) return tl::make_unexpected(gone("Node", raw(id), known->now.presence == Presence::deleted));
  return known;
}

Result<OverlayRel*> TransactionImpl::writable(RelId id) {
  PACKHOUSE_CHECK(writing());
  if (raw(id) >= first_virtual_id) return tl::make_unexpected(made_up("relationship"));
  Overlay& own = write_->overlay;
  OverlayRel* known = own.find(id);
  if (!known) {
    PACKHOUSE_CHECK(lock(record_key(id)));
    PACKHOUSE_TRY(const auto record, stored(id));
    if (!record) return tl::make_unexpected(gone("Relationship", raw(id), false));
    PACKHOUSE_TRY(const auto view, packos::RecordView::open(*record));
    known = &own.open(id, *record, view);
  }
  if (!known->exists()) return tl::make_unexpected(gone("Relationship", raw(id), known->now.presence == Presence::deleted));
  return known;
}

/// Makes sure that a node is there and stays until the end of the transaction: the end of a new relationship.
Result<void> TransactionImpl::keep_alive(NodeId id) {
  if (raw(id) >= first_virtual_id) return tl::make_unexpected(made_up("node"));
  const OverlayNode* known = write_->overlay.find(id);
  if (known && !known->exists()) return tl::make_unexpected(gone("Node", raw(id), known->now.presence == Presence::deleted));
  if (known && known->created()) return ok;
  PACKHOUSE_CHECK(lock(edges_key(id), LockMode::shared, deletion_key(id)));
  if (known) return ok;
  PACKHOUSE_TRY(const bool there, exists(id));
  if (!there) return tl::make_unexpected(gone("Node", raw(id), false));
  return ok;
}

/// Whether the snapshot has the node: a load of relationships asks this for every end.
Result<bool> TransactionImpl::exists(NodeId id) {
  if (!all_nodes_) all_nodes_ = core_.node_cache.all_nodes();
  if (all_nodes_) {
    std::uint8_t there = 0;
    std::vector<std::size_t> ask;
    PACKHOUSE_CHECK(core_.node_cache.read(*all_nodes_, *snapshot_, std::span(&id, 1), std::span(&there, 1), ask));
    if (ask.empty()) return there != 0;
  }
  PACKHOUSE_TRY(const auto record, stored(id));
  return record.has_value();
}

// ---- create --------------------------------------------------------------------------------------------------------

Result<NodeId> TransactionImpl::create_node(std::span<const LabelId> labels,
                                            std::span<const std::pair<KeyId, Value>> properties) {
  PACKHOUSE_CHECK(writing());
  const NodeId id{core_.next_node.fetch_add(1, std::memory_order_relaxed)};
  PACKHOUSE_TRY(OverlayNode * node, write_->overlay.create(id, labels, properties));
  ++counts_.nodes_created;
  counts_.labels_added += static_cast<std::int64_t>(write_->overlay.last_label_count());
  counts_.properties_set += static_cast<std::int64_t>(write_->overlay.last_property_count());
  PACKHOUSE_CHECK(claim_unique(*node));
  return id;
}

Result<RelId> TransactionImpl::create_relationship(NodeId start, NodeId end, TypeId type,
                                                   std::span<const std::pair<KeyId, Value>> properties) {
  PACKHOUSE_CHECK(writing());
  PACKHOUSE_CHECK(keep_alive(start));
  PACKHOUSE_CHECK(keep_alive(end));
  const RelId id{core_.next_relationship.fetch_add(1, std::memory_order_relaxed)};
  PACKHOUSE_TRY(OverlayRel * rel, write_->overlay.create(id, type, start, end, properties));
  ++counts_.relationships_created;
  counts_.properties_set += static_cast<std::int64_t>(write_->overlay.last_property_count());
  PACKHOUSE_CHECK(claim_unique(*rel, raw(id), EntityType::relationship, raw(type)));
  return id;
}

// ---- change --------------------------------------------------------------------------------------------------------

Result<bool> TransactionImpl::changed(Result<bool> had, const Value& value) {
  if (had && (*had || !value.is_null())) ++counts_.properties_set;
  return had;
}

Result<bool> TransactionImpl::set_property(NodeId id, KeyId key, const Value& value) {
  PACKHOUSE_TRY(OverlayNode * node, writable(id));
  PACKHOUSE_TRY(const bool had, changed(write_->overlay.set_property(*node, key, value), value));
  if (!value.is_null()) PACKHOUSE_CHECK(claim_unique(*node, key));
  return had;
}

Result<bool> TransactionImpl::set_property(RelId id, KeyId key, const Value& value) {
  PACKHOUSE_TRY(OverlayRel * rel, writable(id));
  PACKHOUSE_TRY(const bool had, changed(write_->overlay.set_property(*rel, key, value), value));
  if (!value.is_null()) PACKHOUSE_CHECK(claim_unique(*rel, raw(id), EntityType::relationship, raw(rel->type), key));
  return had;
}

Result<bool> TransactionImpl::add_label(NodeId id, LabelId label) {
  PACKHOUSE_TRY(OverlayNode * node, writable(id));
  PACKHOUSE_TRY(const bool added, write_->overlay.add_label(*node, label));
  counts_.labels_added += added;
  if (added) PACKHOUSE_CHECK(claim_unique(*node, raw(id), EntityType::node, raw(label)));
  return added;
}

Result<bool> TransactionImpl::remove_label(NodeId id, LabelId label) {
  PACKHOUSE_TRY(OverlayNode * node, writable(id));
  PACKHOUSE_TRY(const bool removed, write_->overlay.remove_label(*node, label));
  counts_.labels_removed += removed;
  return removed;
}

// ---- delete --------------------------------------------------------------------------------------------------------

Result<bool> TransactionImpl::delete_node(NodeId id) {
  PACKHOUSE_CHECK(writing());
  if (deleted_here(id)) return false;
  const OverlayNode* known = write_->overlay.find(id);
  // Nobody may add a relationship from here on, and none was added that we don't see.
  if (!known || !known->created()) PACKHOUSE_CHECK(lock(edges_key(id)));
  PACKHOUSE_TRY(OverlayNode * node, writable(id));
  write_->overlay.erase(*node);
  ++counts_.nodes_deleted;
  return true;
}

Result<bool> TransactionImpl::delete_relationship(RelId id) {
  PACKHOUSE_CHECK(writing());
  if (deleted_here(id)) return false;
  PACKHOUSE_TRY(OverlayRel * rel, writable(id));
  write_->overlay.erase(*rel);
  ++counts_.relationships_deleted;
  return true;
}

// ---- uniqueness ----------------------------------------------------------------------------------------------------

Result<void> TransactionImpl::lock_index_entry(IndexId index, std::span<const Value> values) {
  PACKHOUSE_CHECK(writing());
  PACKHOUSE_TRY(const auto prefix, keys::index_prefix(index, values));
  return lock(index_entry_key(prefix.key));
}

Result<void> TransactionImpl::claim_unique(OverlayNode& node, std::optional<KeyId> only) {
  if (!catalog().has_constraints()) [[likely]] return ok;
  const RecordReader record(node.now);
  for (std::size_t i = 0; i < record.label_count(); ++i) {
    PACKHOUSE_CHECK(claim_unique(node, raw(node.id), EntityType::node, raw(record.label(i)), only));
  }
  return ok;
}

/// Locks the values that a unique index would get, and fails at once when somebody has them already. The lock and
/// RecentChanges make the answer of the snapshot the truth until the commit. `only`: when just this property changed.
Result<void> TransactionImpl::claim_unique(OverlayRecord& record, std::uint64_t id, EntityType entity, std::uint32_t token,
                                           std::optional<KeyId> only) {
  for (const Constraint* constraint : catalog().constraints(entity, token)) {
    if (!constraint->index || (only && std::ranges::find(constraint->keys, *only) == constraint->keys.end())) continue;
    Arena arena;
    PACKHOUSE_TRY(const auto values, unique::values(RecordReader(record.now), constraint->keys, arena));
    if (!std::ranges::all_of(values, [](const Value& v) { return !v.is_null() && keys::indexable(v); })) continue;
    PACKHOUSE_TRY(const auto key, keys::index_entry(*constraint->index, values, id));
    PACKHOUSE_CHECK(lock(index_entry_key(key.view().first(key.size() - sizeof(std::uint64_t)))));
    PACKHOUSE_CHECK(derive());
    PACKHOUSE_CHECK(unique::Search(*snapshot_, write_->overlay, *constraint, core_).check(key));
  }
  return ok;
}

}  // namespace packhouse::storage
