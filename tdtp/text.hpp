#pragma once
#include <string>
#include <string_view>

namespace packhouse::tdtp {

/// The code point at `at` (at < s.size()); a byte that begins none counts as one U+FFFD. Moves `at` on.
/// Cells come from everywhere, so nothing here expects valid UTF-8.
char32_t decode_lossy(std::string_view s, std::size_t& at);

/// Code points as decode_lossy counts them.
std::size_t count_code_points(std::string_view s);

/// All code points of a text.
std::u32string to_code_points(std::string_view s);
std::string from_code_points(std::u32string_view s);

/// Valid UTF-8: every byte that belongs to no code point becomes U+FFFD.
std::string made_valid(std::string_view s);

/// Case mapping one code point to one (so that ß stays), any script.
std::string upper(std::string_view s);
std::string lower(std::string_view s);

bool is_space(char32_t c);
/// Without white space (of any script) at both ends.
std::string_view trimmed(std::string_view s);

/// "s" in double quotes with escapes, for messages.
std::string quoted(std::string_view s);

/// 'c' for one byte of a text, as messages about JSON show it.
std::string quoted_char(unsigned char c);

}  // namespace packhouse::tdtp
