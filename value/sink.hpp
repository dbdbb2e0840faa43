#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "value/value.hpp"

namespace packhouse {

/// Given as the size of a list or map when it isn't known until the end.
inline constexpr std::uint32_t unknown_size = std::numeric_limits<std::uint32_t>::max();

/// The one vocabulary every format speaks. A reader turns bytes into these calls, a writer turns
/// these calls into bytes, and ValueBuilder turns them into a Value. Connect any reader to any
/// writer and you have a converter that allocates nothing: n formats cost n readers and n writers.
///
/// Order of calls for one value: a scalar call; or list_begin, n values, list_end; or map_begin,
/// n times (key, value), map_end; or structure_begin(tag, n), n values, structure_end.
/// Views passed to a sink live only until the call returns. A sink that can't carry something
/// (a structure in JSON) returns an error; after any error the sink's output is undefined.
template <class S>
concept ValueSink = requires(S& s, std::uint32_t n, std::string_view text, Bytes raw) {
  { s.null() } -> std::same_as<Result<void>>;
  { s.boolean(true) } -> std::same_as<Result<void>>;
  { s.integer(std::int64_t{}) } -> std::same_as<Result<void>>;
  { s.real(double{}) } -> std::same_as<Result<void>>;
  { s.string(text) } -> std::same_as<Result<void>>;
  { s.bytes(raw) } -> std::same_as<Result<void>>;
  { s.list_begin(n) } -> std::same_as<Result<void>>;  // n or unknown_size
  { s.list_end() } -> std::same_as<Result<void>>;
  { s.map_begin(n) } -> std::same_as<Result<void>>;   // n or unknown_size
  { s.key(text) } -> std::same_as<Result<void>>;
  { s.map_end() } -> std::same_as<Result<void>>;
  { s.structure_begin(std::uint8_t{}, n) } -> std::same_as<Result<void>>;  // a PackStream structure as such
  { s.structure_end() } -> std::same_as<Result<void>>;
  { s.date(Date{}) } -> std::same_as<Result<void>>;
  { s.local_time(LocalTime{}) } -> std::same_as<Result<void>>;
  { s.time(Time{}) } -> std::same_as<Result<void>>;
  { s.local_datetime(LocalDateTime{}) } -> std::same_as<Result<void>>;
  { s.datetime(DateTime{}) } -> std::same_as<Result<void>>;
  { s.duration(Duration{}) } -> std::same_as<Result<void>>;
  { s.point(Point{}) } -> std::same_as<Result<void>>;
  { s.vector(Element{}, n, raw) } -> std::same_as<Result<void>>;  // little-endian elements
};

}  // namespace packhouse
