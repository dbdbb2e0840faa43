#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace packhouse::packos {

// The numbers of the format; docs/RECORDS.md is the byte by byte description.
static_assert(std::endian::native == std::endian::little, "PackOS is little-endian and is read in place");

enum class Tag : std::uint8_t { end = 0, integer, extended, floating, tuple, boolean, string, map };

/// First byte of an extended (tag 2) field: what follows it. Bits 6 and 7 are the version, 0 today.
enum class Extension : std::uint8_t {
  wide_tuple = 1,  ///< a frame with 32-bit offsets
  wide_map,
  empty_list,      ///< nothing follows; a tuple of width 0 is null
  bytes,
  unsigned_integer,  ///< 1, 2, 4 or 8 bytes
  vector,            ///< element code, elements: a typed VECTOR value
  numbers,           ///< element code, elements: a list of integers or of floats
  date,              ///< days, as an integer of 1, 2, 4 or 8 bytes
  local_time,        ///< nanoseconds i64
  time,              ///< nanoseconds i64, offset i32
  local_datetime,    ///< seconds i64, nanoseconds u32
  datetime_offset,   ///< seconds i64, nanoseconds u32, offset i32
  datetime_zone,     ///< seconds i64, nanoseconds u32, zone name
  duration,          ///< months i64, days i64, seconds i64, nanoseconds u32
  point,             ///< SRID u16, x f64, y f64 [, z f64]
};

/// Element codes of `vector` and `numbers`; the first six are packhouse::Element.
enum class ElementCode : std::uint8_t { i8, i16, i32, i64, f32, f64, u8, u16, u32, u64 };
constexpr std::size_t element_size(ElementCode e) {
  constexpr std::uint8_t sizes[] = {1, 2, 4, 8, 4, 8, 1, 2, 4, 8};
  return static_cast<std::size_t>(e) < sizeof sizes ? sizes[static_cast<std::size_t>(e)] : 0;
}

inline constexpr std::size_t max_narrow_payload = 8191;
inline constexpr std::size_t max_narrow_fields = 4094;
inline constexpr std::size_t max_wide_payload = 0xFFFFFFFF;
/// Nesting that readers and writers accept (P7).
inline constexpr int max_depth = 1000;

/// Header of a record that is too large for 13 bits: one tag-2 field whose end is saturated.
inline constexpr std::uint32_t wide_head = 0xFFF80022;
inline constexpr std::size_t wide_head_size = 4;

template <class T>
T load(const std::byte* at) {
  T v;
  std::memcpy(&v, at, sizeof v);
  return v;
}
template <class T>
void store(std::byte* at, T v) {
  std::memcpy(at, &v, sizeof v);
}

/// The smallest of 1, 2, 4, 8 bytes that holds `v` in two's complement.
constexpr std::size_t integer_width(std::int64_t v) {
  const auto magnitude = static_cast<std::uint64_t>(v < 0 ? ~v : v);
  const auto bits = std::bit_width(magnitude) + 1;
  return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
}
/// The smallest of 1, 2, 4, 8 bytes that holds `v`.
constexpr std::size_t unsigned_width(std::uint64_t v) {
  const auto bits = std::bit_width(v);
  return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
}

/// Sign-extended integer of `width` bytes; `width` is 1, 2, 4 or 8.
inline std::int64_t load_integer(const std::byte* at, std::size_t width) {
  switch (width) {
    case 1: return load<std::int8_t>(at);
    case 2: return load<std::int16_t>(at);
    case 4: return load<std::int32_t>(at);
    default: return load<std::int64_t>(at);
  }
}
inline std::uint64_t load_unsigned(const std::byte* at, std::size_t width) {
  switch (width) {
    case 1: return load<std::uint8_t>(at);
    case 2: return load<std::uint16_t>(at);
    case 4: return load<std::uint32_t>(at);
    default: return load<std::uint64_t>(at);
  }
}
constexpr bool is_integer_width(std::size_t n) { return n == 1 || n == 2 || n == 4 || n == 8; }

}  // namespace packhouse::packos
