#pragma once
#include "base/bytes.hpp"
#include "value/value.hpp"

namespace packhouse::packstream {

/// Copies vector elements and turns round the bytes of each: PackStream's are big-endian, a Value's
/// little-endian. `to` has room for from.size() bytes, a whole number of elements.
void swap_elements(Element e, Bytes from, std::byte* to);

/// One little-endian element as a number: integers exactly in `integer`, reals in `real`.
struct ElementNumber {
  bool is_real;
  std::int64_t integer;
  double real;
};
ElementNumber element_at(Element e, Bytes little_endian, std::size_t index);

}  // namespace packhouse::packstream
