#include <algorithm>
#include <charconv>

#include "codec/json/reader.hpp"
#include "codec/json/writer.hpp"
#include "cypher/exec/expressions/entity.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/value_set.hpp"
#include "value/temporal/api.hpp"
#include "value/write.hpp"

// apoc.convert.*
namespace packhouse::cypher::apoc {

namespace {

/// A value as JSON has it: entities as maps, temporal values and points as APOC writes them.
Value plain(CallContext& c, const Value& v, int depth);

Value plain_map(CallContext& c, std::span<const MapEntry> map, int depth) {
  std::vector<MapEntry> out;
  for (const auto& [key, value] : map) out.push_back({key, plain(c, value, depth + 1)});
  return map_value(c, out);
}

Value labels_of(CallContext& c, const storage::NodeView& node) {
  std::vector<Value> out;
  for (std::size_t i = 0; i < node.label_count(); ++i) out.push_back(Value::string(c.exec.store.name(node.label(i))));
  return list_value(c, out);
}

Value id_text(CallContext& c, std::uint64_t id) { return text(c.arena, std::to_string(static_cast<std::int64_t>(id))); }

Value plain_node(CallContext& c, NodeId id, bool as_end) {
  const auto view = node_view(c.exec, id);
  std::vector<MapEntry> out{{"id", id_text(c, raw(id))}};
  if (!as_end) out.push_back({"type", Value::string("node")});
  if (view.label_count() > 0) out.push_back({"labels", labels_of(c, view)});
  const Value properties = properties_of(c.exec, Value::node(id), c.arena);
  if (!properties.as_map().empty()) out.push_back({"properties", plain_map(c, properties.as_map(), 1)});
  return map_value(c, out);
}

Value plain_relationship(CallContext& c, RelId id) {
  const auto view = relationship_view(c.exec, id);
  std::vector<MapEntry> out{{"id", id_text(c, raw(id))},
                            {"type", Value::string("relationship")},
                            {"label", Value::string(c.exec.store.name(view.type()))},
                            {"start", plain_node(c, view.start(), true)},
                            {"end", plain_node(c, view.end(), true)}};
  const Value properties = properties_of(c.exec, Value::relationship(id), c.arena);
  if (!properties.as_map().empty()) out.push_back({"properties", plain_map(c, properties.as_map(), 1)});
  return map_value(c, out);
}

Value plain_path(CallContext& c, const PathValue& p) {
  std::vector<Value> out;
  for (std::size_t i = 0; i < p.nodes.size(); ++i) {
    out.push_back(plain_node(c, p.nodes[i], false));
    if (i < p.rels.size()) out.push_back(plain_relationship(c, p.rels[i]));
  }
  return list_value(c, out);
}

Value plain_point(CallContext& c, const Point& p) {
  std::vector<MapEntry> out{{"crs", Value::string(crs_name(p.crs))}};
  const bool wgs = p.crs == Crs::wgs84_2d || p.crs == Crs::wgs84_3d;
  out.push_back({wgs ? "latitude" : "x", Value::real(wgs ? p.y : p.x)});
  out.push_back({wgs ? "longitude" : "y", Value::real(wgs ? p.x : p.y)});
  out.push_back({wgs ? "height" : "z", p.three_d() ? Value::real(p.z) : Value()});
  return map_value(c, out);
}

Value plain(CallContext& c, const Value& v, int depth) {
  enter(c, "apoc.convert.toJson", depth);
  switch (v.kind()) {
    case Kind::list: {
      std::vector<Value> out;
      for (const Value& item : v.as_list()) out.push_back(plain(c, item, depth + 1));
      return list_value(c, out);
    }
    case Kind::map: return plain_map(c, v.as_map(), depth);
    case Kind::node: return plain_node(c, v.as_node(), false);
    case Kind::relationship: return plain_relationship(c, v.as_relationship());
    case Kind::path: return plain_path(c, v.as_path());
    case Kind::point: return plain_point(c, v.as_point());
    case Kind::bytes: {
      std::vector<Value> out;
      for (const std::byte b : v.as_bytes()) out.push_back(Value::integer(static_cast<std::int8_t>(b)));
      return list_value(c, out);
    }
    case Kind::date:
    case Kind::local_time:
    case Kind::time:
    case Kind::local_datetime:
    case Kind::datetime:
    case Kind::duration: return text(c.arena, temporal_to_text(v));
    default: return v;
  }
}

Value json_text(CallContext& c, const Value& v) {
  Buffer out;
  codec::json::Writer writer(out);
  or_throw(write(v, writer, most_depth + 10));
  return text(c.arena, as_text(out));
}

Value to_json(CallContext& c, Arguments a) { return json_text(c, plain(c, a[0], 0)); }

Value to_sorted_json_map(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.convert.toSortedJsonMap";
  if (a[0].is_null()) return Value();
  const bool ignore_case = flag_or(name, a, 1, true);
  Value map = a[0].is(Kind::string) ? or_throw(codec::json::read_value(as_bytes(a[0].as_string()), c.arena, {.typed = false}))
                                    : properties_of(c.exec, a[0], c.arena);
  if (!map.is(Kind::map)) wrong_argument(name, "a Map, or a Node", map);
  std::vector<MapEntry> entries(map.as_map().begin(), map.as_map().end());
  const auto sort_key = [&](const MapEntry& e) {
    std::string key(e.key);
    if (ignore_case) std::ranges::transform(key, key.begin(), [](char x) { return x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x; });
    return key;
  };
  std::ranges::stable_sort(entries, {}, sort_key);
  return json_text(c, plain(c, map_value(c, entries), 0));
}

// ---- reading JSON -------------------------------------------------------------------------------------------------

/// The part of a JSON value that a path leads to: $, .name, ['name'], [0] one after the other.
Value follow(std::string_view function, Value v, std::string_view path) {
  const std::string_view whole = path;
  const auto bad = [&]() {
    function_failed(function, "the JSON path '" + std::string(whole) + "' is not supported: only $, .name, ['name'] and [n] are");
  };
  if (path.starts_with('$')) path.remove_prefix(1);
  while (!path.empty()) {
    std::string_view name;
    std::size_t index = 0;
    bool by_index = false;
    if (path.starts_with("['")) {
      const std::size_t end = path.find("']");
      if (end == std::string_view::npos) bad();
      name = path.substr(2, end - 2);
      path.remove_prefix(end + 2);
    } else if (path.starts_with('[')) {
      const std::size_t end = path.find(']');
      if (end == std::string_view::npos) bad();
      const auto digits = path.substr(1, end - 1);
      const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
      if (digits.empty() || error != std::errc() || stop != digits.data() + digits.size()) bad();
      by_index = true;
      path.remove_prefix(end + 1);
    } else {
      if (path.starts_with('.')) path.remove_prefix(1);
      name = path.substr(0, path.find_first_of(".["));
      if (name.empty() || name.find_first_of("*?@()") != std::string_view::npos) bad();
      path.remove_prefix(name.size());
    }
    if (by_index) {
      v = v.is(Kind::list) && index < v.as_list().size() ? v.as_list()[index] : Value();
    } else {
      const Value* found = v.is(Kind::map) ? find(v.as_map(), name) : nullptr;
      v = found ? *found : Value();
    }
  }
  return v;
}

Value read_json(CallContext& c, std::string_view function, const Value& given, std::string_view path) {
  auto read = codec::json::read_value(as_bytes(string_argument(function, given)), c.arena, {.typed = false});
  if (!read) function_failed(function, "can't convert the text to JSON: " + read.error().message());
  return follow(function, *read, path);
}

Value checked_kind(std::string_view function, const Value& v, Kind kind) {
  if (!v.is_null() && !v.is(kind))
    function_failed(function, "expected JSON that is a " + std::string(type_name(kind)) + ", found a " + std::string(type_name(v.kind())));
  return v;
}

Value from_json_map(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.convert.fromJsonMap";
  return a[0].is_null() ? Value() : checked_kind(name, read_json(c, name, a[0], text_or(name, a, 1, "")), Kind::map);
}

Value from_json_list(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.convert.fromJsonList";
  return a[0].is_null() ? Value() : checked_kind(name, read_json(c, name, a[0], text_or(name, a, 1, "")), Kind::list);
}

template <bool map>
Value json_property(CallContext& c, Arguments a) {
  constexpr std::string_view name = map ? "apoc.convert.getJsonPropertyMap" : "apoc.convert.getJsonProperty";
  if (a[0].is_null() || a[1].is_null()) return Value();
  const Value v = member(c.exec, a[0], KeyName(string_argument(name, a[1])), c.arena);
  if (v.is_null()) return Value();
  const Value read = read_json(c, name, v, text_or(name, a, 2, ""));
  return map ? checked_kind(name, read, Kind::map) : read;
}

// ---- kinds --------------------------------------------------------------------------------------------------------

Value to_map(CallContext& c, Arguments a) {
  if (!a[0].is(Kind::map) && !a[0].is(Kind::node) && !a[0].is(Kind::relationship)) return Value();
  return properties_of(c.exec, a[0], c.arena);
}

Value to_list(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[0].is(Kind::list)) return a[0];
  if (a[0].is(Kind::bytes)) return plain(c, a[0], 0);
  if (a[0].is(Kind::path)) {
    std::vector<Value> out;
    const PathValue& p = a[0].as_path();
    for (std::size_t i = 0; i < p.nodes.size(); ++i) {
      out.push_back(Value::node(p.nodes[i]));
      if (i < p.rels.size()) out.push_back(Value::relationship(p.rels[i]));
    }
    return list_value(c, out);
  }
  return list_value(c, a.first(1));
}

Value to_set(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const Value list = to_list(c, a);
  ValueSet set(c.exec);
  for (const Value& v : list.as_list()) set.add(v);
  return deep_copy(Value::list(set.values()), c.arena);
}

Value to_string(CallContext& c, Arguments a) { return a[0].is_null() ? Value() : text(c.arena, text_of(a[0])); }

/// What the plain function of that name answers for each kind of value; null for what it can't convert.
template <const char* name>
Value converted(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  static const Function* const f = FunctionRegistry::instance().find(name);
  return f->call(c, a);
}

template <const char* name>
Value converted_items(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::vector<Value> out;
  const Value list = to_list(c, a);
  for (const Value& v : list.as_list()) out.push_back(converted<name>(c, {&v, 1}));
  return list_value(c, out);
}

template <Kind kind>
Value only(CallContext&, Arguments a) {
  return a[0].is(kind) ? a[0] : Value();
}

template <Kind kind>
Value only_list(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::vector<Value> out;
  const Value list = to_list(c, a);
  for (const Value& v : list.as_list()) {
    if (v.is(kind)) out.push_back(v);
  }
  return list_value(c, out);
}

constexpr char integer_name[] = "tointegerornull", float_name[] = "tofloatornull", boolean_name[] = "tobooleanornull",
               string_name[] = "tostringornull";

}  // namespace

