#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "storage/transaction.hpp"
#include "storage/view_access.hpp"

namespace packhouse::storage {
namespace {

[[gnu::cold]] Error damaged(const char* what, std::uint64_t id, Error error) {
  return std::move(error).in(fmt::format("{} {}: ", what, id));
}

/// A record as the engine gave it: checked before anybody sees it.
Result<packos::RecordView> checked(Bytes record, std::uint64_t id, bool is_node) {
  auto view = packos::RecordView::open(record);
  const char* what = is_node ? "node" : "relationship";
  if (!view) [[unlikely]] return tl::make_unexpected(damaged(what, id, std::move(view).error()));
  if (view->is_node() != is_node) [[unlikely]] {
    return fail(Status::storage_failed, fmt::format("{} {}: the stored record is of the other kind", what, id));
  }
  return view;
}

NodeView view_of(const OverlayNode& n) { return NodeViewAccess::make(n.id, n.now.record, n.now.expanded); }
RelView view_of(const OverlayRel& r) { return RelViewAccess::make(r.id, r.now.record, r.now.expanded); }

void sort_edges(std::vector<Edge>& edges, std::size_t from) {
  std::sort(edges.begin() + static_cast<std::ptrdiff_t>(from), edges.end(), [](const Edge& a, const Edge& b) {
    return std::tuple(!a.outgoing, a.type, a.neighbour, a.rel) < std::tuple(!b.outgoing, b.type, b.neighbour, b.rel);
  });
}

}  // namespace

Result<std::optional<NodeView>> TransactionImpl::node(NodeId id) {
  PACKHOUSE_CHECK(reading());
  if (const OverlayNode* own = in_memory(id)) {
    if (!own->exists()) return std::nullopt;
    return view_of(*own);
  }
  PACKHOUSE_TRY(const auto record, stored(id));
  if (!record) return std::nullopt;
  return NodeViewAccess::make(id, *record);
}

Result<std::optional<RelView>> TransactionImpl::relationship(RelId id) {
  PACKHOUSE_CHECK(reading());
  if (const OverlayRel* own = in_memory(id)) {
    if (!own->exists()) return std::nullopt;
    return view_of(*own);
  }
  PACKHOUSE_TRY(const auto record, stored(id));
  if (!record) return std::nullopt;
  return RelViewAccess::make(id, *record);
}

Result<std::optional<Bytes>> TransactionImpl::stored(NodeId id) {
  PACKHOUSE_TRY(const auto record, snapshot_->get(keys::node(id)));
  if (record) PACKHOUSE_CHECK(checked(*record, raw(id), true));
  return record;
}

Result<std::optional<Bytes>> TransactionImpl::stored(RelId id) {
  PACKHOUSE_TRY(const auto record, snapshot_->get(keys::relationship(id)));
  if (record) PACKHOUSE_CHECK(checked(*record, raw(id), false));
  return record;
}

/// Calls `use(i, overlay entry or null, stored record)` for every id, in no order; the record is empty when there is none.
template <class Use>
Result<void> TransactionImpl::each_node(std::span<const NodeId> ids, Use&& use) {
  constexpr std::size_t step = 64;
  keys::SmallKey keys[step];
  Bytes views[step], found[step];
  std::size_t places[step];
  for (std::size_t from = 0; from < ids.size();) {
    std::size_t n = 0;
    for (; from < ids.size() && n < step; ++from) {
      if (const OverlayNode* own = in_memory(ids[from])) {
        PACKHOUSE_CHECK(use(from, own, Bytes()));
        continue;
      }
      keys[n] = keys::node(ids[from]);
      views[n] = keys[n].view();
      places[n++] = from;
    }
    PACKHOUSE_CHECK(snapshot_->get_many(std::span(views, n), std::span(found, n)));
    for (std::size_t i = 0; i < n; ++i) PACKHOUSE_CHECK(use(places[i], nullptr, found[i]));
  }
  return ok;
}

Result<void> TransactionImpl::nodes(std::span<const NodeId> ids, std::span<std::optional<NodeView>> out) {
  PACKHOUSE_CHECK(reading());
  return each_node(ids, [&](std::size_t i, const OverlayNode* own, Bytes record) -> Result<void> {
    out[i].reset();
    if (own) {
      if (own->exists()) out[i] = view_of(*own);
      return ok;
    }
    if (!record.data()) return ok;
    PACKHOUSE_CHECK(checked(record, raw(ids[i]), true));
    out[i] = NodeViewAccess::make(ids[i], record);
    return ok;
  });
}

/// Whether the cache is asked about nodes: not for a few, and not when this transaction has changed any or has virtual ones.
bool TransactionImpl::cacheable(std::size_t nodes) const {
  constexpr std::size_t few = 16;
  return nodes >= few && !virtual_ && (!write_ || write_->overlay.nodes().empty());
}

Result<void> TransactionImpl::node_properties(std::span<const NodeId> ids, KeyId key, Arena& arena, std::span<Value> out,
                                              std::vector<std::size_t>& missing) {
  PACKHOUSE_CHECK(reading());
  const auto column = cacheable(ids.size()) ? core_.node_cache.column(key) : nullptr;
  if (!column) return recorded_properties(ids, key, arena, out, missing);
  std::vector<std::size_t> ask;
  core_.node_cache.read(*column, *snapshot_, ids, out, ask, missing);
  if (ask.size() == ids.size()) return recorded_properties(ids, key, arena, out, missing);
  if (ask.empty()) return ok;
  std::vector<NodeId> asked(ask.size());
  std::vector<Value> values(ask.size());
  std::vector<std::size_t> absent;
  for (std::size_t i = 0; i < ask.size(); ++i) asked[i] = ids[ask[i]];
  PACKHOUSE_CHECK(recorded_properties(asked, key, arena, values, absent));
  for (std::size_t i = 0; i < ask.size(); ++i) out[ask[i]] = values[i];
  for (const std::size_t i : absent) missing.push_back(ask[i]);
  return ok;
}

Result<void> TransactionImpl::have_labels(std::span<const NodeId> ids, std::span<const LabelId> labels,
                                          std::span<std::uint8_t> out) {
  PACKHOUSE_CHECK(reading());
  if (!cacheable(ids.size())) return recorded_labels(ids, labels, out);
  std::vector<std::uint8_t> has(ids.size()), unsure(ids.size());
  std::vector<std::size_t> ask;
  std::ranges::fill(out, std::uint8_t{1});
  for (const LabelId label : labels) {
    const auto members = core_.node_cache.members(label);
    if (!members) return recorded_labels(ids, labels, out);
    ask.clear();
    PACKHOUSE_CHECK(core_.node_cache.read(*members, *snapshot_, ids, has, ask));
    for (const std::size_t i : ask) has[i] = unsure[i] = 1;
    for (std::size_t i = 0; i < ids.size(); ++i) out[i] &= has[i];
  }
  ask.clear();
  std::vector<NodeId> asked;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!unsure[i] || !out[i]) continue;
    ask.push_back(i);
    asked.push_back(ids[i]);
  }
  PACKHOUSE_CHECK(recorded_labels(asked, labels, has));
  for (std::size_t i = 0; i < ask.size(); ++i) out[ask[i]] = has[i];
  return ok;
}

