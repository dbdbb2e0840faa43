#pragma once
#include <array>
#include <span>
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

/// Appends cells with `between` among them, if none needs an escape in XML or JSON: all of them UTF-8, none with control
/// characters or one of " & ' < > \ |, U+2028, U+2029 or what begins with the bytes EF BF. Otherwise false, and `out` is as
/// before. For nearly all rows this takes the place of append_escaped.
bool append_plain_row(std::span<const std::string_view> cells, std::string_view between, std::string& out);

/// Appends `s` in runs of plain bytes. Of the others `ascii(byte)` appends what stands for one below 0x80, and
/// `wide(c)` tells what stands for a code point beyond: nothing, and it is copied. What is no UTF-8 counts as U+FFFD.
template <class Ascii, class Wide>
void append_escaped(std::string_view s, const std::array<bool, 256>& plain, std::string& out, Ascii&& ascii,
                    Wide&& wide) {
  const auto continues = [&](std::size_t at) {
    return at < s.size() && (static_cast<unsigned char>(s[at]) & 0xC0U) == 0x80;
  };
  std::size_t begin = 0, at = 0;
  while (at < s.size()) {
    const auto c = static_cast<unsigned char>(s[at]);
    if (plain[c]) {
      ++at;
    } else if (c < 0x80) {
      out.append(s.data() + begin, at - begin);
      ascii(c);
      begin = ++at;
    } else if (c >= 0xC2 && c < 0xE0 && continues(at + 1)) {
      at += 2;  // most of what is not ASCII; nothing needs an escape there
    } else {
      const std::size_t end = at;
      std::string_view instead = wide(decode_lossy(s, at));
      if (instead.empty()) continue;
      out.append(s.data() + begin, end - begin);
      out += instead;
      begin = at;
    }
  }
  out.append(s.data() + begin, at - begin);
}

/// 'c' for one byte of a text, as messages about JSON show it.
std::string quoted_char(unsigned char c);

}  // namespace packhouse::tdtp