void add_convert_functions(Functions& out) {
  FunctionFamily f(out, "apoc.convert.");
  const Argument value{"value", Type::any}, path{"path", Type::string}, key{"key", Type::string}, list{"list", Type::any},
      any_text{"text", Type::string};
  f.add("toJson", {value}, 1, Type::string, "Writes a value as JSON; nodes and relationships as maps.", to_json).reads_graph = true;
  f.add("toSortedJsonMap", {value, {"ignoreCase", Type::boolean}}, 1, Type::string, "Writes a map as JSON, by key.", to_sorted_json_map)
      .reads_graph = true;
  f.add("fromJsonMap", {any_text, path}, 1, Type::map, "Reads a JSON object.", from_json_map);
  f.add("fromJsonList", {any_text, path}, 1, Type::list, "Reads a JSON array.", from_json_list);
  f.add("getJsonProperty", {{"node", Type::node}, key, path}, 2, Type::any, "Reads the JSON of a property.", json_property<false>)
      .reads_graph = true;
  f.add("getJsonPropertyMap", {{"node", Type::node}, key, path}, 2, Type::map, "Reads the JSON object of a property.", json_property<true>)
      .reads_graph = true;
  f.add("toMap", {{"map", Type::any}}, 1, Type::map, "Returns the map, or the properties of the entity.", to_map).reads_graph = true;
  f.add("toList", {value}, 1, Type::list, "Returns the list, or a list of the value.", to_list);
  f.add("toSet", {value}, 1, Type::list, "Returns the distinct items of a list.", to_set);
  f.add("toString", {value}, 1, Type::string, "Returns the value as text.", to_string);
  f.add("toInteger", {value}, 1, Type::integer, "Returns the value as an integer, or null.", converted<integer_name>);
  f.add("toFloat", {value}, 1, Type::floating, "Returns the value as a float, or null.", converted<float_name>);
  f.add("toBoolean", {value}, 1, Type::boolean, "Returns the value as a boolean, or null.", converted<boolean_name>);
  f.add("toStringList", {list}, 1, Type::list, "Returns the items as texts.", converted_items<string_name>);
  f.add("toIntList", {list}, 1, Type::list, "Returns the items as integers.", converted_items<integer_name>);
  f.add("toFloatList", {list}, 1, Type::list, "Returns the items as floats.", converted_items<float_name>);
  f.add("toBooleanList", {list}, 1, Type::list, "Returns the items as booleans.", converted_items<boolean_name>);
  f.add("toNode", {value}, 1, Type::node, "Returns the value if it is a node.", only<Kind::node>);
  f.add("toRelationship", {value}, 1, Type::relationship, "Returns the value if it is a relationship.", only<Kind::relationship>);
  f.add("toNodeList", {list}, 1, Type::list, "Returns the nodes of a list.", only_list<Kind::node>);
  f.add("toRelationshipList", {list}, 1, Type::list, "Returns the relationships of a list.", only_list<Kind::relationship>);
}

}  // namespace packhouse::cypher::apoc
