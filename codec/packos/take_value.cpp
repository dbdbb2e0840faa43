#include "codec/packos/take_value.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "value/temporal/zones.hpp"

namespace packhouse::packos {
namespace {

constexpr std::int64_t day_nanos = 86'400'000'000'000;
constexpr std::int64_t max_days = 365'250'000'000;  // beyond year 999,999,999
constexpr std::int64_t max_seconds = max_days * 86'400;
constexpr std::int32_t max_offset = 18 * 3600;

[[gnu::cold]] tl::unexpected<Error> refuse(const FrameView& in, const Field& f, std::string_view what) {
  return fail(Status::storage_failed, fmt::format("{} at byte {} ({} field of {} bytes)", what, in.position(f), name(f.tag), f.bytes.size()));
}

[[gnu::cold, gnu::noinline]] tl::unexpected<Error> refuse_depth(const FrameView& in, const Field& f) {
  return refuse(in, f, fmt::format("more than {} levels of nesting", max_depth));
}
[[gnu::cold, gnu::noinline]] tl::unexpected<Error> refuse_key(const FrameView& in, const Field& key, std::size_t i) {
  if (key.tag == Tag::string) return refuse(in, key, fmt::format("map key {} is not UTF-8", i));
  return refuse(in, key, fmt::format("map key not string at {}, got {}", 2 * i, name(key.tag)));
}

/// Keeps the last value of each key, at the place of the first. Keys in ascending order, the canonical
/// case, cost one comparison each.
std::size_t drop_duplicates(std::span<MapEntry> entries) {
  const auto ascending = [](const MapEntry& a, const MapEntry& b) { return a.key >= b.key; };
  if (std::ranges::adjacent_find(entries, ascending) == entries.end()) return entries.size();
  std::vector<std::uint32_t> order(entries.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return entries[i].key; });
  std::vector<bool> dropped(entries.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t last = i;
    while (last + 1 < order.size() && entries[order[last + 1]].key == entries[order[i]].key) dropped[order[++last]] = true;
    entries[order[i]].value = entries[order[last]].value;
    i = last + 1;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!dropped[i]) entries[kept++] = entries[i];
  }
  return kept;
}

Result<Value> take_list(const FrameView& in, const Field& f, Arena& arena, Take how) {
  if (how.depth <= 0) return refuse_depth(in, f);
  PACKHOUSE_TRY(const FrameView items, in.nested(f));
  auto out = arena.array<Value>(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    PACKHOUSE_TRY(const Field item, items.field(i));
    PACKHOUSE_TRY(out[i], take_value(items, item, arena, how.deeper()));
  }
  return Value::list(out);
}

Result<Value> take_map(const FrameView& in, const Field& f, Arena& arena, Take how) {
  if (how.depth <= 0) return refuse_depth(in, f);
  PACKHOUSE_TRY(const FrameView items, in.nested(f));
  if (items.size() % 2 != 0) return refuse(in, f, fmt::format("a map of {} fields has a key without a value", items.size()));
  auto out = arena.array<MapEntry>(items.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    PACKHOUSE_TRY(const Field key, items.field(2 * i));
    PACKHOUSE_TRY(const Field item, items.field(2 * i + 1));
    if (key.tag != Tag::string || (how.foreign && !is_utf8(as_text(key.bytes)))) return refuse_key(items, key, i);
    PACKHOUSE_TRY(const Value v, take_value(items, item, arena, how.deeper()));
    ::new (&out[i]) MapEntry{as_text(key.bytes), v};
  }
  return Value::map(out.first(drop_duplicates(out)));
}

template <class T, class Make>
Value spread(Bytes data, Arena& arena, Make make) {
  auto out = arena.array<Value>(data.size() / sizeof(T));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = make(load<T>(data.data() + i * sizeof(T)));
  return Value::list(out);
}