Result<void> TransactionImpl::recorded_labels(std::span<const NodeId> ids, std::span<const LabelId> labels,
                                              std::span<std::uint8_t> out) {
  return each_node(ids, [&](std::size_t i, const OverlayNode* own, Bytes record) -> Result<void> {
    const auto has_all = [&](const auto& node) { return std::ranges::all_of(labels, [&](LabelId l) { return node.has_label(l); }); };
    out[i] = 0;
    if (own) {
      if (own->exists()) out[i] = has_all(view_of(*own));
      return ok;
    }
    if (!record.data()) return ok;
    PACKHOUSE_TRY(const auto view, checked(record, raw(ids[i]), true));
    out[i] = has_all(view);
    return ok;
  });
}

/// node_properties() without the cache.
Result<void> TransactionImpl::recorded_properties(std::span<const NodeId> ids, KeyId key, Arena& arena, std::span<Value> out,
                                                  std::vector<std::size_t>& missing) {
  packos::RecordView view;
  return each_node(ids, [&](std::size_t i, const OverlayNode* own, Bytes record) -> Result<void> {
    out[i] = Value();
    if (own ? !own->exists() : !record.data()) {
      missing.push_back(i);
      return ok;
    }
    if (!own && packos::RecordView::try_open(record, view) && view.is_node()) [[likely]] {
      if (auto value = view.property(key, arena)) [[likely]] {
        out[i] = *value;
        return ok;
      }
    }
    if (!own) PACKHOUSE_CHECK(checked(record, raw(ids[i]), true));
    const NodeView slow = own ? view_of(*own) : NodeViewAccess::make(ids[i], record);
    PACKHOUSE_TRY(out[i], slow.property(key, arena));
    return ok;
  });
}

