#pragma once
#include <string>
#include <string_view>

namespace packhouse {

constexpr char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

/// With the letters a to z as A to Z: words that mean the same in any case.
inline std::string ascii_upper(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = ascii_upper(c);
  return out;
}

}  // namespace packhouse