Result<Value> take_numbers(const FrameView& in, const Field& f, Bytes body, Arena& arena) {
  if (body.empty()) return refuse(in, f, "a list of numbers without an element code");
  const auto code = load<ElementCode>(body.data());
  const Bytes data = body.subspan(1);
  const std::size_t size = element_size(code);
  if (size == 0) return refuse(in, f, fmt::format("unknown element code {}", static_cast<int>(code)));
  if (data.size() % size != 0) return refuse(in, f, fmt::format("a list of numbers of {} bytes each ends within one", size));
  const auto integer = [](auto v) { return Value::integer(static_cast<std::int64_t>(v)); };
  const auto real = [](auto v) { return Value::real(static_cast<double>(v)); };
  switch (code) {
    case ElementCode::i8: return spread<std::int8_t>(data, arena, integer);
    case ElementCode::i16: return spread<std::int16_t>(data, arena, integer);
    case ElementCode::i32: return spread<std::int32_t>(data, arena, integer);
    case ElementCode::i64: return spread<std::int64_t>(data, arena, integer);
    case ElementCode::f32: return spread<float>(data, arena, real);
    case ElementCode::f64: return spread<double>(data, arena, real);
    case ElementCode::u8: return spread<std::uint8_t>(data, arena, integer);
    case ElementCode::u16: return spread<std::uint16_t>(data, arena, integer);
    case ElementCode::u32: return spread<std::uint32_t>(data, arena, integer);
    case ElementCode::u64: break;
  }
  for (std::size_t i = 0; i < data.size(); i += 8) {
    if (load<std::int64_t>(data.data() + i) < 0) return refuse(in, f, "an unsigned integer beyond the INTEGER type");
  }
  return spread<std::int64_t>(data, arena, integer);
}

Result<Value> take_vector(const FrameView& in, const Field& f, Bytes body) {
  if (body.empty()) return refuse(in, f, "a vector without an element code");
  const auto code = load<std::uint8_t>(body.data());
  if (code > static_cast<std::uint8_t>(Element::f64)) return refuse(in, f, fmt::format("unknown vector element code {}", code));
  const std::size_t size = size_of(static_cast<Element>(code));
  if ((body.size() - 1) % size != 0) return refuse(in, f, fmt::format("a vector of elements of {} bytes ends within one", size));
  return Value::vector(static_cast<Element>(code), static_cast<std::uint32_t>((body.size() - 1) / size), body.data() + 1);
}

bool good_moment(std::int64_t seconds, std::uint32_t nanos) {
  return seconds >= -max_seconds && seconds <= max_seconds && nanos < 1'000'000'000;
}

Result<Value> take_datetime(const FrameView& in, const Field& f, Extension kind, Bytes body) {
  const bool named = kind == Extension::datetime_zone;
  if (named ? body.size() < 13 : body.size() != (kind == Extension::local_datetime ? 12 : 16)) {
    return refuse(in, f, "a datetime of the wrong size");
  }
  const auto seconds = load<std::int64_t>(body.data());
  const auto nanos = load<std::uint32_t>(body.data() + 8);
  if (!good_moment(seconds, nanos)) return refuse(in, f, "a datetime out of range");
  const auto n = static_cast<std::int32_t>(nanos);
  if (kind == Extension::local_datetime) return Value::local_datetime({seconds, n});
  if (!named) {
    const auto offset = load<std::int32_t>(body.data() + 12);
    if (offset < -max_offset || offset > max_offset) return refuse(in, f, fmt::format("a zone offset of {} seconds", offset));
    return Value::datetime({seconds, n, Zone::offset(offset)});
  }
  const auto zone = as_text(body.subspan(12));
  const auto id = zone_id(zone);
  if (!id) return refuse(in, f, fmt::format("a datetime in the time zone '{}', which this machine does not know", zone));
  return Value::datetime({seconds, n, Zone::named(*id)});
}

Result<Value> take_time(const FrameView& in, const Field& f, Extension kind, Bytes body) {
  if (body.size() != (kind == Extension::time ? 12 : 8)) return refuse(in, f, "a time of the wrong size");
  const auto nanos = load<std::int64_t>(body.data());
  if (nanos < 0 || nanos >= day_nanos) return refuse(in, f, fmt::format("a time of {} nanoseconds of the day", nanos));
  if (kind == Extension::local_time) return Value::local_time({nanos});
  const auto offset = load<std::int32_t>(body.data() + 8);
  if (offset < -max_offset || offset > max_offset) return refuse(in, f, fmt::format("a zone offset of {} seconds", offset));
  return Value::time({nanos, offset});
}

Result<Value> take_point(const FrameView& in, const Field& f, Bytes body, Arena& arena) {
  if (body.size() != 18 && body.size() != 26) return refuse(in, f, "a point of the wrong size");
  Point p;
  p.crs = load<Crs>(body.data());
  if (p.crs != Crs::wgs84_2d && p.crs != Crs::wgs84_3d && p.crs != Crs::cartesian_2d && p.crs != Crs::cartesian_3d) {
    return refuse(in, f, fmt::format("a point with the unknown SRID {}", static_cast<unsigned>(p.crs)));
  }
  if (p.three_d() != (body.size() == 26)) return refuse(in, f, "a point whose SRID and number of coordinates disagree");
  p.x = load<double>(body.data() + 2);
  p.y = load<double>(body.data() + 10);
  if (p.three_d()) p.z = load<double>(body.data() + 18);
  return Value::point(arena.make<Point>(p));
}

