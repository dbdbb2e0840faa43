#pragma once
#include <cstdint>

#include "base/buffer.hpp"
#include "base/bytes.hpp"

// Numbers in postings and documents: seven bits a byte, the least first.
namespace packhouse::storage {

inline void put_varint(Buffer& out, std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) out.put(static_cast<std::uint8_t>(v | 0x80));
  out.put(static_cast<std::uint8_t>(v));
}

/// Takes numbers from the front of bytes that may be damaged: from then on all numbers are 0 and good() is false.
class VarintReader {
 public:
  VarintReader() = default;
  explicit VarintReader(Bytes b) : at_(b.data()), end_(b.data() + b.size()) {}

  bool good() const { return good_; }
  bool empty() const { return at_ == end_; }
  const std::byte* at() const { return at_; }

  std::uint64_t next() {
    if (at_ != end_ && (*at_ & std::byte{0x80}) == std::byte{0}) [[likely]] return std::to_integer<std::uint64_t>(*at_++);
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto b = std::to_integer<std::uint64_t>(*at_++);
      v |= (b & 0x7F) << shift;
      if (b < 0x80) return v;
    }
    return spoil();
  }
  std::uint32_t next32() {
    const std::uint64_t v = next();
    return v <= 0xFFFFFFFFU ? static_cast<std::uint32_t>(v) : static_cast<std::uint32_t>(spoil());
  }
  void skip(std::size_t count) {
    for (; count > 0; --count) {
      while (at_ != end_ && (*at_ & std::byte{0x80}) != std::byte{0}) ++at_;
      if (at_ == end_) return void(spoil());
      ++at_;
    }
  }
  Bytes take(std::size_t n) {
    if (n > static_cast<std::size_t>(end_ - at_)) return spoil(), Bytes();
    const Bytes out(at_, n);
    at_ += n;
    return out;
  }

 private:
  std::uint64_t spoil() {
    good_ = false;
    at_ = end_;
    return 0;
  }
  const std::byte *at_ = nullptr, *end_ = nullptr;
  bool good_ = true;
};

}  // namespace packhouse::storage
