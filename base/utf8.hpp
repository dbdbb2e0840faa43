#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

// Texts are UTF-8 everywhere in Packhouse, checked strictly when they come in (no overlong forms,
// no surrogates, nothing above U+10FFFF). Cypher counts and cuts them by code points.
namespace packhouse::utf8 {

inline constexpr std::size_t npos = std::numeric_limits<std::size_t>::max();

/// Where the first bad sequence begins, or npos for valid text.
std::size_t first_invalid(std::string_view s);
inline bool is_valid(std::string_view s) {
  return first_invalid(s) == npos;
}

/// The text with each bad sequence (longest possible prefix of a valid one) replaced by U+FFFD.
std::string repaired(std::string_view s);

// Everything below expects valid text.

/// Number of code points.
std::size_t length(std::string_view s);

/// Byte position of code point `n`; s.size() if there are fewer.
std::size_t byte_offset(std::string_view s, std::size_t n);

/// At most `count` code points from code point `from` on; both may lie beyond the end.
std::string_view substr(std::string_view s, std::size_t from, std::size_t count = npos);

/// Bytes of the code point that begins with `lead` (1 to 4; 1 for a byte that can't begin one).
constexpr std::size_t sequence_length(unsigned char lead) {
  return lead < 0xC0 ? 1U : lead < 0xE0 ? 2U : lead < 0xF0 ? 3U : 4U;
}

/// Reads the code point at `at` (at < s.size()) and moves `at` behind it.
char32_t decode(std::string_view s, std::size_t& at);

/// Appends one code point (not a surrogate, at most U+10FFFF).
void encode(char32_t c, std::string& out);

}  // namespace packhouse::utf8
