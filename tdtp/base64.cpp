#include "tdtp/base64.hpp"

#include <array>
#include <cstdio>

#include "tdtp/text.hpp"

namespace packhouse::tdtp {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t none = 0xFF;

constexpr std::array<std::uint8_t, 256> values = [] {
  std::array<std::uint8_t, 256> t{};
  t.fill(none);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    t[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return t;
}();

std::uint32_t byte_at(std::string_view s, std::size_t i) {
  return static_cast<unsigned char>(s[i]);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '=');
  char* p = out.data();
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t g = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
    *p++ = alphabet[g >> 18];
    *p++ = alphabet[g >> 12 & 63];
    *p++ = alphabet[g >> 6 & 63];
    *p++ = alphabet[g & 63];
  }
  if (i == bytes.size()) return out;
  const bool two = bytes.size() - i == 2;
  const std::uint32_t g = byte_at(bytes, i) << 16 | (two ? byte_at(bytes, i + 1) << 8 : 0U);
  *p++ = alphabet[g >> 18];
  *p++ = alphabet[g >> 12 & 63];
  if (two) *p = alphabet[g >> 6 & 63];
  return out;
}

tl::unexpected<Error> Base64Decoder::refuse(std::uint64_t at) const {
  return fail(Status::argument_error, "illegal base64 data at input byte " + std::to_string(at));
}

Result<void> Base64Decoder::pad(std::uint64_t at, std::string& out) {
  if (padding_ == 1) {
    padding_ = 2;
    return ok;
  }
  if (padding_ == 2) return refuse(at);
  if (filled_ < 2) return refuse(at);
  padding_ = filled_ == 2 ? 1 : 2;
  const std::uint32_t bits = filled_ == 2 ? group_ << 12 : group_ << 6;
  out += static_cast<char>(bits >> 16);
  if (filled_ == 3) out += static_cast<char>(bits >> 8 & 255);
  return ok;
}

Result<void> Base64Decoder::one(unsigned char c, std::string& out) {
  const std::uint64_t at = at_++;
  if (c == '\n' || c == '\r') return ok;
  if (c == '=') return pad(at, out);
  if (padding_ != 0) return refuse(padding_ == 1 ? at - 1 : at);
  if (values[c] == none) return refuse(at);
  group_ = group_ << 6 | values[c];
  if (++filled_ == 4) {
    out += static_cast<char>(group_ >> 16);
    out += static_cast<char>(group_ >> 8 & 255);
    out += static_cast<char>(group_ & 255);
    group_ = 0;
    filled_ = 0;
  }
  return ok;
}

Result<void> Base64Decoder::feed(std::string_view text, std::string& out) {
  std::size_t i = 0;
  while (i < text.size()) {
    // Whole groups at once; anything odd goes the slow way.
    if (filled_ == 0 && padding_ == 0) {
      for (; i + 4 <= text.size(); i += 4) {
        const std::uint32_t a = values[byte_at(text, i)], b = values[byte_at(text, i + 1)];
        const std::uint32_t c = values[byte_at(text, i + 2)], d = values[byte_at(text, i + 3)];
        if ((a | b | c | d) & 0xC0U) break;
        const std::uint32_t g = a << 18 | b << 12 | c << 6 | d;
        const char three[] = {static_cast<char>(g >> 16), static_cast<char>(g >> 8 & 255), static_cast<char>(g & 255)};
        out.append(three, 3);
        at_ += 4;
      }
      if (i == text.size()) break;
    }
    PACKHOUSE_CHECK(one(static_cast<unsigned char>(text[i++]), out));
  }
  return ok;
}

Result<void> Base64Decoder::finish() const {
  if (padding_ == 1) return refuse(at_);
  if (padding_ == 0 && filled_ != 0) return refuse(at_ - static_cast<std::uint64_t>(filled_));
  return ok;
}

Result<std::string> base64_decode(std::string_view text) {
  Base64Decoder decoder;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  PACKHOUSE_CHECK(decoder.feed(text, out));
  PACKHOUSE_CHECK(decoder.finish());
  return out;
}

bool is_base64(std::string_view text) {
  Base64Decoder decoder;
  std::string out;
  return decoder.feed(text, out).has_value() && decoder.finish().has_value();
}

Result<std::string> hex_decode(std::string_view hex) {
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (hex_value(hex[i]) < 0) {
      const auto c = static_cast<unsigned char>(hex[i]);
      char code[16];
      std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(c));
      std::string shown = code;
      if (c >= 0x20 && (c < 0x7F || c >= 0xA0)) shown += " '" + from_code_points(std::u32string(1, c)) + "'";
      return fail(Status::argument_error, "encoding/hex: invalid byte: " + shown);
    }
    if (i % 2 == 1) out += static_cast<char>(hex_value(hex[i - 1]) << 4 | hex_value(hex[i]));
  }
  if (hex.size() % 2 == 1) return fail(Status::argument_error, "encoding/hex: odd length hex string");
  return out;
}

}  // namespace packhouse::tdtp
