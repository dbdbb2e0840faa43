#include "value/compare_scalars.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "base/int128.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::scalars {
namespace {

constexpr double two_63 = 9223372036854775808.0;

std::partial_ordering compare_exactly(std::int64_t i, double d) {
  if (std::isnan(d)) return std::partial_ordering::unordered;
  if (d >= two_63) return std::partial_ordering::less;
  if (d < -two_63) return std::partial_ordering::greater;
  const double whole = std::trunc(d);
  if (const auto wholes = i <=> static_cast<std::int64_t>(whole); wholes != 0) return wholes;
  return 0.0 <=> d - whole;
}

std::weak_ordering order_reals(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return static_cast<int>(std::isnan(a)) <=> static_cast<int>(std::isnan(b));
  return a < b ? std::weak_ordering::less : a > b ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

std::weak_ordering order_bytes(Bytes a, Bytes b) {
  const int c = a.empty() || b.empty() ? 0 : std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  return c != 0 ? c <=> 0 : a.size() <=> b.size();
}

std::weak_ordering order_numbers(const Value& a, const Value& b) {
  const auto numbers = compare_numbers(a, b);
  if (numbers != std::partial_ordering::unordered) {
    return numbers < 0   ? std::weak_ordering::less
           : numbers > 0 ? std::weak_ordering::greater
                         : std::weak_ordering::equivalent;
  }
  return order_reals(a.number(), b.number());
}

/// Nodes and relationships alternate; a path that is another's beginning comes first.
std::weak_ordering order_paths(const PathValue& a, const PathValue& b) {
  const std::size_t common = std::min(a.rels.size(), b.rels.size());
  for (std::size_t i = 0; i <= common; ++i) {
    if (const auto nodes = raw(a.nodes[i]) <=> raw(b.nodes[i]); nodes != 0) return nodes;
    if (i == common) break;
    if (const auto rels = raw(a.rels[i]) <=> raw(b.rels[i]); rels != 0) return rels;
  }
  return a.rels.size() <=> b.rels.size();
}

bool same_path(const PathValue& a, const PathValue& b) {
  return std::ranges::equal(a.nodes, b.nodes) && std::ranges::equal(a.rels, b.rels);
}

/// Durations have no natural order: 30 days against a month. Their average lengths have one.
std::weak_ordering order_durations(const Duration& a, const Duration& b) {
  const auto length = [](const Duration& d) {
    return int128{d.months} * 2'629'746 + int128{d.days} * 86'400 + int128{d.seconds};
  };
  const int128 x = length(a), y = length(b);
  if (x != y) return x < y ? std::weak_ordering::less : std::weak_ordering::greater;
  if (a.nanos != b.nanos) return a.nanos <=> b.nanos;
  if (a.months != b.months) return a.months <=> b.months;
  return a.days <=> b.days;
}

std::weak_ordering order_points(const Point& a, const Point& b) {
  if (a.crs != b.crs) return static_cast<int>(a.crs) <=> static_cast<int>(b.crs);
  if (const auto x = order_reals(a.x, b.x); x != 0) return x;
  if (const auto y = order_reals(a.y, b.y); y != 0) return y;
  return a.three_d() ? order_reals(a.z, b.z) : std::weak_ordering::equivalent;
}

bool same_point(const Point& a, const Point& b) {
  return a.crs == b.crs && a.x == b.x && a.y == b.y && (!a.three_d() || a.z == b.z);
}

/// By the moment itself, then from west to east.
std::weak_ordering order_times(Time a, Time b) {
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t x = a.nanos - a.offset * second, y = b.nanos - b.offset * second;
  return x != y ? x <=> y : a.offset <=> b.offset;
}

std::weak_ordering order_datetimes(const DateTime& a, const DateTime& b) {
  if (a.seconds != b.seconds) return a.seconds <=> b.seconds;
  if (a.nanos != b.nanos) return a.nanos <=> b.nanos;
  if (a.zone == b.zone) return std::weak_ordering::equivalent;
  const std::int32_t x = offset_at(a.zone, a.seconds), y = offset_at(b.zone, b.seconds);
  if (x != y) return x <=> y;
  if (!a.zone.is_named() || !b.zone.is_named()) return int{a.zone.is_named()} <=> int{b.zone.is_named()};
  return zone_name(a.zone.id()) <=> zone_name(b.zone.id());
}

template <class T>
T element(Bytes data, std::size_t i) {
  T out;
  std::memcpy(&out, data.data() + i * sizeof(T), sizeof(T));
  return out;
}

template <class T>
std::weak_ordering order_elements(const Value& a, const Value& b) {
  for (std::size_t i = 0; i < a.vector_dimensions(); ++i) {
    const T x = element<T>(a.vector_data(), i), y = element<T>(b.vector_data(), i);
    if constexpr (std::is_floating_point_v<T>) {
      if (const auto o = order_reals(static_cast<double>(x), static_cast<double>(y)); o != 0) return o;
    } else {
      if (x != y) return x <=> y;
    }
  }
  return std::weak_ordering::equivalent;
}

std::weak_ordering order_vectors(const Value& a, const Value& b) {
  if (a.vector_dimensions() != b.vector_dimensions()) return a.vector_dimensions() <=> b.vector_dimensions();
  if (a.vector_element() != b.vector_element()) {
    return static_cast<int>(a.vector_element()) <=> static_cast<int>(b.vector_element());
  }
  switch (a.vector_element()) {
    case Element::i8: return order_elements<std::int8_t>(a, b);
    case Element::i16: return order_elements<std::int16_t>(a, b);
    case Element::i32: return order_elements<std::int32_t>(a, b);
    case Element::i64: return order_elements<std::int64_t>(a, b);
    case Element::f32: return order_elements<float>(a, b);
    case Element::f64: return order_elements<double>(a, b);
  }
  return std::weak_ordering::equivalent;
}

std::uint64_t hash_real(double d) {
  if (std::isnan(d)) return 0x7FF8;
  // A real that is a whole number is equivalent to the integer (and -0.0 to 0), so it must hash as that.
  if (d >= -two_63 && d < two_63 && std::trunc(d) == d) return static_cast<std::uint64_t>(static_cast<std::int64_t>(d));
  return std::bit_cast<std::uint64_t>(d);
}

std::uint64_t hash_path(const PathValue& p) {
  std::uint64_t h = p.rels.size();
  for (const NodeId id : p.nodes) h = mix(h, raw(id));
  for (const RelId id : p.rels) h = mix(h, raw(id));
  return h;
}

std::uint64_t hash_vector(const Value& v) {
  std::uint64_t h = v.vector_dimensions() * 8U + static_cast<std::uint64_t>(v.vector_element());
  if (v.vector_element() == Element::f32 || v.vector_element() == Element::f64) {
    for (std::size_t i = 0; i < v.vector_dimensions(); ++i) {
      const double d = v.vector_element() == Element::f32 ? static_cast<double>(element<float>(v.vector_data(), i))
                                                          : element<double>(v.vector_data(), i);
      h = mix(h, hash_real(d));
    }
    return h;
  }
  return mix(h, hash_bytes(v.vector_data()));
}

}  // namespace

std::partial_ordering compare_numbers(const Value& a, const Value& b) {
  if (a.is(Kind::integer)) {
    if (b.is(Kind::integer)) return a.as_integer() <=> b.as_integer();
    return compare_exactly(a.as_integer(), b.as_real());
  }
  if (b.is(Kind::real)) return a.as_real() <=> b.as_real();
  return 0 <=> compare_exactly(b.as_integer(), a.as_real());
}

bool same(const Value& a, const Value& b, bool nan_is_nan) {
  if (a.is_number() && b.is_number()) {
    const auto numbers = compare_numbers(a, b);
    if (numbers != std::partial_ordering::unordered) return numbers == 0;
    return nan_is_nan && std::isnan(a.number()) && std::isnan(b.number());
  }
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::null: return true;
    case Kind::boolean: return a.as_boolean() == b.as_boolean();
    case Kind::string: return a.as_string() == b.as_string();
    case Kind::bytes: return std::ranges::equal(a.as_bytes(), b.as_bytes());
    case Kind::node: return a.as_node() == b.as_node();
    case Kind::relationship: return a.as_relationship() == b.as_relationship();
    case Kind::path: return same_path(a.as_path(), b.as_path());
    case Kind::date: return a.as_date() == b.as_date();
    case Kind::local_time: return a.as_local_time() == b.as_local_time();
    case Kind::time: return a.as_time() == b.as_time();
    case Kind::local_datetime: return a.as_local_datetime() == b.as_local_datetime();
    case Kind::datetime: return a.as_datetime() == b.as_datetime();
    case Kind::duration: return a.as_duration() == b.as_duration();
    case Kind::point: return same_point(a.as_point(), b.as_point());
    case Kind::vector: return order_vectors(a, b) == 0;
    default: return false;
  }
}

