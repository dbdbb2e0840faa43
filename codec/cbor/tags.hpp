#pragma once
#include <cstdint>
#include <optional>

#include "value/value.hpp"

// CBOR (RFC 8949) has tags for what it has no form of its own for. Packhouse writes registered ones only:
//
//   tag                  value          content
//     1                  timestamp      integer seconds since 1970; read as a DateTime at offset 0, never written
//     2, 3               integer        big number, read if it fits 64 bits; never written
//    27                  (see below)    [name, arguments ...]: a language-independent object
//    72 77 78 79 85 86   Vector         byte string of little-endian i8, i16, i32, i64, f32, f64 (RFC 8746)
//   100                  Date           integer days since 1970-01-01 (RFC 8943)
//   55799                any            says only that this is CBOR; read, never written
//
// Objects of tag 27:
//   ["LocalTime", nanoseconds]                        ["Time", nanoseconds, offset in seconds]
//   ["LocalDateTime", seconds, nanoseconds]           ["DateTime", UTC seconds, nanoseconds, offset or zone name]
//   ["Duration", months, days, seconds, nanoseconds]  ["Point", SRID, x, y] or with z
namespace packhouse::codec::cbor {

inline constexpr std::uint64_t tag_epoch = 1, tag_positive = 2, tag_negative = 3, tag_object = 27, tag_date = 100,
                               tag_cbor = 55799;

constexpr std::uint64_t tag_of(Element e) {
  constexpr std::uint8_t tags[] = {72, 77, 78, 79, 85, 86};
  return tags[static_cast<std::size_t>(e)];
}

constexpr std::optional<Element> element_of(std::uint64_t tag) {
  for (const Element e : {Element::i8, Element::i16, Element::i32, Element::i64, Element::f32, Element::f64}) {
    if (tag_of(e) == tag) return e;
  }
  return {};
}

}  // namespace packhouse::codec::cbor
