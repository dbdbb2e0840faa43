#pragma once
#include <cstdint>
#include <string>
#include <string_view>

// What characters are, for splitting text into words.
namespace packhouse::fulltext {

/// How a character takes part in words, after Unicode's rules for word boundaries (UAX 29), simplified.
enum class Break : std::uint8_t {
  other,         ///< between words
  letter,
  digit,
  connector,     ///< _ and the like: joins letters, digits and katakana
  mid_letter,    ///< · between letters
  mid_digit,     ///< , ; between digits
  mid_both,      ///< . ' between letters or between digits
  extend,        ///< marks and formats: belong to what is before them
  ideograph,     ///< a word each
  hiragana,      ///< a word each
  katakana,      ///< runs are words
  complex,       ///< Thai, Lao, Khmer, Myanmar: runs are words
  emoji,         ///< a word each
};
Break break_of(char32_t c);

bool is_letter(char32_t c);
bool is_java_blank(char32_t c);     ///< what Java's Character.isWhitespace says
bool is_unicode_blank(char32_t c);  ///< Unicode's property White_Space
inline bool is_hangul(char32_t c) {
  return (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3130 && c <= 0x318F);
}

char32_t to_lower(char32_t c);
void append_lower(std::string_view text, std::string& out);
/// Letters without their marks, wide forms narrow, ligatures taken apart.
void append_folded(std::string_view text, std::string& out);
/// Full-width Latin becomes ASCII, half-width katakana full.
void append_width_folded(std::string_view text, std::string& out);

}  // namespace packhouse::fulltext