std::weak_ordering order(const Value& a, const Value& b) {
  switch (a.kind()) {
    case Kind::boolean: return static_cast<int>(a.as_boolean()) <=> static_cast<int>(b.as_boolean());
    case Kind::integer:
    case Kind::real: return order_numbers(a, b);
    case Kind::string: return order_bytes(as_bytes(a.as_string()), as_bytes(b.as_string()));
    case Kind::bytes: return order_bytes(a.as_bytes(), b.as_bytes());
    case Kind::node: return raw(a.as_node()) <=> raw(b.as_node());
    case Kind::relationship: return raw(a.as_relationship()) <=> raw(b.as_relationship());
    case Kind::path: return order_paths(a.as_path(), b.as_path());
    case Kind::date: return a.as_date().days <=> b.as_date().days;
    case Kind::local_time: return a.as_local_time().nanos <=> b.as_local_time().nanos;
    case Kind::time: return order_times(a.as_time(), b.as_time());
    case Kind::local_datetime: {
      const LocalDateTime x = a.as_local_datetime(), y = b.as_local_datetime();
      return x.seconds != y.seconds ? x.seconds <=> y.seconds : x.nanos <=> y.nanos;
    }
    case Kind::datetime: return order_datetimes(a.as_datetime(), b.as_datetime());
    case Kind::duration: return order_durations(a.as_duration(), b.as_duration());
    case Kind::point: return order_points(a.as_point(), b.as_point());
    case Kind::vector: return order_vectors(a, b);
    default: return std::weak_ordering::equivalent;
  }
}

