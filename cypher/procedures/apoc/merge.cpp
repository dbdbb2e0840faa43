#include <algorithm>
#include <array>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/exec/merge_lock.hpp"
#include "cypher/procedures/apoc/written.hpp"
#include "value/compare.hpp"

// apoc.merge.*: MERGE with computed labels and types.
namespace packhouse::cypher::apoc {
namespace {

template <class View>
bool has_all(const View& view, const PropertyList& wanted, Arena& scratch) {
  return std::ranges::all_of(wanted, [&](const auto& p) {
    return equals(or_throw(view.property(p.first, scratch)), p.second) == Ternary::true_;
  });
}

/// An index over some of the wanted properties of one of the labels, the one with the most columns; null: none.
const storage::Index* best_index(ExecContext& c, std::span<const LabelId> labels, const PropertyList& wanted) {
  const storage::Index* best = nullptr;
  for (const auto& index : c.tx.schema().indexes) {
    if (index.type != storage::IndexType::range || index.entity != storage::EntityType::node) continue;
    if (index.state != storage::IndexState::online) continue;
    if (std::ranges::find(labels, LabelId{index.token}) == labels.end()) continue;
    const bool covered = std::ranges::all_of(index.keys, [&](KeyId k) {
      return std::ranges::any_of(wanted, [&](const auto& p) { return p.first == k; });
    });
    if (covered && (!best || index.keys.size() > best->keys.size())) best = &index;
  }
  return best;
}

storage::NodeCursor candidates(ExecContext& c, std::span<const LabelId> labels, const PropertyList& wanted) {
  if (const storage::Index* index = best_index(c, labels, wanted)) {
    storage::IndexRange range;
    for (const KeyId key : index->keys) {
      range.prefix.push_back(std::ranges::find_if(wanted, [&](const auto& p) { return p.first == key; })->second);
    }
    return or_throw(c.tx.index_seek(index->id, range));
  }
  if (labels.empty()) return or_throw(c.tx.scan_nodes());
  const LabelId rarest = *std::ranges::min_element(labels, {}, [&](LabelId l) { return c.tx.node_count(l); });
  return or_throw(c.tx.scan_label(rarest));
}

std::vector<NodeId> matching_nodes(ExecContext& c, std::span<const LabelId> labels, const PropertyList& wanted) {
  std::vector<NodeId> found;
  const auto cursor = candidates(c, labels, wanted);
  std::array<NodeId, 256> ids;
  Arena scratch;
  while (const std::size_t n = or_throw(cursor->next(ids))) {
    c.check();
    for (std::size_t i = 0; i < n; ++i) {
      const auto view = or_throw(c.tx.node(ids[i]));
      ++c.db_hits;
      if (!view || !std::ranges::all_of(labels, [&](LabelId l) { return view->has_label(l); })) continue;
      if (has_all(*view, wanted, scratch)) found.push_back(ids[i]);
    }
    scratch.reset();
  }
  return found;
}

/// What identifies the entity, checked as MERGE does.
PropertyList identity(ExecContext& c, std::span<const MapEntry> map, std::string_view what, Arena& arena) {
  for (const auto& [key, value] : map) {
    if (!value.is_null()) continue;
    throw QueryError(Status::semantic_error, "Cannot merge the following " + std::string(what) +
                                                 " because of null property value for '" + std::string(key) + "'");
  }
  return properties_to_write(c, map, arena);
}

/// The identifying properties with those of a creation; the latter win.
PropertyList with_properties(PropertyList base, const PropertyList& more) {
  for (const auto& p : more) {
    std::erase_if(base, [&](const auto& old) { return old.first == p.first; });
    if (!p.second.is_null()) base.push_back(p);
  }
  return base;
}

Rows node(ExecContext& c, const Call& call) {
  const auto labels = labels_to_write(c, call, 0);
  const auto given = call.map(1, "identProps");
  if (given.empty()) call.refuse("you need to supply at least one identifying property for a merge");
  Arena arena;
  const PropertyList wanted = identity(c, given, "node", arena);
  const PropertyList on_create = properties_to_write(c, call.map(2, "onCreateProps"), arena);
  const PropertyList on_match = properties_to_write(c, call.map(3, "onMatchProps"), arena);
  auto table = std::make_unique<Table>(1);
  const auto found = matching_nodes(c, labels, wanted);
  for (const NodeId id : found) {
    add_properties(c, Value::node(id), on_match);
    table->add({Value::node(id)});
  }
  if (!found.empty()) return table;
  std::vector<Value> scratch;
  lock_constrained(c, labels, wanted, scratch);
  table->add({Value::node(or_throw(c.tx.create_node(labels, with_properties(wanted, on_create))))});
  return table;
}

Rows relationship(ExecContext& c, const Call& call) {
  const auto end = [&](std::size_t i, std::string_view which) {
    if (!call[i].is(Kind::node)) call.refuse("the " + std::string(which) + " node of the relationship is missing");
    return call[i].as_node();
  };
  const NodeId from = end(0, "start"), to = end(4, "end");
  const TypeId type = type_to_write(c, call, 1);
  Arena arena;
  const PropertyList wanted = identity(c, call.map(2, "identProps"), "relationship", arena);
  const PropertyList on_create = properties_to_write(c, call.map(3, "onCreateProps"), arena);
  const PropertyList on_match = properties_to_write(c, call.map(5, "onMatchProps"), arena);
  std::vector<storage::Edge> edges;
  or_throw(c.tx.expand_into(from, to, storage::Direction::out, {&type, 1}, edges));
  auto table = std::make_unique<Table>(1);
  std::vector<RelId> found;
  for (const auto& e : edges) {
    ++c.db_hits;
    if (wanted.empty() || has_all(relationship_view(c, e.rel), wanted, arena)) found.push_back(e.rel);
  }
  for (const RelId id : found) {
    add_properties(c, Value::relationship(id), on_match);
    table->add({Value::relationship(id)});
  }
  if (found.empty()) {
    table->add({Value::relationship(or_throw(c.tx.create_relationship(from, to, type, with_properties(wanted, on_create))))});
  }
  return table;
}

}  // namespace

void add_merge(ProcedureRegistry& registry) {
  Family family(registry);
  const ProcedureArgument ident{"identProps", Type::map}, on_create{"onCreateProps", Type::map};
  for (const std::string eager : {"", ".eager"}) {
    family.add("apoc.merge.node" + eager, "Finds the nodes with computed labels and identifying properties, or makes one.",
               ProcedureMode::write, {{"label", Type::list}, ident, optional_map("onCreateProps"), optional_map("onMatchProps")},
               {{"node", Type::node}}, node);
    family.add("apoc.merge.relationship" + eager, "Finds the relationships of a computed type between two nodes, or makes one.",
               ProcedureMode::write,
               {{"startNode", Type::node}, {"relType", Type::string}, ident, on_create, {"endNode", Type::node},
                optional_map("onMatchProps")},
               {{"rel", Type::relationship}}, relationship);
  }
}

}  // namespace packhouse::cypher::apoc
