#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/entry_list.hpp"
#include "cypher/functions/apoc/value_set.hpp"

// apoc.map.*
namespace packhouse::cypher::apoc {
namespace {

using Entries = std::vector<MapEntry>;

std::string_view key_text(CallContext& c, const Value& v) { return v.is(Kind::string) ? v.as_string() : c.arena.copy(text_of(v)); }

void set_pair(CallContext& c, EntryList& to, const Value& key, const Value& value) {
  if (!key.is_null()) to.set(key_text(c, key), value);
}

void set_pairs(CallContext& c, std::string_view function, EntryList& to, const Value& pairs) {
  for (const Value& pair : list_or_empty(function, pairs)) {
    if (pair.is_null()) continue;
    const auto both = list_argument(function, pair);
    if (both.size() != 2) function_failed(function, "a pair must have two items, but one has " + std::to_string(both.size()));
    set_pair(c, to, both[0], both[1]);
  }
}

void set_lists(CallContext& c, std::string_view function, EntryList& to, const Value& keys, const Value& values) {
  const auto k = list_or_empty(function, keys), v = list_or_empty(function, values);
  if (k.size() != v.size())
    function_failed(function, "there are " + std::to_string(k.size()) + " keys but " + std::to_string(v.size()) + " values");
  for (std::size_t i = 0; i < k.size(); ++i) set_pair(c, to, k[i], v[i]);
}

void set_alternating(CallContext& c, std::string_view function, EntryList& to, const Value& values) {
  const auto v = list_or_empty(function, values);
  if (v.size() % 2 != 0) function_failed(function, "keys and values must alternate, but one value is missing");
  for (std::size_t i = 0; i < v.size(); i += 2) set_pair(c, to, v[i], v[i + 1]);
}

Value from_pairs(CallContext& c, Arguments a) {
  EntryList out;
  set_pairs(c, "apoc.map.fromPairs", out, a[0]);
  return out.value(c);
}

Value from_lists(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  EntryList out;
  set_lists(c, "apoc.map.fromLists", out, a[0], a[1]);
  return out.value(c);
}

Value from_values(CallContext& c, Arguments a) {
  EntryList out;
  set_alternating(c, "apoc.map.fromValues", out, a[0]);
  return out.value(c);
}

Value merge(CallContext& c, Arguments a) {
  EntryList out(map_or_empty("apoc.map.merge", a[0]));
  out.add(map_or_empty("apoc.map.merge", a[1]));
  return out.value(c);
}

Value merge_list(CallContext& c, Arguments a) {
  EntryList out;
  for (const Value& m : list_or_empty("apoc.map.mergeList", a[0])) out.add(map_or_empty("apoc.map.mergeList", m));
  return out.value(c);
}

Value set_key(CallContext& c, Arguments a) {
  EntryList out(map_or_empty("apoc.map.setKey", a[0]));
  out.set(string_argument("apoc.map.setKey", a[1]), a[2]);
  return out.value(c);
}

Value set_pairs_in(CallContext& c, Arguments a) {
  EntryList out(map_or_empty("apoc.map.setPairs", a[0]));
  set_pairs(c, "apoc.map.setPairs", out, a[1]);
  return out.value(c);
}

Value set_lists_in(CallContext& c, Arguments a) {
  EntryList out(map_or_empty("apoc.map.setLists", a[0]));
  set_lists(c, "apoc.map.setLists", out, a[1], a[2]);
  return out.value(c);
}

Value set_values_in(CallContext& c, Arguments a) {
  EntryList out(map_or_empty("apoc.map.setValues", a[0]));
  set_alternating(c, "apoc.map.setValues", out, a[1]);
  return out.value(c);
}

// ---- leaving out --------------------------------------------------------------------------------------------------

using Drop = std::function<bool(const MapEntry&)>;

Value without(CallContext& c, std::span<const MapEntry> map, const Drop& drop, bool recursive, int depth = 0);

Value without_inside(CallContext& c, const Value& v, const Drop& drop, int depth) {
  enter(c, "apoc.map.removeKeys", depth);
  if (v.is(Kind::map)) return without(c, v.as_map(), drop, true, depth);
  if (!v.is(Kind::list)) return v;
  std::vector<Value> items;
  for (const Value& item : v.as_list()) items.push_back(without_inside(c, item, drop, depth + 1));
  return list_value(c, items);
}

Value without(CallContext& c, std::span<const MapEntry> map, const Drop& drop, bool recursive, int depth) {
  Entries out;
  for (const MapEntry& e : map) {
    if (drop(e)) continue;
    const Value kept = recursive ? without_inside(c, e.value, drop, depth + 1) : e.value;
    const bool emptied = recursive && ((kept.is(Kind::map) && kept.as_map().empty() && !e.value.as_map().empty()) ||
                                       (kept.is(Kind::list) && kept.as_list().empty() && !e.value.as_list().empty()));
    if (!emptied) out.push_back({e.key, kept});
  }
  return map_value(c, out);
}

bool recursive_option(std::string_view function, Arguments a, std::size_t i) {
  bool recursive = false;
  for (const auto& [key, value] : map_or_empty(function, argument(a, i))) {
    if (key != "recursive" || !value.is(Kind::boolean)) function_failed(function, "the config may only have 'recursive', a BOOLEAN");
    recursive = value.is_true();
  }
  return recursive;
}

std::set<std::string_view> texts_among(std::span<const Value> list) {
  std::set<std::string_view> out;
  for (const Value& v : list) {
    if (v.is(Kind::string)) out.insert(v.as_string());
  }
  return out;
}

Value remove_keys(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto keys = texts_among(list_or_empty("apoc.map.removeKeys", a[1]));
  const Drop drop = [&](const MapEntry& e) { return keys.contains(e.key); };
  return without(c, map_or_empty("apoc.map.removeKeys", a[0]), drop, recursive_option("apoc.map.removeKeys", a, 2));
}

Value remove_key(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto key = text_or("apoc.map.removeKey", a, 1, "");
  const Drop drop = [&](const MapEntry& e) { return e.key == key; };
  return without(c, map_or_empty("apoc.map.removeKey", a[0]), drop, recursive_option("apoc.map.removeKey", a, 2));
}

/// Drops nulls, the keys, and the values, which may also be named by their text.
Value clean(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto keys = texts_among(list_or_empty("apoc.map.clean", a[1]));
  ValueSet values(c.exec);
  for (const Value& v : list_or_empty("apoc.map.clean", a[2])) values.add(v);
  const Drop drop = [&](const MapEntry& e) {
    if (e.value.is_null() || keys.contains(e.key)) return true;
    if (values.values().empty()) return false;
    return values.contains(e.value) || values.contains(Value::string(text_of(e.value)));
  };
  return without(c, map_or_empty("apoc.map.clean", a[0]), drop, false);
}

Value drop_nulls(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  return without(c, map_or_empty("apoc.map.dropNullValues", a[0]), [](const MapEntry& e) { return e.value.is_null(); }, false);
}

// ---- looking up ---------------------------------------------------------------------------------------------------

[[noreturn]] void no_such_key(std::string_view function, std::string_view key, std::span<const MapEntry> map) {
  std::string known;
  for (const auto& e : map) known += (known.empty() ? "" : ", ") + std::string(e.key);
  function_failed(function, "Key " + std::string(key) + " is not of one of the existing keys [" + known + "]");
}

const Value& look_up(std::string_view function, std::span<const MapEntry> map, std::string_view key, const Value& fallback, bool fail) {
  if (const Value* v = packhouse::find(map, key)) return *v;
  if (fail && fallback.is_null()) no_such_key(function, key, map);
  return fallback;
}

Value get(CallContext&, Arguments a) {
  if (a[0].is_null()) return Value();
  const Value fallback = argument(a, 2);
  return look_up("apoc.map.get", map_or_empty("apoc.map.get", a[0]), string_argument("apoc.map.get", a[1]), fallback,
                 flag_or("apoc.map.get", a, 3, true));
}

/// The values of several keys, each with a fallback of its own.
std::vector<MapEntry> chosen(std::string_view function, Arguments a) {
  const auto map = map_or_empty(function, a[0]);
  const auto keys = list_or_empty(function, a[1]), fallbacks = list_or_empty(function, argument(a, 2));
  const bool fail = flag_or(function, a, 3, true);
  Entries out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto key = string_argument(function, keys[i]);
    out.push_back({key, look_up(function, map, key, i < fallbacks.size() ? fallbacks[i] : Value(), fail)});
  }
  return out;
}

Value submap(CallContext& c, Arguments a) { return a[0].is_null() ? Value() : map_value(c, chosen("apoc.map.submap", a)); }

Value mget(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::vector<Value> out;
  for (const auto& e : chosen("apoc.map.mget", a)) out.push_back(e.value);
  return list_value(c, out);
}

Value values(CallContext& c, Arguments a) {
  std::vector<Value> out;
  const auto map = map_or_empty("apoc.map.values", a[0]);
  const bool nulls = flag_or("apoc.map.values", a, 2, false);
  for (const Value& key : list_or_empty("apoc.map.values", argument(a, 1))) {
    const Value* v = key.is(Kind::string) ? packhouse::find(map, key.as_string()) : nullptr;
    if (v || nulls) out.push_back(v ? *v : Value());
  }
  return list_value(c, out);
}

Value sorted_properties(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const bool ignore_case = flag_or("apoc.map.sortedProperties", a, 1, true);
  const auto map = map_or_empty("apoc.map.sortedProperties", a[0]);
  std::vector<std::pair<std::string, const MapEntry*>> order;
  for (const auto& e : map) {
    std::string key(e.key);
    if (ignore_case) std::ranges::transform(key, key.begin(), [](char x) { return x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x; });
    order.emplace_back(std::move(key), &e);
  }
  std::ranges::stable_sort(order, {}, &std::pair<std::string, const MapEntry*>::first);
  std::vector<Value> out;
  for (const auto& [_, e] : order) {
    const Value pair[] = {Value::string(e->key), e->value};
    out.push_back(list_value(c, pair));
  }
  return list_value(c, out);
}

// ---- grouping and nesting -----------------------------------------------------------------------------------------

template <bool multi>
Value group_by(CallContext& c, Arguments a) {
  constexpr std::string_view name = multi ? "apoc.map.groupByMulti" : "apoc.map.groupBy";
  if (a[0].is_null() || a[1].is_null()) return Value();
  const KeyName key(string_argument(name, a[1]));
  std::map<std::string, std::size_t, std::less<>> places;
  std::vector<std::pair<std::string, std::vector<Value>>> groups;
  for (const Value& v : list_argument(name, a[0])) {
    const Value k = member(c.exec, v, key, c.arena);
    if (k.is_null()) continue;
    const auto [it, fresh] = places.try_emplace(text_of(k), groups.size());
    if (fresh) groups.push_back({it->first, {}});
    auto& of_key = groups[it->second].second;
    if (!multi) of_key.clear();
    of_key.push_back(v);
  }
  Entries out;
  for (const auto& [k, items] : groups) out.push_back({c.arena.copy(k), multi ? list_value(c, items) : items[0]});
  return map_value(c, out);
}

void flatten_into(CallContext& c, EntryList& to, const std::string& prefix, std::span<const MapEntry> map, std::string_view delimiter,
                  int depth) {
  enter(c, "apoc.map.flatten", depth);
  for (const auto& [key, value] : map) {
    const std::string name = prefix + std::string(key);
    if (value.is(Kind::map)) {
      flatten_into(c, to, name + std::string(delimiter), value.as_map(), delimiter, depth + 1);
    } else {
      to.set(c.arena.copy(name), value);
    }
  }
}

Value flatten(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  EntryList out;
  flatten_into(c, out, "", map_or_empty("apoc.map.flatten", a[0]), text_or("apoc.map.flatten", a, 1, "."), 0);
  return out.value(c);
}

/// Entries whose keys begin alike become one map; the depth is that of the longest key, at most 1,000.
Value unflatten_entries(CallContext& c, const Entries& entries, std::string_view delimiter, int depth) {
  if (depth > 1000) function_failed("apoc.map.unflatten", "a key has too many parts");
  c.exec.check();
  struct Group {
    std::string_view head;
    Entries inside;
    Value leaf;  ///< counts where nothing is inside
  };
  std::vector<Group> groups;
  std::map<std::string_view, std::size_t> places;
  for (const auto& [key, value] : entries) {
    const std::size_t at = key.find(delimiter);
    const auto [it, fresh] = places.try_emplace(key.substr(0, at), groups.size());
    if (fresh) groups.push_back({it->first, {}, Value()});
    Group& group = groups[it->second];
    if (at == std::string_view::npos) {
      group.leaf = value;
    } else {
      group.inside.push_back({key.substr(at + delimiter.size()), value});
    }
  }
  Entries out;
  for (const Group& g : groups) {
    out.push_back({g.head, g.inside.empty() ? g.leaf : unflatten_entries(c, g.inside, delimiter, depth + 1)});
  }
  return map_value(c, out);
}

Value unflatten(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto delimiter = text_or("apoc.map.unflatten", a, 1, ".");
  const auto map = map_or_empty("apoc.map.unflatten", a[0]);
  if (delimiter.empty()) return a[0];
  return unflatten_entries(c, Entries(map.begin(), map.end()), delimiter, 0);
}

}  // namespace

