#pragma once
#include <cctype>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace packhouse::tests {

/// "B1 70 A0": upper case, blanks between bytes.
inline std::string hex(std::span<const std::byte> in) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const std::byte b : in) {
    if (!out.empty()) out += ' ';
    out += digits[std::to_integer<int>(b >> 4)];
    out += digits[std::to_integer<int>(b & std::byte{15})];
  }
  return out;
}

/// Reads hex digits in pairs; blanks anywhere are skipped.
inline std::vector<std::byte> unhex(std::string_view text) {
  std::vector<std::byte> out;
  int high = -1;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c))) continue;
    const int digit = c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::byte>(high * 16 + digit));
      high = -1;
    }
  }
  return out;
}

}  // namespace packhouse::tests
