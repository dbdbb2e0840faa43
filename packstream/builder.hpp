#pragma once
#include <bit>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "packstream/markers.hpp"

namespace packhouse::packstream {

/// Puts PackStream together marker by marker, for tests: any width, sensible or not. What it makes need
/// not be valid; who wants valid bytes uses Writer.
class Builder {
 public:
  Builder& null() { return put(marker::null); }
  Builder& boolean(bool v) { return put(v ? marker::true_ : marker::false_); }
  Builder& tiny_int(std::int8_t v) { return put(static_cast<std::uint8_t>(v)); }
  Builder& int8(std::int8_t v) { return put(marker::int8).number(v); }
  Builder& int16(std::int16_t v) { return put(marker::int16).number(v); }
  Builder& int32(std::int32_t v) { return put(marker::int32).number(v); }
  Builder& int64(std::int64_t v) { return put(marker::int64).number(v); }
  Builder& real(double v) { return put(marker::real).number(std::bit_cast<std::uint64_t>(v)); }
  Builder& bytes8(Bytes v) { return sized8(marker::bytes8, v.size()).extend(v); }
  Builder& bytes16(Bytes v) { return sized16(marker::bytes16, v.size()).extend(v); }
  Builder& bytes32(Bytes v) { return sized32(marker::bytes32, v.size()).extend(v); }
  Builder& tiny_string(std::string_view v) { return tiny(marker::tiny_string, v.size()).extend(as_bytes(v)); }
  Builder& string8(std::string_view v) { return sized8(marker::string8, v.size()).extend(as_bytes(v)); }
  Builder& string16(std::string_view v) { return sized16(marker::string16, v.size()).extend(as_bytes(v)); }
  Builder& string32(std::string_view v) { return sized32(marker::string32, v.size()).extend(as_bytes(v)); }
  Builder& tiny_list(std::size_t n) { return tiny(marker::tiny_list, n); }
  Builder& list8(std::size_t n) { return sized8(marker::list8, n); }
  Builder& list16(std::size_t n) { return sized16(marker::list16, n); }
  Builder& list32(std::size_t n) { return sized32(marker::list32, n); }
  Builder& tiny_map(std::size_t n) { return tiny(marker::tiny_map, n); }
  Builder& map8(std::size_t n) { return sized8(marker::map8, n); }
  Builder& map16(std::size_t n) { return sized16(marker::map16, n); }
  Builder& map32(std::size_t n) { return sized32(marker::map32, n); }
  Builder& structure(std::size_t fields, std::uint8_t tag) { return tiny(marker::structure, fields).put(tag); }
  Builder& extend(Bytes raw) {
    out_.insert(out_.end(), raw.begin(), raw.end());
    return *this;
  }
  const std::vector<std::byte>& build() const { return out_; }

 private:
  Builder& put(std::uint8_t b) {
    out_.push_back(std::byte{b});
    return *this;
  }
  template <class T>
  Builder& number(T v) {
    for (std::size_t i = sizeof(T); i-- > 0;) put(static_cast<std::uint8_t>(static_cast<std::uint64_t>(v) >> (8 * i)));
    return *this;
  }
  Builder& tiny(std::uint8_t marker, std::size_t n) { return put(static_cast<std::uint8_t>(marker | (n & 0x0F))); }
  Builder& sized8(std::uint8_t marker, std::size_t n) { return put(marker).number(static_cast<std::uint8_t>(n)); }
  Builder& sized16(std::uint8_t marker, std::size_t n) { return put(marker).number(static_cast<std::uint16_t>(n)); }
  Builder& sized32(std::uint8_t marker, std::size_t n) { return put(marker).number(static_cast<std::uint32_t>(n)); }

  std::vector<std::byte> out_;
};

}  // namespace packhouse::packstream
