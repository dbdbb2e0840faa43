#include "packstream/elements.hpp"

#include <cstring>

namespace packhouse::packstream {
namespace {

std::uint16_t swapped(std::uint16_t v) { return __builtin_bswap16(v); }
std::uint32_t swapped(std::uint32_t v) { return __builtin_bswap32(v); }
std::uint64_t swapped(std::uint64_t v) { return __builtin_bswap64(v); }

template <class U>
void swap_all(Bytes from, std::byte* to) {
  for (std::size_t at = 0; at + sizeof(U) <= from.size(); at += sizeof(U)) {
    U v;
    std::memcpy(&v, from.data() + at, sizeof v);
    v = swapped(v);
    std::memcpy(to + at, &v, sizeof v);
  }
}

template <class T>
T load(Bytes from, std::size_t index) {
  T v;
  std::memcpy(&v, from.data() + index * sizeof v, sizeof v);
  return v;
}

}  // namespace

void swap_elements(Element e, Bytes from, std::byte* to) {
  if (from.empty()) return;
  switch (size_of(e)) {
    case 1: std::memcpy(to, from.data(), from.size()); break;
    case 2: swap_all<std::uint16_t>(from, to); break;
    case 4: swap_all<std::uint32_t>(from, to); break;
    default: swap_all<std::uint64_t>(from, to); break;
  }
}

ElementNumber element_at(Element e, Bytes little_endian, std::size_t index) {
  switch (e) {
    case Element::i8: return {false, load<std::int8_t>(little_endian, index), 0};
    case Element::i16: return {false, load<std::int16_t>(little_endian, index), 0};
    case Element::i32: return {false, load<std::int32_t>(little_endian, index), 0};
    case Element::i64: return {false, load<std::int64_t>(little_endian, index), 0};
    case Element::f32: return {true, 0, static_cast<double>(load<float>(little_endian, index))};
    case Element::f64: return {true, 0, load<double>(little_endian, index)};
  }
  return {true, 0, 0};
}

}  // namespace packhouse::packstream
