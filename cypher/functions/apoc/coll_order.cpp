#include <algorithm>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "value/compare.hpp"

// apoc.coll.*: order, places, pieces and pairs.
namespace packhouse::cypher::apoc {
namespace {

using Items = std::span<const Value>;

Items items_of(const Value& v) { return list_or_empty("apoc.coll", v); }
std::vector<Value> copy_of(const Value& v) { return {items_of(v).begin(), items_of(v).end()}; }

[[noreturn]] void out_of_range(std::string_view function, std::int64_t at, std::size_t size) {
  function_failed(function, "the index " + std::to_string(at) + " is outside of a list of " + std::to_string(size) + " items");
}

// ---- order --------------------------------------------------------------------------------------------------------

Value sort(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  auto out = copy_of(a[0]);
  std::ranges::stable_sort(out, [](const Value& x, const Value& y) { return order(x, y) < 0; });
  return list_value(c, out);
}

/// A field to sort by: descending, or ascending with "^" before it.
struct Field {
  KeyName key;
  bool ascending;
  explicit Field(std::string_view text) : key(text.starts_with('^') ? text.substr(1) : text), ascending(text.starts_with('^')) {}
};

Value sorted_by(CallContext& c, const Value& list, const std::vector<Field>& fields, std::size_t skip, std::size_t limit) {
  struct Row {
    Value item;
    std::vector<Value> keys;
  };
  std::vector<Row> rows;
  for (const Value& v : items_of(list)) {
    Row row{v, {}};
    for (const Field& f : fields) row.keys.push_back(member(c.exec, v, f.key, c.arena));
    rows.push_back(std::move(row));
  }
  std::ranges::stable_sort(rows, [&](const Row& x, const Row& y) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto o = order(x.keys[i], y.keys[i]);
      if (o != 0) return fields[i].ascending ? o < 0 : o > 0;
    }
    return false;
  });
  std::vector<Value> out;
  for (std::size_t i = skip; i < rows.size() && out.size() < limit; ++i) out.push_back(rows[i].item);
  return list_value(c, out);
}

Value sort_by(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  return sorted_by(c, a[0], {Field(string_argument("apoc.coll.sortMaps", a[1]))}, 0, ~std::size_t{0});
}

Value sort_multi(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::vector<Field> fields;
  for (const Value& v : list_or_empty("apoc.coll.sortMulti", argument(a, 1))) fields.emplace_back(string_argument("apoc.coll.sortMulti", v));
  const std::int64_t limit = integer_or("apoc.coll.sortMulti", a, 2, -1), skip = integer_or("apoc.coll.sortMulti", a, 3, 0);
  return sorted_by(c, a[0], fields, static_cast<std::size_t>(std::max<std::int64_t>(0, skip)),
                   limit < 0 ? ~std::size_t{0} : static_cast<std::size_t>(limit));
}

Value reverse(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  auto out = copy_of(a[0]);
  std::ranges::reverse(out);
  return list_value(c, out);
}

// ---- pieces -------------------------------------------------------------------------------------------------------

/// `depth`: how many lists these items are inside of; lists at `deepest` stay.
void flatten_into(CallContext& c, std::vector<Value>& out, Items items, int depth, int deepest) {
  enter(c, "apoc.coll.flatten", depth);
  bound_copies(c, out.size() + items.size(), 2 * sizeof(Value));
  for (const Value& v : items) {
    if (v.is(Kind::list) && depth < deepest) {
      flatten_into(c, out, v.as_list(), depth + 1, deepest);
    } else {
      out.push_back(v);
    }
  }
}

Value flatten(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::vector<Value> out;
  flatten_into(c, out, items_of(a[0]), 0, flag_or("apoc.coll.flatten", a, 1, false) ? most_depth + 1 : 1);
  return list_value(c, out);
}

Value slice(CallContext&, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto items = items_of(a[0]);
  const std::int64_t from = integer_or("apoc.coll.slice", a, 1, 0), length = integer_or("apoc.coll.slice", a, 2, -1);
  if (from < 0 || static_cast<std::size_t>(from) >= items.size() || length == 0) return Value::list({});
  const auto rest = items.subspan(static_cast<std::size_t>(from));
  return Value::list(length < 0 ? rest : rest.first(std::min(rest.size(), static_cast<std::size_t>(length))));
}

