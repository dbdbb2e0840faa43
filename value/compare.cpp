#include "value/compare.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "value/compare_scalars.hpp"

// Nested lists and maps are walked with a list of pairs still to be looked at, so that depth costs
// heap, not call stack. That works because each relation is decided pair by pair: equality is the
// conjunction of the leaves' equalities, order is decided by the first pair that differs.
namespace packhouse {
namespace {

using Pair = std::pair<Value, Value>;

bool nested(const Value& v) {
  return v.is(Kind::list) || v.is(Kind::map);
}

std::vector<const MapEntry*> sorted_by_key(std::span<const MapEntry> map) {
  std::vector<const MapEntry*> out;
  out.reserve(map.size());
  for (const MapEntry& entry : map) out.push_back(&entry);
  std::ranges::sort(out, {}, [](const MapEntry* e) { return e->key; });
  return out;
}

/// Pairs the entries of two maps by key; false if their keys differ.
template <class Use>
bool pair_entries(std::span<const MapEntry> a, std::span<const MapEntry> b, Use&& use) {
  if (a.size() != b.size()) return false;
  constexpr std::size_t small = 16;
  if (a.size() <= small) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      // Maps mostly come from the same place and so have their keys in the same order.
      const Value* other = b[i].key == a[i].key ? &b[i].value : find(b, a[i].key);
      if (!other || !use(a[i].value, *other)) return false;
    }
    return true;
  }
  const auto left = sorted_by_key(a);
  const auto right = sorted_by_key(b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i]->key != right[i]->key || !use(left[i]->value, right[i]->value)) return false;
  }
  return true;
}

/// Walks two values side by side; `leaf(a, b)` sees each pair of scalars, and false ends the walk.
template <class Leaf>
bool walk(const Value& a, const Value& b, Leaf&& leaf) {
  if (!nested(a) || a.kind() != b.kind()) return leaf(a, b);
  std::vector<Pair> open{{a, b}};
  const auto use = [&](const Value& x, const Value& y) {
    if (!nested(x) || x.kind() != y.kind()) return leaf(x, y);
    open.emplace_back(x, y);
    return true;
  };
  while (!open.empty()) {
    const auto [x, y] = open.back();
    open.pop_back();
    if (x.is(Kind::map)) {
      if (!pair_entries(x.as_map(), y.as_map(), use)) return false;
      continue;
    }
    const auto left = x.as_list();
    const auto right = y.as_list();
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!use(left[i], right[i])) return false;
    }
  }
  return true;
}

/// Lexicographic comparison of lists: `leaf` gives what a pair of items says; `Answer` other than
/// `same` decides. `open` holds pairs still to be compared, the next one last.
template <class Answer, class Leaf>
Answer first_difference(std::vector<Pair> open, Answer same, Leaf&& leaf) {
  while (!open.empty()) {
    const auto [x, y] = open.back();
    open.pop_back();
    if (!x.is(Kind::list) || !y.is(Kind::list)) {
      if (const Answer answer = leaf(x, y, open); answer != same) return answer;
      continue;
    }
    const auto left = x.as_list();
    const auto right = y.as_list();
    const std::size_t common = std::min(left.size(), right.size());
    std::size_t i = 0;
    for (; i < common && !nested(left[i]) && !nested(right[i]); ++i) {
      if (const Answer answer = leaf(left[i], right[i], open); answer != same) return answer;
    }
    if (i < common) {
      open.emplace_back(Value::list(left.subspan(i + 1)), Value::list(right.subspan(i + 1)));
      open.emplace_back(left[i], right[i]);
    } else if (left.size() != right.size()) {
      // Everything before is the same: the shorter list comes first.
      return leaf(Value::integer(static_cast<std::int64_t>(left.size())),
                  Value::integer(static_cast<std::int64_t>(right.size())), open);
    }
  }
  return same;
}

int rank(Kind k) {
  switch (k) {
    case Kind::map: return 0;
    case Kind::node: return 1;
    case Kind::relationship: return 2;
    case Kind::list: return 3;
    case Kind::path: return 4;
    case Kind::datetime: return 5;
    case Kind::local_datetime: return 6;
    case Kind::date: return 7;
    case Kind::time: return 8;
    case Kind::local_time: return 9;
    case Kind::duration: return 10;
    case Kind::point: return 11;
    case Kind::vector: return 12;
    case Kind::bytes: return 13;
    case Kind::string: return 14;
    case Kind::boolean: return 15;
    case Kind::integer:
    case Kind::real: return 16;
    case Kind::null: return 17;
  }
  return 18;
}

