#include "fulltext/characters.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/utf8.hpp"

namespace packhouse::fulltext {
namespace {

utf8proc_int32_t raw(char32_t c) { return static_cast<utf8proc_int32_t>(c); }

bool in(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }

bool is_ideograph(char32_t c) {
  return in(c, 0x4E00, 0x9FFF) || in(c, 0x3400, 0x4DBF) || in(c, 0xF900, 0xFAFF) || in(c, 0x20000, 0x3FFFF) ||
         c == 0x3005 || c == 0x3007 || in(c, 0x2E80, 0x2FD5);
}
bool is_hiragana(char32_t c) { return in(c, 0x3041, 0x3096) || in(c, 0x309D, 0x309F); }
bool is_katakana(char32_t c) {
  return in(c, 0x30A1, 0x30FA) || in(c, 0x30FC, 0x30FF) || in(c, 0x31F0, 0x31FF) || in(c, 0xFF66, 0xFF9F) ||
         in(c, 0x3031, 0x3035) || c == 0x309B || c == 0x309C;
}
bool is_complex(char32_t c) {
  return in(c, 0x0E01, 0x0E3A) || in(c, 0x0E40, 0x0E4E) || in(c, 0x0E81, 0x0EBD) || in(c, 0x0EC0, 0x0ECD) ||
         in(c, 0x1000, 0x103F) || in(c, 0x1050, 0x108F) || in(c, 0x1780, 0x17D3);
}
bool is_emoji(char32_t c) {
  return in(c, 0x1F300, 0x1FAFF) || in(c, 0x2600, 0x27BF) || in(c, 0x1F1E6, 0x1F1FF) || in(c, 0x2B00, 0x2BFF);
}

Break marked(char32_t c) {
  switch (c) {
    case U':': case 0xB7: case 0x387: case 0x55F: case 0x5F4: case 0x2027: case 0xFE13: case 0xFE55: case 0xFF1A:
      return c == U':' ? Break::other : Break::mid_letter;
    case U'.': case U'\'': case 0x2018: case 0x2019: case 0x2024: case 0xFE52: case 0xFF07: case 0xFF0E:
      return Break::mid_both;
    case U',': case U';': case 0x37E: case 0x589: case 0x60C: case 0x60D: case 0x66C: case 0x7F8: case 0x2044:
    case 0xFE10: case 0xFE14: case 0xFE50: case 0xFE54: case 0xFF0C: case 0xFF1B: return Break::mid_digit;
    default: return Break::other;
  }
}

Break by_category(char32_t c) {
  if (const Break b = marked(c); b != Break::other) return b;
  if (is_ideograph(c)) return Break::ideograph;
  if (is_hiragana(c)) return Break::hiragana;
  if (is_katakana(c)) return Break::katakana;
  if (is_complex(c)) return Break::complex;
  switch (utf8proc_category(raw(c))) {
    case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT: case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: case UTF8PROC_CATEGORY_NL: return Break::letter;
    case UTF8PROC_CATEGORY_ND: return Break::digit;
    case UTF8PROC_CATEGORY_PC: return Break::connector;
    case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_MC: case UTF8PROC_CATEGORY_ME: return Break::extend;
    case UTF8PROC_CATEGORY_CF: return c == 0x200B ? Break::other : Break::extend;
    case UTF8PROC_CATEGORY_SO: case UTF8PROC_CATEGORY_SK:
      return in(c, 0x1F3FB, 0x1F3FF) ? Break::extend : is_emoji(c) ? Break::emoji : Break::other;
    default: return Break::other;
  }
}

constexpr std::array<Break, 128> ascii_breaks() {
  std::array<Break, 128> out{};
  for (std::size_t c = 0; c < 128; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    out[c] = letter                   ? Break::letter
             : c >= '0' && c <= '9'   ? Break::digit
             : c == '_'               ? Break::connector
             : c == '.' || c == '\''  ? Break::mid_both
             : c == ',' || c == ';'   ? Break::mid_digit
                                      : Break::other;
  }
  return out;
}
constexpr auto ascii = ascii_breaks();

/// utf8proc's mapping of a whole text; the text as it is when it can't be had.
void append_mapped(std::string_view text, int options, std::string& out) {
  utf8proc_uint8_t* made = nullptr;
  const auto n = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                              &made, static_cast<utf8proc_option_t>(options));
  if (n < 0) out += text;
  else out.append(reinterpret_cast<const char*>(made), static_cast<std::size_t>(n));
  std::free(made);
}

bool all_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Letters that no decomposition brings to ASCII.
std::string_view folded_letter(char32_t c) {
  switch (c) {
    case U'ß': return "ss";
    case U'æ': return "ae";
    case U'Æ': return "AE";
    case U'œ': return "oe";
    case U'Œ': return "OE";
    case U'ø': return "o";
    case U'Ø': return "O";
    case U'đ': case U'ð': return "d";
    case U'Đ': case U'Ð': return "D";
    case U'ł': return "l";
    case U'Ł': return "L";
    case U'þ': return "th";
    case U'Þ': return "TH";
    case U'ı': return "i";
    case U'ħ': return "h";
    case U'Ħ': return "H";
    case 0x2018: case 0x2019: return "'";
    default: return {};
  }
}

}  // namespace

Break break_of(char32_t c) { return c < 0x80 ? ascii[c] : by_category(c); }

bool is_letter(char32_t c) {
  if (c < 0x80) return ascii[c] == Break::letter;
  const auto k = utf8proc_category(raw(c));
  return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL || k == UTF8PROC_CATEGORY_LT || k == UTF8PROC_CATEGORY_LM ||
         k == UTF8PROC_CATEGORY_LO;
}

bool is_unicode_blank(char32_t c) {
  return in(c, 9, 13) || c == 32 || c == 0x85 || c == 0xA0 || c == 0x1680 || in(c, 0x2000, 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_java_blank(char32_t c) {
  if (in(c, 0x1C, 0x1F)) return true;
  return is_unicode_blank(c) && c != 0x85 && c != 0xA0 && c != 0x2007 && c != 0x202F;
}

char32_t to_lower(char32_t c) {
  if (c < 0x80) return in(c, U'A', U'Z') ? c + 32 : c;
  return static_cast<char32_t>(utf8proc_tolower(raw(c)));
}

void append_lower(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      out += static_cast<char>(to_lower(byte));
      ++at;
    } else {
      utf8::encode(to_lower(utf8::decode(text, at)), out);
    }
  }
}

void append_folded(std::string_view text, std::string& out) {
  if (all_ascii(text)) return void(out += text);
  std::string plain;
  append_mapped(text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK, plain);
  for (std::size_t at = 0; at < plain.size();) {
    const char32_t c = utf8::decode(plain, at);
    const std::string_view letters = folded_letter(c);
    if (letters.empty()) utf8::encode(c, out);
    else out += letters;
  }
}

void append_width_folded(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = utf8::decode(text, at);
    if (in(c, 0xFF01, 0xFF5E)) {
      utf8::encode(c - 0xFEE0, out);
    } else if (in(c, 0xFF65, 0xFF9F)) {
      // With the voice marks that follow, which become part of it.
      while (at < text.size()) {
        std::size_t next = at;
        const char32_t mark = utf8::decode(text, next);
        if (mark != 0xFF9E && mark != 0xFF9F) break;
        at = next;
      }
      append_mapped(text.substr(begin, at - begin), UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT, out);
    } else {
      out += text.substr(begin, at - begin);
    }
  }
}

}  // namespace packhouse::fulltext