Value insert_all(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  auto out = copy_of(a[0]);
  const std::int64_t at = integer_argument("apoc.coll.insertAll", a[1]);
  if (at < 0 || static_cast<std::size_t>(at) > out.size()) out_of_range("apoc.coll.insertAll", at, out.size());
  out.insert(out.begin() + at, items_of(a[2]).begin(), items_of(a[2]).end());
  return list_value(c, out);
}

Value insert(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const Value all[] = {a[0], a[1], list_value(c, a.subspan(2, 1))};
  return insert_all(c, all);
}

Value set(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  auto out = copy_of(a[0]);
  const std::int64_t at = integer_argument("apoc.coll.set", a[1]);
  if (at < 0 || a[2].is_null() || static_cast<std::size_t>(at) >= out.size()) return a[0];
  out[static_cast<std::size_t>(at)] = a[2];
  return list_value(c, out);
}

Value remove(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  auto out = copy_of(a[0]);
  const std::int64_t at = integer_argument("apoc.coll.remove", a[1]), length = integer_or("apoc.coll.remove", a, 2, 1);
  if (at < 0 || length <= 0 || static_cast<std::size_t>(at) >= out.size()) return a[0];
  const auto last = std::min(static_cast<std::int64_t>(out.size()), length > 1'000'000'000 ? INT64_MAX : at + length);
  out.erase(out.begin() + at, out.begin() + last);
  return list_value(c, out);
}

Value drop_duplicate_neighbors(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::vector<Value> out;
  for (const Value& v : items_of(a[0])) {
    if (out.empty() || !equivalent(out.back(), v)) out.push_back(v);
  }
  return list_value(c, out);
}

Value fill(CallContext& c, Arguments a) {
  const std::int64_t n = integer_or("apoc.coll.fill", a, 1, 0);
  if (n <= 0) return Value::list({});
  bound_copies(c, static_cast<std::uint64_t>(n), 2 * sizeof(Value));
  return list_value(c, std::vector<Value>(static_cast<std::size_t>(n), a[0]));
}

// ---- pairs --------------------------------------------------------------------------------------------------------

Value pair(CallContext& c, const Value& x, const Value& y) {
  const Value both[] = {x, y};
  return list_value(c, both);
}

Value zip(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value();
  const auto x = items_of(a[0]), y = items_of(a[1]);
  std::vector<Value> out;
  for (std::size_t i = 0; i < x.size(); ++i) out.push_back(pair(c, x[i], i < y.size() ? y[i] : Value()));
  return list_value(c, out);
}

template <bool whole>
Value pairs(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto items = items_of(a[0]);
  std::vector<Value> out;
  for (std::size_t i = 0; i + (whole ? 1 : 0) < items.size(); ++i) out.push_back(pair(c, items[i], i + 1 < items.size() ? items[i + 1] : Value()));
  return list_value(c, out);
}

Value pair_with_offset(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto items = items_of(a[0]);
  const std::int64_t offset = integer_argument("apoc.coll.pairWithOffset", a[1]);
  const auto n = static_cast<std::int64_t>(items.size());
  std::vector<Value> out;
  for (std::int64_t i = 0; i < n; ++i) {
    const bool inside = offset > -n && offset < n && i + offset >= 0 && i + offset < n;
    out.push_back(pair(c, items[static_cast<std::size_t>(i)], inside ? items[static_cast<std::size_t>(i + offset)] : Value()));
  }
  return list_value(c, out);
}

Value partition(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  const auto items = items_of(a[0]);
  const std::int64_t size = integer_argument("apoc.coll.partition", a[1]);
  if (size <= 0) function_failed("apoc.coll.partition", "the size of a part must be positive");
  std::vector<Value> out;
  for (std::size_t at = 0; at < items.size(); at += static_cast<std::size_t>(size)) {
    out.push_back(Value::list(items.subspan(at, std::min(static_cast<std::size_t>(size), items.size() - at))));
  }
  return list_value(c, out);
}

/// All ways to choose from `items`, by size and then by place.
void choose(CallContext& c, Items items, std::size_t size, std::vector<Value>& out) {
  std::vector<std::size_t> at(size);
  for (std::size_t i = 0; i < size; ++i) at[i] = i;
  for (;;) {
    std::vector<Value> one;
    for (const std::size_t i : at) one.push_back(items[i]);
    out.push_back(list_value(c, one));
    c.exec.check();
    c.exec.bound(c.arena.footprint() + out.size() * sizeof(Value));
    std::size_t i = size;
    while (i > 0 && at[i - 1] == items.size() - size + i - 1) --i;
    if (i == 0) return;
    ++at[i - 1];
    for (; i < size; ++i) at[i] = at[i - 1] + 1;
  }
}

Value combinations(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value::list({});
  const auto items = items_of(a[0]);
  const std::int64_t least = integer_argument("apoc.coll.combinations", a[1]), most = integer_or("apoc.coll.combinations", a, 2, least);
  const std::int64_t last = most < 0 ? least : most;
  std::vector<Value> out;
  if (least < 1 || last > static_cast<std::int64_t>(items.size())) return Value::list({});
  for (std::int64_t size = least; size <= last; ++size) choose(c, items, static_cast<std::size_t>(size), out);
  return list_value(c, out);
}

}  // namespace

