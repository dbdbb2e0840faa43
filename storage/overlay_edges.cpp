#include "storage/overlay.hpp"

// A transaction's own new relationships, as their ends see them: lists through the relationships, linked when
// somebody first asks, so that a pure load never pays for them.
namespace packhouse::storage {
namespace {

bool wanted(std::span<const TypeId> types, TypeId type) {
  return types.empty() || std::ranges::find(types, type) != types.end();
}

}  // namespace

void Overlay::link() {
  for (OverlayRel* rel : links_) {
    Adjacent& from = adjacent_[raw(rel->start)];
    rel->next_out = from.out;
    from.out = rel;
    ++from.out_count;
    Adjacent& to = adjacent_[raw(rel->end)];
    rel->next_in = to.in;
    to.in = rel;
    ++to.in_count;
  }
  links_.clear();
}

void Overlay::append_edges(NodeId node, Direction direction, std::span<const TypeId> types, std::vector<Edge>& out) {
  link();
  const auto it = adjacent_.find(raw(node));
  if (it == adjacent_.end()) return;
  if (direction != Direction::in) {
    for (const OverlayRel* r = it->second.out; r; r = r->next_out) {
      if (r->exists() && wanted(types, r->type)) out.push_back({r->id, r->end, r->type, true});
    }
  }
  if (direction == Direction::out) return;
  for (const OverlayRel* r = it->second.in; r; r = r->next_in) {
    if (!r->exists() || !wanted(types, r->type)) continue;
    if (direction == Direction::both && r->start == node) continue;  // the loop is there already
    out.push_back({r->id, r->start, r->type, false});
  }
}

void Overlay::append_edges_between(NodeId node, NodeId other, Direction direction, std::span<const TypeId> types,
                                   std::vector<Edge>& out) {
  link();
  const auto here = adjacent_.find(raw(node)), there = adjacent_.find(raw(other));
  if (here == adjacent_.end() || there == adjacent_.end()) return;
  // Each relationship between the two is in a list of either: walk the shorter one.
  const auto walk = [&](bool outgoing) {
    const Adjacent& from = outgoing ? here->second : there->second;
    const Adjacent& to = outgoing ? there->second : here->second;
    const NodeId start = outgoing ? node : other, end = outgoing ? other : node;
    const bool by_start = from.out_count <= to.in_count;
    for (const OverlayRel* r = by_start ? from.out : to.in; r; r = by_start ? r->next_out : r->next_in) {
      if (r->start == start && r->end == end && r->exists() && wanted(types, r->type)) {
        out.push_back({r->id, other, r->type, outgoing});
      }
    }
  };
  if (direction != Direction::in) walk(true);
  if (direction == Direction::in || (direction == Direction::both && node != other)) walk(false);
}

}  // namespace packhouse::storage
