#include "packstream/typed_read.hpp"

namespace packhouse::packstream {

Result<Token> TypedReader::head(Type expected) {
  const std::size_t at = in_.position();
  PACKHOUSE_TRY(const Token t, head());
  if (t.type != expected) return mismatch(std::string(name(expected)), t.type, at);
  return t;
}

Result<void> TypedReader::character(char32_t& out) {
  const std::size_t at = in_.position();
  PACKHOUSE_TRY(const Token t, head(Type::integer));
  const std::int64_t v = t.integer();
  const bool surrogate = v >= 0xD800 && v <= 0xDFFF;
  if (v < 0 || v > 0x10FFFF || surrogate) return mismatch("a code point", std::to_string(v), at);
  out = static_cast<char32_t>(v);
  return {};
}

Result<void> TypedReader::octets(std::vector<std::byte>& out) {
  const std::size_t at = in_.position();
  PACKHOUSE_TRY(const Token t, head());
  if (t.type == Type::bytes) {
    out.assign(t.bytes().begin(), t.bytes().end());
    return {};
  }
  if (t.type != Type::list) return mismatch("bytes", t.type, at);
  out.clear();
  PACKHOUSE_CHECK(enter(t.size));
  for (std::uint32_t n = t.size; n > 0; --n) {
    in_.paid();
    std::uint8_t octet = 0;
    PACKHOUSE_CHECK(number(octet));
    out.push_back(std::byte{octet});
  }
  ++depth_left_;
  return {};
}

Result<void> TypedReader::view(Bytes& out) {
  PACKHOUSE_TRY(const Token t, head(Type::bytes));
  out = t.bytes();
  return {};
}

}  // namespace packhouse::packstream
