#include <algorithm>
#include <cmath>
#include <numeric>

#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/entry_list.hpp"
#include "cypher/functions/apoc/value_set.hpp"

// apoc.coll.*: lists as sets, and what is in them.
namespace packhouse::cypher::apoc {
namespace {

using Items = std::span<const Value>;

Items items_of(const Value& v) { return list_or_empty("apoc.coll", v); }

bool same(const Value& a, const Value& b) { return equivalent(a, b); }

Value set_value(CallContext& c, const ValueSet& set) { return deep_copy(Value::list(set.values()), c.arena); }

// ---- sets ---------------------------------------------------------------------------------------------------------

Value to_set(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  ValueSet set(c.exec);
  for (const Value& v : items_of(a[0])) set.add(v);
  return set_value(c, set);
}

Value union_of(CallContext& c, Arguments a) {
  if (a[0].is_null()) return a[1];
  if (a[1].is_null()) return a[0];
  ValueSet set(c.exec);
  for (const Value& list : a.first(2)) {
    for (const Value& v : items_of(list)) set.add(v);
  }
  return set_value(c, set);
}

Value union_all(CallContext& c, Arguments a) {
  if (a[0].is_null()) return a[1];
  if (a[1].is_null()) return a[0];
  std::vector<Value> out(items_of(a[0]).begin(), items_of(a[0]).end());
  out.insert(out.end(), items_of(a[1]).begin(), items_of(a[1]).end());
  return list_value(c, out);
}

Value intersection(CallContext& c, Arguments a) {
  ValueSet second(c.exec), out(c.exec);
  for (const Value& v : items_of(a[1])) second.add(v);
  for (const Value& v : items_of(a[0])) {
    if (second.contains(v)) out.add(v);
  }
  return set_value(c, out);
}

/// Both without what they share.
Value disjunction(CallContext& c, Arguments a) {
  if (a[0].is_null()) return a[1];
  if (a[1].is_null()) return a[0];
  ValueSet first(c.exec), second(c.exec), out(c.exec);
  for (const Value& v : items_of(a[0])) first.add(v);
  for (const Value& v : items_of(a[1])) second.add(v);
  for (const Value& v : first.values()) {
    if (!second.contains(v)) out.add(v);
  }
  for (const Value& v : second.values()) {
    if (!first.contains(v)) out.add(v);
  }
  return set_value(c, out);
}

template <bool once>
Value subtract(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  ValueSet second(c.exec), set(c.exec);
  for (const Value& v : items_of(a[1])) second.add(v);
  std::vector<Value> out;
  for (const Value& v : items_of(a[0])) {
    if (!second.contains(v) && (!once || set.add(v).second)) out.push_back(v);
  }
  return list_value(c, out);
}

// ---- membership ---------------------------------------------------------------------------------------------------

bool has(Items items, const Value& wanted) {
  return std::ranges::any_of(items, [&](const Value& v) { return same(v, wanted); });
}

Value contains(CallContext&, Arguments a) { return Value::boolean(has(items_of(a[0]), a[1])); }

Value contains_all(CallContext& c, Arguments a) {
  if (a[0].is_null() || items_of(a[0]).empty() || a[1].is_null()) return Value::boolean(false);
  ValueSet set(c.exec);
  for (const Value& v : items_of(a[0])) set.add(v);
  return Value::boolean(std::ranges::all_of(items_of(a[1]), [&](const Value& v) { return set.contains(v); }));
}

Value contains_any(CallContext& c, Arguments a) {
  ValueSet set(c.exec);
  for (const Value& v : items_of(a[0])) set.add(v);
  return Value::boolean(std::ranges::any_of(items_of(a[1]), [&](const Value& v) { return set.contains(v); }));
}

Value contains_duplicates(CallContext& c, Arguments a) {
  ValueSet set(c.exec);
  return Value::boolean(!std::ranges::all_of(items_of(a[0]), [&](const Value& v) { return set.add(v).second; }));
}

Value different(CallContext& c, Arguments a) {
  return a[0].is_null() ? Value() : Value::boolean(!contains_duplicates(c, a).as_boolean());
}

/// Each value with how often it comes, in the order of their coming.
std::vector<std::pair<Value, std::int64_t>> counted(CallContext& c, const Value& list) {
  ValueSet set(c.exec);
  std::vector<std::pair<Value, std::int64_t>> out;
  for (const Value& v : items_of(list)) {
    const auto [at, fresh] = set.add(v);
    if (fresh) out.emplace_back(v, 0);
    ++out[at].second;
  }
  return out;
}

Value same_collection(CallContext& c, Arguments a) {
  if (a[0].is_null() || a[1].is_null()) return Value::boolean(a[0].is_null() && a[1].is_null());
  if (items_of(a[0]).size() != items_of(a[1]).size()) return Value::boolean(false);
  ValueSet set(c.exec);
  std::vector<std::size_t> left;  // how often each value of the first list is yet to come in the second one
  for (const Value& v : items_of(a[0])) {
    const auto [at, fresh] = set.add(v);
    if (fresh) left.push_back(0);
    ++left[at];
  }
  return Value::boolean(std::ranges::all_of(items_of(a[1]), [&](const Value& v) {
    const auto [at, fresh] = set.add(v);
    return !fresh && left[at]-- > 0;
  }));
}

Value index_of(CallContext&, Arguments a) {
  const auto items = items_of(a[0]);
  const auto it = std::ranges::find_if(items, [&](const Value& v) { return same(v, a[1]); });
  return Value::integer(it == items.end() ? -1 : it - items.begin());
}

Value occurrences(CallContext&, Arguments a) {
  return Value::integer(std::ranges::count_if(items_of(a[0]), [&](const Value& v) { return same(v, a[1]); }));
}

Value item_and_count(CallContext& c, const Value& item, std::int64_t n) {
  const MapEntry entries[] = {{"item", item}, {"count", Value::integer(n)}};
  return map_value(c, entries);
}

Value frequencies(CallContext& c, Arguments a) {
  std::vector<Value> out;
  for (const auto& [v, n] : counted(c, a[0])) out.push_back(item_and_count(c, v, n));
  return list_value(c, out);
}

Value frequencies_as_map(CallContext& c, Arguments a) {
  EntryList out;  // 1 and '1' have the same text: the later one stays
  for (const auto& [v, n] : counted(c, a[0])) out.set(c.arena.copy(text_of(v)), Value::integer(n));
  return out.value(c);
}

Value duplicates(CallContext& c, Arguments a) {
  std::vector<Value> out;
  for (const auto& [v, n] : counted(c, a[0])) {
    if (n > 1) out.push_back(v);
  }
  return list_value(c, out);
}

Value duplicates_with_count(CallContext& c, Arguments a) {
  std::vector<Value> out;
  for (const auto& [v, n] : counted(c, a[0])) {
    if (n > 1) out.push_back(item_and_count(c, v, n));
  }
  return list_value(c, out);
}

// ---- numbers ------------------------------------------------------------------------------------------------------

double sum_of(std::string_view function, Items items) {
  return std::accumulate(items.begin(), items.end(), 0.0, [&](double s, const Value& v) { return s + number_argument(function, v); });
}

Value sum(CallContext&, Arguments a) {
  if (a[0].is_null() || items_of(a[0]).empty()) return Value();
  return Value::real(sum_of("apoc.coll.sum", items_of(a[0])));
}

Value sum_longs(CallContext&, Arguments a) {
  if (a[0].is_null() || items_of(a[0]).empty()) return Value();
  std::int64_t out = 0;
  for (const Value& v : items_of(a[0])) {
    const double d = number_argument("apoc.coll.sumLongs", v);
    const std::int64_t i = v.is(Kind::integer) ? v.as_integer() : std::abs(d) < 9e18 ? static_cast<std::int64_t>(d) : 0;
    if (__builtin_add_overflow(out, i, &out)) throw QueryError(Status::arithmetic_error, "long overflow");
  }
  return Value::integer(out);
}

Value average(CallContext&, Arguments a) {
  if (a[0].is_null() || items_of(a[0]).empty()) return Value();
  return Value::real(sum_of("apoc.coll.avg", items_of(a[0])) / static_cast<double>(items_of(a[0]).size()));
}

Value deviation(CallContext&, Arguments a) {
  const auto items = items_of(a[0]);
  if (items.empty()) return Value();
  const double mean = sum_of("apoc.coll.stdev", items) / static_cast<double>(items.size());
  double squares = 0;
  for (const Value& v : items) squares += (v.number() - mean) * (v.number() - mean);
  const double n = static_cast<double>(items.size()) - (flag_or("apoc.coll.stdev", a, 1, true) ? 1 : 0);
  return Value::real(n == 0 ? 0.0 : std::sqrt(squares / n));
}

Value running_total(CallContext& c, Arguments a) {
  if (a[0].is_null()) return Value();
  std::vector<Value> out;
  double sum = 0;
  bool whole = true;
  for (const Value& v : items_of(a[0])) {
    sum += number_argument("apoc.coll.runningTotal", v);
    whole = whole && v.is(Kind::integer) && std::abs(sum) < 9e15;
    out.push_back(whole ? Value::integer(static_cast<std::int64_t>(sum)) : Value::real(sum));
  }
  return list_value(c, out);
}

template <bool greatest>
Value extreme(CallContext&, Arguments a) {
  Value best;
  for (const Value& v : items_of(a[0])) {
    if (v.is_null()) continue;
    if (best.is_null() || (greatest ? order(v, best) > 0 : order(v, best) < 0)) best = v;
  }
  return best;
}

}  // namespace

void add_coll_functions(Functions& out) {
  FunctionFamily f(out, "apoc.coll.");
  const Argument coll{"coll", Type::list}, value{"value", Type::any}, first{"list1", Type::list}, second{"list2", Type::list},
      values{"values", Type::list};
  f.add("toSet", {coll}, 1, Type::list, "Returns the distinct items of a list.", to_set);
  f.add("union", {first, second}, 2, Type::list, "Returns the distinct items of two lists.", union_of);
  f.add("unionAll", {first, second}, 2, Type::list, "Returns the items of two lists.", union_all);
  f.add("intersection", {first, second}, 2, Type::list, "Returns the distinct items that both lists have.", intersection);
  f.add("disjunction", {first, second}, 2, Type::list, "Returns the distinct items that only one of the lists has.", disjunction);
  f.add("subtract", {first, second}, 2, Type::list, "Returns the distinct items of a list that another one hasn't.", subtract<true>);
  f.add("removeAll", {first, second}, 2, Type::list, "Returns the items of a list that another one hasn't.", subtract<false>);
  f.add("contains", {coll, value}, 2, Type::boolean, "Tells whether a list has a value.", contains);
  f.add("containsSorted", {coll, value}, 2, Type::boolean, "Tells whether a sorted list has a value.", contains);
  f.add("containsAll", {coll, values}, 2, Type::boolean, "Tells whether a list has all values of another one.", contains_all);
  f.add("containsAllSorted", {coll, values}, 2, Type::boolean, "Tells whether a sorted list has all values of another one.", contains_all);
  f.add("containsAny", {coll, values}, 2, Type::boolean, "Tells whether a list has one of the values of another one.", contains_any);
  f.add("containsDuplicates", {coll}, 1, Type::boolean, "Tells whether a list has a value twice.", contains_duplicates);
  f.add("different", {coll}, 1, Type::boolean, "Tells whether all values of a list are distinct.", different);
  f.add("isEqualCollection", {coll, values}, 2, Type::boolean, "Tells whether two lists have the same values equally often.",
        same_collection);
  f.add("indexOf", {coll, value}, 2, Type::integer, "Returns the first place of a value in a list, from 0, or -1.", index_of);
  f.add("occurrences", {coll, value}, 2, Type::integer, "Counts a value in a list.", occurrences);
  f.add("frequencies", {coll}, 1, Type::list, "Returns each value of a list with its count.", frequencies);
  f.add("frequenciesAsMap", {coll}, 1, Type::map, "Returns the counts of the values of a list.", frequencies_as_map);
  f.add("duplicates", {coll}, 1, Type::list, "Returns the values that a list has more than once.", duplicates);
  f.add("duplicatesWithCount", {coll}, 1, Type::list, "Returns the values that a list has more than once, with counts.",
        duplicates_with_count);
  f.add("sum", {coll}, 1, Type::floating, "Returns the sum of numbers.", sum);
  f.add("sumLongs", {coll}, 1, Type::integer, "Returns the sum of numbers as an integer.", sum_longs);
  f.add("avg", {coll}, 1, Type::floating, "Returns the mean of numbers.", average);
  f.add("stdev", {coll, {"isBiasCorrected", Type::boolean}}, 1, Type::floating, "Returns the standard deviation of numbers.", deviation);
  f.add("runningTotal", {coll}, 1, Type::list, "Returns the sums of the first items of a list.", running_total);
  f.add("max", {coll}, 1, Type::any, "Returns the greatest value of a list.", extreme<true>);
  f.add("min", {coll}, 1, Type::any, "Returns the least value of a list.", extreme<false>);
}

}  // namespace packhouse::cypher::apoc