void add_coll_order_functions(Functions& out) {
  FunctionFamily f(out, "apoc.coll.");
  const Argument coll{"coll", Type::list}, property{"prop", Type::string}, index{"index", Type::integer}, value{"value", Type::any},
      length{"length", Type::integer}, values{"values", Type::list};
  f.add("sort", {coll}, 1, Type::list, "Sorts a list.", sort);
  f.add("sortMaps", {coll, property}, 2, Type::list, "Sorts maps by a key, descending; ascending with ^ before it.", sort_by)
      .reads_graph = true;
  f.add("sortNodes", {coll, property}, 2, Type::list, "Sorts nodes by a property, descending; ascending with ^ before it.", sort_by)
      .reads_graph = true;
  f.add("sortMulti", {coll, {"orderFields", Type::list}, {"limit", Type::integer}, {"skip", Type::integer}}, 1, Type::list,
        "Sorts maps by several keys, each descending, or ascending with ^ before it.", sort_multi)
      .reads_graph = true;
  f.add("reverse", {coll}, 1, Type::list, "Turns a list around.", reverse);
  f.add("flatten", {coll, {"recursive", Type::boolean}}, 1, Type::list, "Puts the items of lists inside into one list.", flatten);
  f.add("slice", {coll, {"offset", Type::integer}, length}, 1, Type::list, "Returns a piece of a list.", slice);
  f.add("insert", {coll, index, value}, 3, Type::list, "Inserts a value into a list.", insert);
  f.add("insertAll", {coll, index, values}, 3, Type::list, "Inserts values into a list.", insert_all);
  f.add("set", {coll, index, value}, 3, Type::list, "Sets one item of a list.", set);
  f.add("remove", {coll, index, length}, 2, Type::list, "Takes items from a list.", remove);
  f.add("dropDuplicateNeighbors", {coll}, 1, Type::list, "Keeps one of equal items that stand side by side.", drop_duplicate_neighbors);
  f.add("fill", {{"item", Type::any}, {"count", Type::integer}}, 2, Type::list, "Makes a list of the same item.", fill);
  f.add("zip", {{"list1", Type::list}, {"list2", Type::list}}, 2, Type::list, "Makes pairs of the items of two lists.", zip);
  f.add("pairs", {coll}, 1, Type::list, "Makes pairs of neighbours; the last has null.", pairs<false>);
  f.add("pairsMin", {coll}, 1, Type::list, "Makes pairs of neighbours.", pairs<true>);
  f.add("pairWithOffset", {coll, {"offset", Type::integer}}, 2, Type::list, "Makes pairs of items that are so far apart.", pair_with_offset);
  f.add("partition", {coll, {"batchSize", Type::integer}}, 2, Type::list, "Cuts a list into parts of a size.", partition);
  f.add("combinations", {coll, {"minSelect", Type::integer}, {"maxSelect", Type::integer}}, 2, Type::list,
        "Returns all ways to choose some items of a list.", combinations);
}

}  // namespace packhouse::cypher::apoc