void add_map_functions(Functions& out) {
  FunctionFamily f(out, "apoc.map.");
  const Argument map{"map", Type::map}, key{"key", Type::string}, keys{"keys", Type::list}, list_values{"values", Type::list},
      pairs{"pairs", Type::list}, config{"config", Type::map}, value{"value", Type::any}, fail{"fail", Type::boolean},
      delimiter{"delimiter", Type::string};
  f.add("fromPairs", {pairs}, 1, Type::map, "Makes a map of pairs of a key and a value.", from_pairs);
  f.add("fromLists", {keys, list_values}, 2, Type::map, "Makes a map of a list of keys and one of values.", from_lists);
  f.add("fromValues", {list_values}, 1, Type::map, "Makes a map of keys and values that alternate.", from_values);
  f.add("merge", {map, {"with", Type::map}}, 2, Type::map, "Puts two maps together; the second wins.", merge);
  f.add("mergeList", {{"maps", Type::list}}, 1, Type::map, "Puts maps together; later ones win.", merge_list);
  f.add("setKey", {map, key, value}, 3, Type::map, "Sets one entry of a map.", set_key);
  f.add("setEntry", {map, key, value}, 3, Type::map, "Sets one entry of a map.", set_key);
  f.add("setPairs", {map, pairs}, 2, Type::map, "Sets entries of a map from pairs.", set_pairs_in);
  f.add("setLists", {map, keys, list_values}, 3, Type::map, "Sets entries of a map from lists of keys and values.", set_lists_in);
  f.add("setValues", {map, pairs}, 2, Type::map, "Sets entries of a map from keys and values that alternate.", set_values_in);
  f.add("removeKey", {map, key, config}, 2, Type::map, "Takes a key from a map; with {recursive: true} from maps inside too.", remove_key);
  f.add("removeKeys", {map, keys, config}, 2, Type::map, "Takes keys from a map; with {recursive: true} from maps inside too.",
        remove_keys);
  f.add("clean", {map, keys, list_values}, 3, Type::map, "Takes keys, values and nulls from a map.", clean);
  f.add("dropNullValues", {map}, 1, Type::map, "Takes nulls from a map.", drop_nulls);
  f.add("get", {map, key, value, fail}, 2, Type::any, "Returns the value of a key, or a fallback.", get);
  f.add("mget", {map, keys, list_values, fail}, 2, Type::list, "Returns the values of keys, with fallbacks.", mget);
  f.add("submap", {map, keys, list_values, fail}, 2, Type::map, "Returns the entries of keys, with fallbacks.", submap);
  f.add("values", {map, keys, {"addNullsForMissing", Type::boolean}}, 1, Type::list, "Returns the values of the named keys.", values);
  f.add("sortedProperties", {map, {"ignoreCase", Type::boolean}}, 1, Type::list, "Returns pairs of keys and values, by key.",
        sorted_properties);
  f.add("groupBy", {list_values, key}, 2, Type::map, "Makes a map of maps or entities by one of their properties; the last wins.",
        group_by<false>)
      .reads_graph = true;
  f.add("groupByMulti", {list_values, key}, 2, Type::map, "Makes a map of lists of maps or entities by one of their properties.",
        group_by<true>)
      .reads_graph = true;
  f.add("flatten", {map, delimiter}, 1, Type::map, "Brings the entries of maps inside to the top, with joined keys.", flatten);
  f.add("unflatten", {map, delimiter}, 1, Type::map, "Makes maps inside of joined keys.", unflatten);
}

}  // namespace packhouse::cypher::apoc
