#pragma once
#include <limits>
#include <ranges>

#include "packstream/cursor.hpp"
#include "packstream/describe.hpp"
#include "packstream/writer.hpp"
#include "value/write.hpp"

namespace packhouse::packstream {

/// Writes a C++ value: numbers, bool, char32_t (its code point), text, Bytes and vectors of std::byte
/// (bytes), optional and monostate (null), ranges (lists), tuples, pairs and arrays (lists), maps with
/// textual keys, described structs (maps or structures), variants, temporal values, points, Value,
/// RawValue. Unsigned numbers above 2^63-1 are an error; keys that are not text don't compile.
template <class T>
Result<void> encode(const T& v, Writer& out);

/// encode() into a buffer of its own.
template <class T>
Result<Buffer> to_bytes(const T& v, const Dialect& dialect = {}) {
  Buffer out;
  Writer writer(out, dialect);
  PACKHOUSE_CHECK(encode(v, writer));
  return out;
}

namespace typed {

template <class T>
Result<void> write_number(T v, Writer& out) {
  if constexpr (std::is_floating_point_v<T>) {
    return out.real(static_cast<double>(v));
  } else {
    if (std::cmp_greater(v, std::numeric_limits<std::int64_t>::max())) {
      return fail(Status::argument_error, "integer " + std::to_string(v) + " does not fit 64 bits with sign");
    }
    return out.integer(static_cast<std::int64_t>(v));
  }
}

template <class T>
Result<void> write_tuple(const T& v, Writer& out) {
  PACKHOUSE_CHECK(out.list_begin(static_cast<std::uint32_t>(std::tuple_size_v<T>)));
  Result<void> r;
  std::apply([&](const auto&... items) { (void)((r = encode(items, out)).has_value() && ...); }, v);
  PACKHOUSE_CHECK(r);
  return out.list_end();
}

template <class T>
Result<void> write_map(const T& v, Writer& out) {
  static_assert(shape::Text<typename T::key_type>, "the keys of a PackStream map are strings");
  PACKHOUSE_CHECK(out.map_begin(static_cast<std::uint32_t>(v.size())));
  for (const auto& [key, value] : v) {
    PACKHOUSE_CHECK(out.key(key));
    PACKHOUSE_CHECK(encode(value, out));
  }
  return out.map_end();
}

template <class T>
Result<void> write_range(const T& v, Writer& out) {
  std::uint32_t size = unknown_size;
  if constexpr (std::ranges::sized_range<const T>) size = static_cast<std::uint32_t>(std::ranges::size(v));
  PACKHOUSE_CHECK(out.list_begin(size));
  for (const auto& item : v) PACKHOUSE_CHECK(encode(item, out));
  return out.list_end();
}

template <class T>
Result<void> write_described(const T& v, Writer& out) {
  constexpr auto n = static_cast<std::uint32_t>(field_count<T>);
  if constexpr (TaggedStructure<T>) {
    static_assert(n <= max_fields);
    PACKHOUSE_CHECK(out.structure_begin(Description<T>::structure_tag, n));
    PACKHOUSE_CHECK((for_each_field<T>(v, [&](std::string_view, const auto& m) { return encode(m, out); })));
    return out.structure_end();
  } else {
    PACKHOUSE_CHECK(out.map_begin(n));
    const auto entry = [&](std::string_view name, const auto& m) -> Result<void> {
      PACKHOUSE_CHECK(out.key(name));
      return encode(m, out);
    };
    PACKHOUSE_CHECK(for_each_field<T>(v, entry));
    return out.map_end();
  }
}

template <class T>
Result<void> write_scalar(const T& v, Writer& out) {
  if constexpr (std::is_same_v<T, Date>) return out.date(v);
  else if constexpr (std::is_same_v<T, LocalTime>) return out.local_time(v);
  else if constexpr (std::is_same_v<T, Time>) return out.time(v);
  else if constexpr (std::is_same_v<T, LocalDateTime>) return out.local_datetime(v);
  else if constexpr (std::is_same_v<T, DateTime>) return out.datetime(v);
  else if constexpr (std::is_same_v<T, Duration>) return out.duration(v);
  else if constexpr (std::is_same_v<T, Point>) return out.point(v);
  else if constexpr (std::is_same_v<T, Value>) return write(v, out);
  else if constexpr (std::is_same_v<T, RawValue>) return out.raw(v.bytes);
  else static_assert(sizeof(T) == 0, "this type has no form in PackStream: describe it (packstream/describe.hpp)");
}

}  // namespace typed

/// Types that write themselves: `Result<void> T::packstream_encode(Writer&) const`.
template <class T>
concept WritesItself = requires(const T& v, Writer& w) { v.packstream_encode(w); };

template <class T>
Result<void> encode(const T& v, Writer& out) {
  if constexpr (WritesItself<T>) return v.packstream_encode(out);
  else if constexpr (std::is_same_v<T, bool>) return out.boolean(v);
  else if constexpr (std::is_same_v<T, char32_t>) return out.integer(static_cast<std::int64_t>(v));
  else if constexpr (shape::Number<T>) return typed::write_number(v, out);
  else if constexpr (shape::Text<T>) return out.string(v);
  else if constexpr (std::is_same_v<T, Bytes> || std::is_same_v<T, std::vector<std::byte>>) return out.bytes(v);
  else if constexpr (std::is_same_v<T, std::monostate> || std::is_same_v<T, std::nullopt_t>) return out.null();
  else if constexpr (shape::is_optional<T>) return v ? encode(*v, out) : out.null();
  else if constexpr (shape::is_tuple<T>) return typed::write_tuple(v, out);
  else if constexpr (shape::is_map<T>) return typed::write_map(v, out);
  else if constexpr (shape::is_variant<T>) return std::visit([&](const auto& a) { return encode(a, out); }, v);
  else if constexpr (Described<T>) return typed::write_described(v, out);
  else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) return out.integers(v);
  else if constexpr (std::ranges::input_range<const T>) return typed::write_range(v, out);
  else return typed::write_scalar(v, out);
}

}  // namespace packhouse::packstream