std::uint64_t hash_bytes(Bytes b) {
  std::uint64_t h = b.size();
  while (b.size() >= 8) {
    h = mix(h, element<std::uint64_t>(b, 0));
    b = b.subspan(8);
  }
  std::uint64_t tail = 0;
  if (!b.empty()) std::memcpy(&tail, b.data(), b.size());
  return mix(h, tail);
}

std::uint64_t hash(const Value& v) {
  const auto kind = static_cast<std::uint64_t>(v.kind());
  switch (v.kind()) {
    case Kind::boolean: return mix(kind, static_cast<std::uint64_t>(v.as_boolean()));
    case Kind::integer: return mix(0, static_cast<std::uint64_t>(v.as_integer()));
    case Kind::real: return mix(0, hash_real(v.as_real()));
    case Kind::string: return mix(kind, hash_bytes(as_bytes(v.as_string())));
    case Kind::bytes: return mix(kind, hash_bytes(v.as_bytes()));
    case Kind::node: return mix(kind, raw(v.as_node()));
    case Kind::relationship: return mix(kind, raw(v.as_relationship()));
    case Kind::path: return mix(kind, hash_path(v.as_path()));
    case Kind::date: return mix(kind, static_cast<std::uint64_t>(v.as_date().days));
    case Kind::local_time: return mix(kind, static_cast<std::uint64_t>(v.as_local_time().nanos));
    case Kind::time:
      return mix(mix(kind, static_cast<std::uint64_t>(v.as_time().nanos)),
                 static_cast<std::uint64_t>(v.as_time().offset));
    case Kind::local_datetime: {
      const LocalDateTime t = v.as_local_datetime();
      return mix(mix(kind, static_cast<std::uint64_t>(t.seconds)), static_cast<std::uint64_t>(t.nanos));
    }
    case Kind::datetime: {
      const DateTime t = v.as_datetime();
      return mix(mix(mix(kind, static_cast<std::uint64_t>(t.seconds)), static_cast<std::uint64_t>(t.nanos)),
                 t.zone.bits());
    }
    case Kind::duration: {
      const Duration& d = v.as_duration();
      return mix(mix(mix(mix(kind, static_cast<std::uint64_t>(d.months)), static_cast<std::uint64_t>(d.days)),
                     static_cast<std::uint64_t>(d.seconds)),
                 static_cast<std::uint64_t>(d.nanos));
    }
    case Kind::point: {
      const Point& p = v.as_point();
      const std::uint64_t plane =
          mix(mix(mix(kind, static_cast<std::uint64_t>(p.crs)), hash_real(p.x)), hash_real(p.y));
      return p.three_d() ? mix(plane, hash_real(p.z)) : plane;
    }
    case Kind::vector: return mix(kind, hash_vector(v));
    default: return mix(kind, 0);
  }
}

}  // namespace packhouse::scalars
