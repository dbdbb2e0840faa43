#pragma once
#include <algorithm>
#include <string_view>

namespace packhouse {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Equal but for the case of the letters A to Z: keywords, database names.
constexpr bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, ascii_lower, ascii_lower);
}

}  // namespace packhouse
