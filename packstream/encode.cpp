#include "packstream/encode.hpp"

#include <string>

namespace packhouse::packstream {
namespace {

enum class Trouble : std::uint8_t { none, too_deep, entity, too_large };

Trouble encode(const Value& v, Writer& out, std::uint32_t depth);

/// How many integers stand at the front.
std::size_t integers_in(std::span<const Value> items) {
  std::size_t n = 0;
  while (n < items.size() && items[n].is(Kind::integer)) ++n;
  return n;
}

Trouble encode_list(std::span<const Value> items, Writer& out, std::uint32_t depth) {
  if (depth == 0) return Trouble::too_deep;
  if (items.size() > max_size) return Trouble::too_large;
  out.write_list_header(items.size());
  constexpr std::size_t long_run = 8;  // from here on it pays to look for integers in a row
  while (!items.empty()) {
    const std::size_t run = items.size() < long_run ? 0 : integers_in(items);
    if (run > 0) {
      out.write_run(run, [items](std::size_t i) { return items[i].as_integer(); });
      items = items.subspan(run);
      continue;
    }
    if (const Trouble t = encode(items.front(), out, depth - 1); t != Trouble::none) [[unlikely]] return t;
    items = items.subspan(1);
  }
  return Trouble::none;
}

Trouble encode_map(std::span<const MapEntry> entries, Writer& out, std::uint32_t depth) {
  if (depth == 0) return Trouble::too_deep;
  if (entries.size() > max_size) return Trouble::too_large;
  out.write_map_header(entries.size());
  for (const MapEntry& e : entries) {
    if (e.key.size() > max_size) [[unlikely]] return Trouble::too_large;
    out.write_string(e.key);
    if (const Trouble t = encode(e.value, out, depth - 1); t != Trouble::none) [[unlikely]] return t;
  }
  return Trouble::none;
}

Trouble encode(const Value& v, Writer& out, std::uint32_t depth) {
  switch (v.kind()) {
    case Kind::null: return out.write_null(), Trouble::none;
    case Kind::boolean: return out.write_boolean(v.as_boolean()), Trouble::none;
    case Kind::integer: return out.write_integer(v.as_integer()), Trouble::none;
    case Kind::real: return out.write_real(v.as_real()), Trouble::none;
    case Kind::string:
      if (v.as_string().size() > max_size) [[unlikely]] return Trouble::too_large;
      return out.write_string(v.as_string()), Trouble::none;
    case Kind::bytes:
      if (v.as_bytes().size() > max_size) [[unlikely]] return Trouble::too_large;
      return out.write_bytes(v.as_bytes()), Trouble::none;
    case Kind::list: return encode_list(v.as_list(), out, depth);
    case Kind::map: return encode_map(v.as_map(), out, depth);
    case Kind::date: return out.write_date(v.as_date()), Trouble::none;
    case Kind::local_time: return out.write_local_time(v.as_local_time()), Trouble::none;
    case Kind::time: return out.write_time(v.as_time()), Trouble::none;
    case Kind::local_datetime: return out.write_local_datetime(v.as_local_datetime()), Trouble::none;
    case Kind::datetime: return out.write_datetime(v.as_datetime()), Trouble::none;
    case Kind::duration: return out.write_duration(v.as_duration()), Trouble::none;
    case Kind::point: return out.write_point(v.as_point()), Trouble::none;
    case Kind::vector:
      if (v.vector_data().size() > max_size) [[unlikely]] return Trouble::too_large;
      return out.write_vector(v.vector_element(), v.vector_dimensions(), v.vector_data()), Trouble::none;
    case Kind::node:
    case Kind::relationship:
    case Kind::path: break;
  }
  return Trouble::entity;
}

}  // namespace

Result<void> encode_value(const Value& v, Writer& out, std::uint32_t max_depth) {
  switch (encode(v, out, max_depth)) {
    case Trouble::none: return {};
    case Trouble::too_deep: return fail(Status::argument_error, "the value is nested too deeply");
    case Trouble::too_large:
      return fail(Status::argument_error, "PackStream can't carry a size above " + std::to_string(max_size));
    case Trouble::entity: break;
  }
  return fail(Status::type_error, "a graph entity can't be written without its graph");
}

}  // namespace packhouse::packstream
