#include <algorithm>
#include <random>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/exec/property_writer.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/token_maker.hpp"
#include "cypher/functions/apoc/type_names.hpp"

// Functions that look at entities and at types: apoc.any, .node, .rel, .label, .meta.cypher, .create, .schema, .version.
namespace packhouse::cypher::apoc {

std::string_view meta_type(const Value& v) {
  switch (v.kind()) {
    case Kind::null: return "NULL";
    case Kind::boolean: return "BOOLEAN";
    case Kind::integer: return "INTEGER";
    case Kind::real: return "FLOAT";
    case Kind::string: return "STRING";
    case Kind::bytes:
    case Kind::vector:
    case Kind::list: return "LIST";
    case Kind::map: return "MAP";
    case Kind::node: return "NODE";
    case Kind::relationship: return "RELATIONSHIP";
    case Kind::path: return "PATH";
    case Kind::date: return "DATE";
    case Kind::local_time: return "LOCAL_TIME";
    case Kind::time: return "TIME";
    case Kind::local_datetime: return "LOCAL_DATE_TIME";
    case Kind::datetime: return "DATE_TIME";
    case Kind::duration: return "DURATION";
    case Kind::point: return "POINT";
  }
  return "ANY";
}

namespace {

using storage::Direction;

// ---- values and their types ---------------------------------------------------------------------------------------

/// "LIST OF INTEGER": what the first ten items are, or ANY.
std::string cypher_type(const Value& v) {
  if (!v.is(Kind::list)) return std::string(meta_type(v));
  std::string_view items;
  for (const Value& item : v.as_list().first(std::min<std::size_t>(10, v.as_list().size()))) {
    if (!items.empty() && items != meta_type(item)) return "LIST OF ANY";
    items = meta_type(item);
  }
  return "LIST OF " + std::string(items.empty() ? "ANY" : items);
}

Value type_name_of(CallContext& c, Arguments a) { return text(c.arena, cypher_type(a[0])); }

Value is_type(CallContext&, Arguments a) {
  const auto wanted = text_or("apoc.meta.cypher.isType", a, 1, "");
  const std::string type = cypher_type(a[0]);
  return Value::boolean(std::ranges::equal(type, wanted, [](char x, char y) { return x == (y >= 'a' && y <= 'z' ? y - 32 : y); }));
}

Value types_of(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value::map({});
  std::vector<MapEntry> out;
  for (const auto& [key, value] : properties_of(c.exec, a[0], c.arena).as_map()) out.push_back({key, text(c.arena, cypher_type(value))});
  return map_value(c, out);
}

Value any_property(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  const KeyName key(string_argument("apoc.any.property", a[1]));
  return a[0].is(Kind::map) || a[0].is(Kind::node) || a[0].is(Kind::relationship) ? member(c.exec, a[0], key, c.arena) : Value();
}

Value any_properties(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const Value all = properties_of(c.exec, a[0], c.arena);
  if (argument(a, 1).is_null()) return all;
  std::vector<MapEntry> out;
  for (const Value& key : list_argument("apoc.any.properties", a[1])) {
    if (const Value* v = key.is(Kind::string) ? find(all.as_map(), key.as_string()) : nullptr) out.push_back({key.as_string(), *v});
  }
  return map_value(c, out);
}

Value any_is_deleted(CallContext& c, Arguments a) {
  if (a[0].is(Kind::node)) return Value::boolean(!or_throw(c.exec.tx.node(a[0].as_node())));
  if (a[0].is(Kind::relationship)) return Value::boolean(!or_throw(c.exec.tx.relationship(a[0].as_relationship())));
  if (a[0].is_null()) return Value::boolean(true);
  wrong_argument("apoc.any.isDeleted", "a Node or Relationship", a[0]);
}

// ---- nodes and their relationships --------------------------------------------------------------------------------

/// "KNOWS>|<LIKES|ANY": types with directions; an empty text is everything.
struct TypeAndDirection {
  std::string name;  ///< empty: every type
  Direction direction = Direction::both;
};

std::vector<TypeAndDirection> parse_types(std::string_view pattern) {
  std::vector<TypeAndDirection> out;
  while (!pattern.empty()) {
    std::string_view one = pattern.substr(0, pattern.find('|'));
    pattern.remove_prefix(std::min(pattern.size(), one.size() + 1));
    TypeAndDirection t;
    const auto strip = [&](char sign, Direction d) {
      if (one.starts_with(sign) || one.ends_with(sign)) {
        t.direction = d;
        one = one.starts_with(sign) ? one.substr(1) : one.substr(0, one.size() - 1);
      }
    };
    strip('<', Direction::in);
    strip('>', Direction::out);
    t.name = one;
    out.push_back(std::move(t));
  }
  if (out.empty()) out.emplace_back();
  return out;
}

NodeId node_argument(std::string_view function, const Value& v) {
  if (!v.is(Kind::node)) wrong_argument(function, "a Node", v);
  return v.as_node();
}

std::uint64_t degree_of(CallContext& c, NodeId node, const std::vector<TypeAndDirection>& types, const Direction* only) {
  std::uint64_t sum = 0;
  for (const auto& t : types) {
    const Direction direction = only ? *only : t.direction;
    if (t.name.empty()) {
      sum += or_throw(c.exec.tx.degree(node, direction, {}));
    } else if (const auto type = c.exec.store.find_type(t.name)) {
      sum += or_throw(c.exec.tx.degree(node, direction, {&*type, 1}));
    }
  }
  return sum;
}

Value degree(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  return integer_value(degree_of(c, node_argument("apoc.node.degree", a[0]), parse_types(text_or("apoc.node.degree", a, 1, "")), nullptr));
}

template <Direction way>
Value degree_one_way(CallContext& c, Arguments a) {
  constexpr Direction direction = way;
  if (a[0].is_null()) return Value();
  return integer_value(degree_of(c, node_argument("apoc.node.degree", a[0]), parse_types(text_or("apoc.node.degree", a, 1, "")), &direction));
}

Value relationship_exists(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto types = parse_types(text_or("apoc.node.relationship.exists", a, 1, ""));
  return Value::boolean(degree_of(c, node_argument("apoc.node.relationship.exists", a[0]), types, nullptr) > 0);
}

Value relationships_exist(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const NodeId node = node_argument("apoc.node.relationships.exist", a[0]);
  std::string_view pattern = text_or("apoc.node.relationships.exist", a, 1, "");
  std::vector<MapEntry> out;
  while (!pattern.empty()) {
    const std::string_view one = pattern.substr(0, pattern.find('|'));
    pattern.remove_prefix(std::min(pattern.size(), one.size() + 1));
    out.push_back({one, Value::boolean(degree_of(c, node, parse_types(one), nullptr) > 0)});
  }
  return map_value(c, out);
}

Value relationship_types(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::vector<storage::Edge> edges;
  const NodeId node = node_argument("apoc.node.relationship.types", a[0]);
  const auto types = parse_types(text_or("apoc.node.relationship.types", a, 1, ""));
  or_throw(c.exec.tx.expand(node, Direction::both, {}, edges));
  std::vector<Value> out;
  std::vector<TypeId> seen;
  for (const auto& e : edges) {
    const auto name = c.exec.store.name(e.type);
    const bool wanted = std::ranges::any_of(types, [&](const TypeAndDirection& t) {
      const bool way = t.direction == Direction::both || (t.direction == Direction::out) == e.outgoing;
      return way && (t.name.empty() || t.name == name);
    });
    if (!wanted || std::ranges::find(seen, e.type) != seen.end()) continue;
    seen.push_back(e.type);
    out.push_back(Value::string(name));
  }
  return list_value(c, out);
}

Value nodes_connected(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  const NodeId from = node_argument("apoc.nodes.connected", a[0]), to = node_argument("apoc.nodes.connected", a[1]);
  std::vector<storage::Edge> edges;
  for (const auto& t : parse_types(text_or("apoc.nodes.connected", a, 2, ""))) {
    const auto type = c.exec.store.find_type(t.name);
    if (!t.name.empty() && !type) continue;
    or_throw(c.exec.tx.expand_into(from, to, t.direction, t.name.empty() ? std::span<const TypeId>() : std::span(&*type, 1), edges));
  }
  return Value::boolean(!edges.empty());
}

/// What the plain function of that name answers.
template <const char* name>
Value plain(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  static const Function* const f = FunctionRegistry::instance().find(name);
  return f->call(c, a);
}
constexpr char labels_name[] = "labels", id_name[] = "id", type_name_[] = "type", start_name[] = "startnode", end_name[] = "endnode",
               uuid_name[] = "randomuuid";

Value uuid(CallContext& c, Arguments a) {
  static const Function* const f = FunctionRegistry::instance().find(uuid_name);
  return f->call(c, a);
}

Value label_exists(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  const auto label = c.exec.store.find_label(string_argument("apoc.label.exists", a[1]));
  return Value::boolean(label && node_view(c.exec, node_argument("apoc.label.exists", a[0])).has_label(*label));
}

// ---- virtual entities ---------------------------------------------------------------------------------------------

PropertyList properties(CallContext& c, std::string_view function, const Value& map) {
  PropertyList out;
  for (const auto& [key, value] : map_or_empty(function, map)) {
    check_storable(value);
    if (!value.is_null()) out.emplace_back(TokenMaker(c.exec).key(key), value);
  }
  return out;
}

Value virtual_node(CallContext& c, Arguments a) {
  std::vector<LabelId> labels;
  for (const Value& v : list_or_empty("apoc.create.vNode", a[0])) {
    labels.push_back(TokenMaker(c.exec).label(string_argument("apoc.create.vNode", v)));
  }
  return Value::node(or_throw(c.exec.tx.virtual_node(labels, properties(c, "apoc.create.vNode", argument(a, 1)))));
}

Value virtual_relationship(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.create.vRelationship";
  const NodeId from = node_argument(name, a[0]), to = node_argument(name, a[3]);
  const TypeId type = TokenMaker(c.exec).type(string_argument(name, a[1]));
  return Value::relationship(or_throw(c.exec.tx.virtual_relationship(from, to, type, properties(c, name, a[2]))));
}

// ---- schema -------------------------------------------------------------------------------------------------------

template <storage::EntityType entity, bool constraint>
Value rule_exists(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.schema";
  const auto token = [&]() -> std::optional<std::uint32_t> {
    if constexpr (entity == storage::EntityType::node) {
      const auto id = c.exec.store.find_label(string_argument(name, a[0]));
      return id ? std::optional(raw(*id)) : std::nullopt;
    } else {
      const auto id = c.exec.store.find_type(string_argument(name, a[0]));
      return id ? std::optional(raw(*id)) : std::nullopt;
    }
  }();
  std::vector<KeyId> keys;
  for (const Value& v : list_argument(name, a[1])) {
    const auto key = c.exec.store.find_key(string_argument(name, v));
    if (!key) return Value::boolean(false);
    keys.push_back(*key);
  }
  if (!token) return Value::boolean(false);
  const auto same = [&](const auto& d) { return d.entity == entity && d.token == *token && d.keys == keys; };
  const storage::Schema& schema = c.exec.tx.schema();
  if constexpr (constraint) return Value::boolean(std::ranges::any_of(schema.constraints, same));
  return Value::boolean(std::ranges::any_of(schema.indexes, same));
}

}  // namespace

void add_entity_functions(Functions& out) {
  FunctionFamily f(out, "apoc.");
  const Argument value{"value", Type::any}, node{"node", Type::node}, rel{"rel", Type::relationship}, types{"types", Type::string};
  const Type map_or_entity = Type::map | Type::entity;
  f.add("version", {}, 0, Type::string, "Returns the APOC version whose functions and procedures these are like.",
        [](CallContext&, Arguments) { return Value::string(version); });
  f.add("meta.cypher.type", {value}, 1, Type::string, "Returns the name of a value's type.", type_name_of);
  f.add("meta.cypher.isType", {value, {"type", Type::string}}, 2, Type::boolean, "Tells whether a value has a type.", is_type);
  f.add("meta.cypher.types", {{"props", map_or_entity}}, 1, Type::map, "Returns the names of the types of all properties.", types_of)
      .reads_graph = true;
  f.add("any.property", {{"object", Type::any}, {"key", Type::string}}, 2, Type::any, "Returns a property of an entity or map.",
        any_property)
      .reads_graph = true;
  f.add("any.properties", {{"object", map_or_entity}, {"keys", Type::list}}, 1, Type::map,
        "Returns the properties of an entity or map, all or those that are named.", any_properties)
      .reads_graph = true;
  f.add("any.isDeleted", {{"object", Type::entity}}, 1, Type::boolean, "Tells whether an entity was deleted.", any_is_deleted)
      .reads_graph = true;
  const auto on_node = [&](std::string_view name, std::vector<Argument> arguments, Type result, std::string_view description,
                           FunctionFamily::Call call) {
    f.add(name, std::move(arguments), 1, result, description, call).reads_graph = true;
  };
  on_node("node.degree", {node, types}, Type::integer, "Counts the relationships of a node.", degree);
  on_node("node.degree.in", {node, types}, Type::integer, "Counts the relationships that reach a node.", degree_one_way<Direction::in>);
  on_node("node.degree.out", {node, types}, Type::integer, "Counts the relationships that leave a node.", degree_one_way<Direction::out>);
  on_node("node.relationship.exists", {node, types}, Type::boolean, "Tells whether a node has a relationship.", relationship_exists);
  on_node("node.relationships.exist", {node, types}, Type::map, "Tells which relationships a node has.", relationships_exist);
  on_node("node.relationship.types", {node, types}, Type::list, "Lists the types of a node's relationships.", relationship_types);
  on_node("node.labels", {node}, Type::list, "Returns the labels of a node.", plain<labels_name>);
  on_node("node.id", {node}, Type::integer, "Returns the id of a node.", plain<id_name>);
  on_node("rel.id", {rel}, Type::integer, "Returns the id of a relationship.", plain<id_name>);
  on_node("rel.type", {rel}, Type::string, "Returns the type of a relationship.", plain<type_name_>);
  on_node("rel.startNode", {rel}, Type::node, "Returns the start of a relationship.", plain<start_name>);
  on_node("rel.endNode", {rel}, Type::node, "Returns the end of a relationship.", plain<end_name>);
  f.add("nodes.connected", {{"start", Type::node}, {"end", Type::node}, types}, 2, Type::boolean,
        "Tells whether two nodes have a relationship.", nodes_connected)
      .reads_graph = true;
  f.add("label.exists", {node, {"label", Type::string}}, 2, Type::boolean, "Tells whether a node has a label.", label_exists)
      .reads_graph = true;
  f.add("create.uuid", {}, 0, Type::string, "Generates a random UUID.", uuid).deterministic = false;
  f.add("create.vNode", {{"label", Type::list}, {"props", Type::map}}, 1, Type::node, "Makes a virtual node, which only the result has.",
        virtual_node)
      .deterministic = false;
  f.add("create.vRelationship", {{"from", Type::node}, {"relType", Type::string}, {"props", Type::map}, {"to", Type::node}}, 4,
        Type::relationship, "Makes a virtual relationship, which only the result has.", virtual_relationship)
      .deterministic = false;
  const std::vector<Argument> label_and_keys{{"labelName", Type::string}, {"propertyName", Type::list}},
      type_and_keys{{"type", Type::string}, {"propertyName", Type::list}};
  using storage::EntityType;
  f.add("schema.node.indexExists", label_and_keys, 2, Type::boolean, "Tells whether there is an index.", rule_exists<EntityType::node, false>);
  f.add("schema.node.constraintExists", label_and_keys, 2, Type::boolean, "Tells whether there is a constraint.",
        rule_exists<EntityType::node, true>);
  f.add("schema.relationship.indexExists", type_and_keys, 2, Type::boolean, "Tells whether there is an index.",
        rule_exists<EntityType::relationship, false>);
  f.add("schema.relationship.constraintExists", type_and_keys, 2, Type::boolean, "Tells whether there is a constraint.",
        rule_exists<EntityType::relationship, true>);
}

}  // namespace packhouse::cypher::apoc
