#include <algorithm>
#include <cmath>

#include "storage/index_encoding.hpp"
#include "storage/keys.hpp"

namespace packhouse::storage::keys {
namespace {

IndexKey index_start(IndexId index) { return IndexKey(Table::property_index).put(raw(index)); }

/// `=` is never true for null and NaN.
bool never_equal(const Value& v) { return v.is_null() || (v.is(Kind::real) && std::isnan(v.as_real())); }

/// Whether the operators < and > can be true for values of this kind (value/compare.hpp: compare()).
bool comparable(const Value& v) {
  switch (v.kind()) {
    case Kind::boolean:
    case Kind::integer:
    case Kind::real:
    case Kind::string:
    case Kind::bytes:
    case Kind::date:
    case Kind::local_time:
    case Kind::time:
    case Kind::local_datetime:
    case Kind::datetime:
    case Kind::list: return !never_equal(v);
    default: return false;
  }
}

/// Kinds for which equal keys don't settle `=` or `<`: a NaN or null inside.
bool undecided(const Value& v) {
  if (v.is(Kind::list)) return true;
  if (!v.is(Kind::point)) return false;
  const Point& p = v.as_point();
  return std::isnan(p.x) || std::isnan(p.y) || std::isnan(p.z);
}

/// Date-times of one moment are ordered by what their zones' clocks show, which no key can tell of named zones.
bool has_datetime(const Value& v) {
  return v.is(Kind::datetime) || (v.is(Kind::list) && std::ranges::any_of(v.as_list(), has_datetime));
}

IndexBounds nothing() {
  IndexBounds none;
  none.empty = true;
  return none;
}

/// The encoded leading columns, followed by one more thing.
IndexKey bound(IndexId index, const Encoder& encoded, IndexBounds& bounds) {
  IndexKey key = index_start(index);
  if (!encoded.append_bound_to(key)) bounds.recheck = true;
  return key;
}

Result<IndexBounds> range_on_column(IndexId index, const Encoder& leading, const IndexRange& range) {
  IndexBounds bounds;
  const Value& some = range.low ? *range.low : *range.high;
  if ((range.low && !comparable(*range.low)) || (range.high && !comparable(*range.high))) return nothing();
  if (range.low && range.high && group_of(*range.low) != group_of(*range.high)) return nothing();

  Encoder group = leading;
  group.group(group_of(some));
  bounds.low = bound(index, group, bounds);
  bounds.high = bound(index, group, bounds).to_successor();
  bounds.recheck = bounds.recheck || undecided(some);
  // A bound that several values share (cut, or a moment) is taken inclusively; the record decides.
  const auto place = [&](const Value& value, bool low, bool inclusive) -> Result<void> {
    Encoder encoded = leading;
    PACKHOUSE_CHECK(encoded.value(value));
    const bool ambiguous = has_datetime(value);
    bounds.recheck = bounds.recheck || ambiguous;
    if (ambiguous && value.is(Kind::list)) return ok;  // the whole group
    if (ambiguous) (encoded = leading).moment(value.as_datetime());
    const bool exact = !ambiguous && encoded.exact();
    bounds.recheck = bounds.recheck || !exact;
    IndexKey key = bound(index, encoded, bounds);
    if (low ? exact && !inclusive : !exact || inclusive) key.to_successor();
    (low ? bounds.low : bounds.high) = key;
    return ok;
  };
  if (range.low) PACKHOUSE_CHECK(place(*range.low, true, range.low_inclusive));
  if (range.high) PACKHOUSE_CHECK(place(*range.high, false, range.high_inclusive));
  return bounds;
}

}  // namespace

bool indexable(const Value& v) {
  Encoder encoder;
  return !v.is_null() && encoder.value(v).has_value();
}

Result<IndexPrefix> index_prefix(IndexId index, std::span<const Value> values) {
  Encoder encoder;
  for (const Value& v : values) PACKHOUSE_CHECK(encoder.value(v));
  IndexPrefix prefix{index_start(index), encoder.exact()};
  encoder.append_to(prefix.key);
  return prefix;
}

Result<IndexKey> index_entry(IndexId index, std::span<const Value> values, std::uint64_t entity) {
  PACKHOUSE_TRY(auto prefix, index_prefix(index, values));
  prefix.key.put(entity);
  return prefix.key;
}

Result<IndexBounds> index_bounds(IndexId index, const IndexRange& range) {
  Encoder leading;
  bool recheck = false;
  for (const Value& v : range.prefix) {
    if (never_equal(v)) return nothing();
    PACKHOUSE_CHECK(leading.value(v));
    recheck = recheck || undecided(v);
  }
  recheck = recheck || !leading.exact();

  IndexBounds bounds;
  if (!range.starts_with && (range.low || range.high)) {
    PACKHOUSE_TRY(bounds, range_on_column(index, leading, range));
  } else {
    if (range.starts_with) leading.string_prefix(*range.starts_with);
    bounds.low = bound(index, leading, bounds);
    bounds.high = IndexKey(bounds.low).to_successor();
  }
  bounds.recheck = bounds.recheck || recheck;
  return bounds;
}

}  // namespace packhouse::storage::keys