Result<Value> take_duration(const FrameView& in, const Field& f, Bytes body, Arena& arena) {
  if (body.size() != 28) return refuse(in, f, "a duration of the wrong size");
  const auto nanos = load<std::uint32_t>(body.data() + 24);
  if (nanos >= 1'000'000'000) return refuse(in, f, fmt::format("a duration of {} nanoseconds", nanos));
  return Value::duration(arena.make<Duration>(load<std::int64_t>(body.data()), load<std::int64_t>(body.data() + 8),
                                              load<std::int64_t>(body.data() + 16), static_cast<std::int32_t>(nanos)));
}

Result<Value> take_small(const FrameView& in, const Field& f, Extension kind, Bytes body) {
  if (!is_integer_width(body.size())) return refuse(in, f, "an integer of the wrong size");
  if (kind == Extension::date) {
    const auto days = load_integer(body.data(), body.size());
    if (days < -max_days || days > max_days) return refuse(in, f, fmt::format("a date of {} days since 1970", days));
    return Value::date({days});
  }
  const auto v = load_unsigned(body.data(), body.size());
  if (v > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return refuse(in, f, fmt::format("the unsigned integer {}, beyond the INTEGER type,", v));
  }
  return Value::integer(static_cast<std::int64_t>(v));
}

Result<Value> take_extended(const FrameView& in, const Field& f, Arena& arena) {
  if (f.bytes.empty()) return refuse(in, f, "an extended field without its kind byte");
  const auto kind = load<Extension>(f.bytes.data());
  const Bytes body = f.bytes.subspan(1);
  switch (kind) {
    case Extension::wide_tuple:
    case Extension::wide_map: break;  // containers are dealt with before
    case Extension::empty_list: return body.empty() ? Result<Value>(Value::list({})) : refuse(in, f, "an empty list with content");
    case Extension::bytes: return Value::bytes(body);
    case Extension::unsigned_integer:
    case Extension::date: return take_small(in, f, kind, body);
    case Extension::vector: return take_vector(in, f, body);
    case Extension::numbers: return take_numbers(in, f, body, arena);
    case Extension::local_time:
    case Extension::time: return take_time(in, f, kind, body);
    case Extension::local_datetime:
    case Extension::datetime_offset:
    case Extension::datetime_zone: return take_datetime(in, f, kind, body);
    case Extension::duration: return take_duration(in, f, body, arena);
    case Extension::point: return take_point(in, f, body, arena);
  }
  return refuse(in, f, fmt::format("unknown kind {} of version {} of an extended field", static_cast<unsigned>(kind) & 63,
                                   static_cast<unsigned>(kind) >> 6));
}

/// Whatever holds no other values.
[[gnu::noinline]] Result<Value> take_leaf(const FrameView& in, const Field& f, Arena& arena) {
  switch (f.tag) {
    case Tag::integer:
      if (f.bytes.empty()) return Value();
      return refuse(in, f, fmt::format("unsupported integer size {}", f.bytes.size()));
    case Tag::floating:
      if (f.bytes.empty()) return Value();
      if (f.bytes.size() == 4) return Value::real(static_cast<double>(load<float>(f.bytes.data())));
      return refuse(in, f, fmt::format("unsupported float size {}", f.bytes.size()));
    case Tag::boolean:
      if (f.bytes.empty()) return Value();  // P5
      return refuse(in, f, fmt::format("invalid bool size {}", f.bytes.size()));
    case Tag::extended: return take_extended(in, f, arena);
    case Tag::string: return Value::bytes(f.bytes);  // not UTF-8, or take_value would have taken it
    case Tag::end: return refuse(in, f, "unsupported type invalid");
    case Tag::tuple:
    case Tag::map: break;
  }
  return refuse(in, f, "unknown tag");
}

}  // namespace

// Small, so that deep nesting needs little of the stack.
Result<Value> take_other(const FrameView& in, const Field& f, Arena& arena, Take how) {
  const bool wide = FrameView::is_wide(f);
  const bool map = wide ? load<Extension>(f.bytes.data()) == Extension::wide_map : f.tag == Tag::map;
  if (map) return take_map(in, f, arena, how);
  if (f.tag != Tag::tuple && !wide) return take_leaf(in, f, arena);
  if (f.bytes.empty()) return Value();
  return take_list(in, f, arena, how);
}

}  // namespace packhouse::packos