/// Maps by size, then by their sorted keys, then by the values of these keys.
std::weak_ordering order_maps(const Value& a, const Value& b, std::vector<Pair>& open) {
  if (const auto sizes = a.as_map().size() <=> b.as_map().size(); sizes != 0) return sizes;
  const auto left = sorted_by_key(a.as_map());
  const auto right = sorted_by_key(b.as_map());
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (const auto keys = left[i]->key <=> right[i]->key; keys != 0) return keys;
  }
  for (std::size_t i = left.size(); i-- > 0;) open.emplace_back(left[i]->value, right[i]->value);
  return std::weak_ordering::equivalent;
}

std::weak_ordering order_one(const Value& a, const Value& b, std::vector<Pair>& open) {
  if (const auto kinds = rank(a.kind()) <=> rank(b.kind()); kinds != 0) return kinds;
  return a.is(Kind::map) ? order_maps(a, b, open) : scalars::order(a, b);
}

Comparison compare_one(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) {
    const auto numbers = scalars::compare_numbers(a, b);
    if (numbers == std::partial_ordering::unordered) return Comparison::nan;
    return numbers < 0 ? Comparison::less : numbers > 0 ? Comparison::greater : Comparison::equal;
  }
  if (a.kind() != b.kind()) return Comparison::null;
  switch (a.kind()) {
    case Kind::boolean:
    case Kind::string:
    case Kind::bytes:
    case Kind::date:
    case Kind::local_time:
    case Kind::time:
    case Kind::local_datetime:
    case Kind::datetime: {
      const auto o = scalars::order(a, b);
      return o < 0 ? Comparison::less : o > 0 ? Comparison::greater : Comparison::equal;
    }
    default: return Comparison::null;
  }
}

}  // namespace

Ternary equals(const Value& a, const Value& b) {
  bool unknown = false;
  const bool possible = walk(a, b, [&unknown](const Value& x, const Value& y) {
    if (x.is_null() || y.is_null()) {
      unknown = true;
      return true;
    }
    return scalars::same(x, y, false);
  });
  return !possible ? Ternary::false_ : unknown ? Ternary::null : Ternary::true_;
}

bool equivalent(const Value& a, const Value& b) {
  return walk(a, b, [](const Value& x, const Value& y) { return scalars::same(x, y, true); });
}

Comparison compare(const Value& a, const Value& b) {
  if (!a.is(Kind::list) || !b.is(Kind::list)) return compare_one(a, b);
  return first_difference({{a, b}}, Comparison::equal,
                          [](const Value& x, const Value& y, std::vector<Pair>&) { return compare_one(x, y); });
}

std::weak_ordering order(const Value& a, const Value& b) {
  if (!nested(a) || !nested(b)) {
    if (const auto kinds = rank(a.kind()) <=> rank(b.kind()); kinds != 0) return kinds;
    return scalars::order(a, b);
  }
  return first_difference({{a, b}}, std::weak_ordering::equivalent, order_one);
}

std::uint64_t hash(const Value& v) {
  if (!nested(v)) return scalars::hash(v);
  std::uint64_t h = 0;
  std::vector<Value> open{v};
  while (!open.empty()) {
    const Value next = open.back();
    open.pop_back();
    if (next.is(Kind::list)) {
      h = scalars::mix(h, next.as_list().size() + 0x4c);
      for (const Value& item : next.as_list()) {
        if (nested(item)) {
          open.push_back(item);
        } else {
          h = scalars::mix(h, scalars::hash(item));
        }
      }
    } else {
      // Keys may stand in any order: their hashes are added up. What is nested inside a map counts by kind only.
      std::uint64_t sum = next.as_map().size() + 0x4d;
      for (const auto& [key, item] : next.as_map()) {
        const std::uint64_t item_hash = nested(item) ? static_cast<std::uint64_t>(item.kind()) : scalars::hash(item);
        sum += scalars::mix(scalars::hash_bytes(as_bytes(key)), item_hash);
      }
      h = scalars::mix(h, sum);
    }
  }
  return h;
}

}  // namespace packhouse