bool TransactionImpl::deleted_here(NodeId id) const {
  const OverlayNode* own = write_ ? write_->overlay.find(id) : nullptr;
  return own && own->now.presence == Presence::deleted;
}

bool TransactionImpl::deleted_here(RelId id) const {
  const OverlayRel* own = write_ ? write_->overlay.find(id) : nullptr;
  return own && own->now.presence == Presence::deleted;
}

std::optional<TypeId> TransactionImpl::deleted_type(RelId id) const {
  if (!deleted_here(id)) return std::nullopt;
  return write_->overlay.find(id)->type;
}

// ---- edges ---------------------------------------------------------------------------------------------------------

Result<void> TransactionImpl::expand(NodeId node, Direction direction, std::span<const TypeId> types, std::vector<Edge>& out) {
  PACKHOUSE_CHECK(reading());
  if (raw(node) >= first_virtual_id) return ok;
  const std::size_t first = out.size();
  Overlay* own = overlay();
  const OverlayNode* changed = own ? own->find(node) : nullptr;
  if (!changed || !changed->created()) PACKHOUSE_CHECK(adjacency::expand(*snapshot_, node, direction, types, out));
  if (!own || own->rels().empty()) return ok;
  if (own->removes_edges()) {
    out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
                             [&](const Edge& e) { return own->deleted(e.rel); }), out.end());
  }
  const std::size_t stored_end = out.size();
  own->append_edges(node, direction, types, out);
  if (out.size() > stored_end) sort_edges(out, first);
  return ok;
}

Result<void> TransactionImpl::expand_into(NodeId node, NodeId other, Direction direction, std::span<const TypeId> types,
                                          std::vector<Edge>& out) {
  PACKHOUSE_CHECK(reading());
  if (raw(node) >= first_virtual_id || raw(other) >= first_virtual_id) return ok;
  const std::size_t first = out.size();
  Overlay* own = overlay();
  const auto made_here = [&](NodeId id) {
    const OverlayNode* n = own ? own->find(id) : nullptr;
    return n && n->created();
  };
  if (!made_here(node) && !made_here(other)) {
    PACKHOUSE_CHECK(adjacency::expand_into(*snapshot_, node, other, direction, types, out));
  }
  if (!own || own->rels().empty()) return ok;
  if (own->removes_edges()) {
    out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
                             [&](const Edge& e) { return own->deleted(e.rel); }), out.end());
  }
  const std::size_t stored_end = out.size();
  own->append_edges_between(node, other, direction, types, out);
  if (out.size() > stored_end) sort_edges(out, first);
  return ok;
}

Result<std::uint64_t> TransactionImpl::degree(NodeId node, Direction direction, std::span<const TypeId> types) {
  PACKHOUSE_CHECK(reading());
  if (raw(node) >= first_virtual_id) return 0;
  Overlay* own = overlay();
  if (!own || own->rels().empty()) return adjacency::degree(*snapshot_, node, direction, types);
  std::vector<Edge> edges;
  if (own->removes_edges()) {
    PACKHOUSE_CHECK(expand(node, direction, types, edges));
    return edges.size();
  }
  own->append_edges(node, direction, types, edges);
  if (const OverlayNode* changed = own->find(node); changed && changed->created()) return edges.size();
  PACKHOUSE_TRY(const std::uint64_t before, adjacency::degree(*snapshot_, node, direction, types));
  return before + edges.size();
}

}  // namespace packhouse::storage
