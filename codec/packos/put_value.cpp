#include "codec/packos/put_value.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "value/temporal/zones.hpp"

namespace packhouse::packos {
namespace {

/// What the Go module has no form for.
Result<void> extended_allowed(const FrameWriter& out, Kind k) {
  if (!out.strict()) [[likely]] return ok;
  return fail(Status::type_error, fmt::format("plain PackOS has no form for {}", type_name(k)));
}

std::byte* put_moment(std::byte* at, std::int64_t seconds, std::int32_t nanos) {
  store(at, seconds);
  store(at + 8, static_cast<std::uint32_t>(nanos));
  return at + 12;
}

template <class T, class Get>
void put_elements(FrameWriter& out, ElementCode code, std::span<const Value> items, Get get) {
  std::byte* at = out.extended(Extension::numbers, 1 + items.size() * sizeof(T));
  store(at, code);
  for (std::size_t i = 0; i < items.size(); ++i) store(at + 1 + i * sizeof(T), static_cast<T>(get(items[i])));
}

/// Lists of numbers of one kind, at the smallest width that holds all of them.
bool put_numbers(FrameWriter& out, std::span<const Value> items) {
  const Kind kind = items[0].kind();
  if (kind != Kind::integer && kind != Kind::real) return false;
  if (!std::ranges::all_of(items, [kind](const Value& v) { return v.is(kind); })) return false;
  if (kind == Kind::real) {
    put_elements<double>(out, ElementCode::f64, items, [](const Value& v) { return v.as_real(); });
    return true;
  }
  std::size_t width = 1;
  for (const Value& v : items) width = std::max(width, integer_width(v.as_integer()));
  const auto get = [](const Value& v) { return v.as_integer(); };
  switch (width) {
    case 1: put_elements<std::int8_t>(out, ElementCode::i8, items, get); break;
    case 2: put_elements<std::int16_t>(out, ElementCode::i16, items, get); break;
    case 4: put_elements<std::int32_t>(out, ElementCode::i32, items, get); break;
    default: put_elements<std::int64_t>(out, ElementCode::i64, items, get); break;
  }
  return true;
}

Result<void> put_list(FrameWriter& out, std::span<const Value> items, int depth) {
  if (!out.strict() && items.size() >= packed_list_items && put_numbers(out, items)) return ok;
  out.begin_tuple(items.size());
  for (const Value& item : items) PACKHOUSE_CHECK(put_value(out, item, depth - 1));
  return out.end_list();
}

Result<void> put_map(FrameWriter& out, std::span<const MapEntry> entries, int depth) {
  out.begin_map(entries.size());
  for (const auto& [key, item] : entries) {
    out.string(key);
    PACKHOUSE_CHECK(put_value(out, item, depth - 1));
  }
  return out.end_map();
}

}  // namespace

Result<void> put_other(FrameWriter& out, const Value& v, int depth) {
  if (depth <= 0 && (v.is(Kind::list) || v.is(Kind::map))) {
    return fail(Status::argument_error, fmt::format("the value has more than {} levels of nesting", max_depth));
  }
  switch (v.kind()) {
    case Kind::list: return put_list(out, v.as_list(), depth);
    case Kind::map: return put_map(out, v.as_map(), depth);
    case Kind::bytes: return put_bytes(out, v.as_bytes());
    case Kind::date: return put_date(out, v.as_date());
    case Kind::local_time: return put_local_time(out, v.as_local_time());
    case Kind::time: return put_time(out, v.as_time());
    case Kind::local_datetime: return put_local_datetime(out, v.as_local_datetime());
    case Kind::datetime: return put_datetime(out, v.as_datetime());
    case Kind::duration: return put_duration(out, v.as_duration());
    case Kind::point: return put_point(out, v.as_point());
    case Kind::vector: return put_vector(out, v.vector_element(), v.vector_data());
    case Kind::node:
    case Kind::relationship:
    case Kind::path: return fail(Status::type_error, fmt::format("{} can't be packed; pack its properties", type_name(v.kind())));
    case Kind::null:
    case Kind::boolean:
    case Kind::integer:
    case Kind::real:
    case Kind::string: break;
  }
  return put_value(out, v, depth);
}

Result<void> put_bytes(FrameWriter& out, Bytes v) {
  if (out.strict()) {
    out.plain_bytes(v);
    return ok;
  }
  std::byte* at = out.extended(Extension::bytes, v.size());
  if (!v.empty()) std::memcpy(at, v.data(), v.size());
  return ok;
}

Result<void> put_vector(FrameWriter& out, Element e, Bytes data) {
  PACKHOUSE_CHECK(extended_allowed(out, Kind::vector));
  std::byte* at = out.extended(Extension::vector, 1 + data.size());
  store(at, e);
  if (!data.empty()) std::memcpy(at + 1, data.data(), data.size());
  return ok;
}

Result<void> put_date(FrameWriter& out, Date v) {
  PACKHOUSE_CHECK(extended_allowed(out, Kind::date));
  out.extended_integer(Extension::date, v.days);
  return ok;
}

Result<void> put_local_time(FrameWriter& out, LocalTime v) {
  PACKHOUSE_CHECK(extended_allowed(out, Kind::local_time));
  store(out.extended(Extension::local_time, 8), v.nanos);
  return ok;
}

Result<void> put_time(FrameWriter& out, Time v) {
  PACKHOUSE_CHECK(extended_allowed(out, Kind::time));
  std::byte* at = out.extended(Extension::time, 12);
  store(at, v.nanos);
  store(at + 8, v.offset);
  return ok;
}

Result<void> put_local_datetime(FrameWriter& out, LocalDateTime v) {
  PACKHOUSE_CHECK(extended_allowed(out, Kind::local_datetime));
  put_moment(out.extended(Extension::local_datetime, 12), v.seconds, v.nanos);
  return ok;
}

Result<void> put_datetime(FrameWriter& out, DateTime v) {
  PACKHOUSE_CHECK(extended_allowed(out, Kind::datetime));
  if (!v.zone.is_named()) {
    store(put_moment(out.extended(Extension::datetime_offset, 16), v.seconds, v.nanos), v.zone.offset_seconds());
    return ok;
  }
  const auto zone = zone_name(v.zone.id());
  if (zone.empty()) return fail(Status::internal, fmt::format("a datetime names the unknown time zone {}", v.zone.id()));
  std::byte* at = put_moment(out.extended(Extension::datetime_zone, 12 + zone.size()), v.seconds, v.nanos);
  std::memcpy(at, zone.data(), zone.size());
  return ok;
}

Result<void> put_duration(FrameWriter& out, const Duration& v) {
  PACKHOUSE_CHECK(extended_allowed(out, Kind::duration));
  std::byte* at = out.extended(Extension::duration, 28);
  store(at, v.months);
  store(at + 8, v.days);
  put_moment(at + 16, v.seconds, v.nanos);
  return ok;
}

Result<void> put_point(FrameWriter& out, const Point& v) {
  PACKHOUSE_CHECK(extended_allowed(out, Kind::point));
  std::byte* at = out.extended(Extension::point, v.three_d() ? 26 : 18);
  store(at, v.crs);
  store(at + 2, v.x);
  store(at + 10, v.y);
  if (v.three_d()) store(at + 18, v.z);
  return ok;
}

}  // namespace packhouse::packos
