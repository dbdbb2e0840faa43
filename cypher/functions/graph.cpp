#include <string>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/functions/families.hpp"

namespace packhouse::cypher {
namespace {

/// "4:<database uuid>:<id>" for nodes, "5:…" for relationships, as Neo4j forms them.
Value element_id(CallContext& c, std::span<const Value> a) {
  const bool node = a[0].is(Kind::node);
  if (!node && !a[0].is(Kind::relationship)) wrong_argument("elementId", "a Node or Relationship", a[0]);
  const std::uint64_t id = node ? raw(a[0].as_node()) : raw(a[0].as_relationship());
  return text(c.arena, (node ? "4:" : "5:") + std::string(c.exec.store.uuid()) + ":" + std::to_string(static_cast<std::int64_t>(id)));
}

Value id_of(CallContext&, std::span<const Value> a) {
  if (a[0].is(Kind::node)) return Value::integer(static_cast<std::int64_t>(raw(a[0].as_node())));
  if (a[0].is(Kind::relationship)) return Value::integer(static_cast<std::int64_t>(raw(a[0].as_relationship())));
  wrong_argument("id", "a Node or Relationship", a[0]);
}

Value labels_of(CallContext& c, std::span<const Value> a) {
  if (!a[0].is(Kind::node)) wrong_argument("labels", "a Node", a[0]);
  const auto node = node_view(c.exec, a[0].as_node());
  const auto out = c.arena.array<Value>(node.label_count());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = Value::string(c.exec.store.name(node.label(i)));
  return Value::list(out);
}

Value type_of(CallContext& c, std::span<const Value> a) {
  if (!a[0].is(Kind::relationship)) wrong_argument("type", "a Relationship", a[0]);
  const RelId id = a[0].as_relationship();
  if (const auto deleted = c.exec.tx.deleted_type(id)) return Value::string(c.exec.store.name(*deleted));
  return Value::string(c.exec.store.name(relationship_view(c.exec, id).type()));
}

Value end_of(CallContext& c, const Value& v, bool start) {
  if (!v.is(Kind::relationship)) wrong_argument(start ? "startNode" : "endNode", "a Relationship", v);
  const auto rel = relationship_view(c.exec, v.as_relationship());
  return Value::node(start ? rel.start() : rel.end());
}

Value keys_of(CallContext& c, std::span<const Value> a) {
  const auto names = [&](const auto& view) {
    const auto out = c.arena.array<Value>(view.property_count());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = Value::string(c.exec.store.name(view.property_key(i)));
    return Value::list(out);
  };
  if (a[0].is(Kind::node)) return names(node_view(c.exec, a[0].as_node()));
  if (a[0].is(Kind::relationship)) return names(relationship_view(c.exec, a[0].as_relationship()));
  if (!a[0].is(Kind::map)) wrong_argument("keys", "a Node, Relationship or Map", a[0]);
  const auto entries = a[0].as_map();
  const auto out = c.arena.array<Value>(entries.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = Value::string(entries[i].key);
  return Value::list(out);
}

Value nodes_of(CallContext& c, std::span<const Value> a) {
  if (!a[0].is(Kind::path)) wrong_argument("nodes", "a Path", a[0]);
  const auto ids = a[0].as_path().nodes;
  const auto out = c.arena.array<Value>(ids.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = Value::node(ids[i]);
  return Value::list(out);
}

Value relationships_of(CallContext& c, std::span<const Value> a) {
  if (!a[0].is(Kind::path)) wrong_argument("relationships", "a Path", a[0]);
  const auto ids = a[0].as_path().rels;
  const auto out = c.arena.array<Value>(ids.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = Value::relationship(ids[i]);
  return Value::list(out);
}

}  // namespace

void add_graph_functions(Functions& out) {
  const auto add = [&](std::string_view name, std::string_view display, std::string_view category, Type argument, Type result,
                       std::string_view description, Value (*call)(CallContext&, std::span<const Value>)) {
    out.push_back({.name = name, .display = display, .category = category, .description = description,
                   .arguments = {{"input", argument}}, .required = 1, .result = result, .call = call});
  };
  add("id", "id", "Scalar", Type::entity, Type::integer, "Returns the numeric id of a node or relationship.", id_of);
  out.back().deprecated = true;  // elementId
  add("elementid", "elementId", "Scalar", Type::entity, Type::string, "Returns the element id of a node or relationship.",
      element_id);
  add("labels", "labels", "List", Type::node, Type::list, "Returns the names of a node's labels.", labels_of);
  add("type", "type", "Scalar", Type::relationship, Type::string, "Returns the name of a relationship's type.", type_of);
  add("startnode", "startNode", "Scalar", Type::relationship, Type::node, "Returns the node where a relationship starts.",
      [](CallContext& c, std::span<const Value> a) { return end_of(c, a[0], true); });
  add("endnode", "endNode", "Scalar", Type::relationship, Type::node, "Returns the node where a relationship ends.",
      [](CallContext& c, std::span<const Value> a) { return end_of(c, a[0], false); });
  add("keys", "keys", "List", Type::entity | Type::map, Type::list,
      "Returns the property keys of a node or relationship, or the keys of a map.", keys_of);
  add("properties", "properties", "Scalar", Type::entity | Type::map, Type::map,
      "Returns all properties of a node or relationship as a map.",
      [](CallContext& c, std::span<const Value> a) { return properties_of(c.exec, a[0], c.arena); });
  add("nodes", "nodes", "List", Type::path, Type::list, "Returns the nodes of a path.", nodes_of);
  add("relationships", "relationships", "List", Type::path, Type::list, "Returns the relationships of a path.",
      relationships_of);
  add("length", "length", "Scalar", Type::path, Type::integer, "Returns the number of relationships of a path.",
      [](CallContext&, std::span<const Value> a) {
        if (!a[0].is(Kind::path)) wrong_argument("length", "a Path", a[0]);
        return Value::integer(static_cast<std::int64_t>(a[0].as_path().rels.size()));
      });
}

}  // namespace packhouse::cypher
