#include "tdtp/text.hpp"

#include <utf8proc.h>

#include <cstdio>
#include <cstring>

#include "base/utf8.hpp"

namespace packhouse::tdtp {

namespace {

constexpr char32_t replacement = 0xFFFD;

template <class F>
std::string mapped(std::string_view s, F map) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) {
    const auto c = static_cast<unsigned char>(s[at]);
    if (c < 0x80) {
      out += static_cast<char>(map(static_cast<utf8proc_int32_t>(c)));
      ++at;
    } else {
      utf8::encode(static_cast<char32_t>(map(static_cast<utf8proc_int32_t>(decode_lossy(s, at)))), out);
    }
  }
  return out;
}

void escape_into(char32_t c, std::string& out, char quote) {
  switch (c) {
    case '\\': out += "\\\\"; return;
    case '\a': out += "\\a"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\v': out += "\\v"; return;
    default: break;
  }
  if (c == static_cast<char32_t>(quote)) {
    out += '\\';
    out += quote;
  } else if (c < 0x20 || c == 0x7F) {
    char hex[8];
    std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned>(c));
    out += hex;
  } else if (c >= 0x80 && c < 0xA0) {
    char hex[8];
    std::snprintf(hex, sizeof hex, "\\u%04x", static_cast<unsigned>(c));
    out += hex;
  } else {
    utf8::encode(c, out);
  }
}

constexpr std::size_t vector_bytes = 16;

/// Whether all bytes mean themselves in XML and JSON. `n` is a multiple of vector_bytes: the compiler makes vector code of
/// this.
bool is_plain(const char* s, std::size_t n) {
  unsigned char odd = 0, wide = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    // & and ', < and >, \ and | differ in one bit.
    odd = static_cast<unsigned char>(odd | (c < 0x20) | (c == '"') | ((c | 1U) == '\'') | ((c | 2U) == '>') |
                                     ((c | 0x20U) == '|'));
    wide |= c;
  }
  if (odd != 0) return false;
  if (wide < 0x80) return true;
  const std::string_view text(s, n);
  return utf8::is_valid(text) && text.find("\xEF\xBF") == std::string_view::npos &&
         text.find("\xE2\x80") == std::string_view::npos;
}

}  // namespace

bool append_plain_row(std::span<const std::string_view> cells, std::string_view between, std::string& out) {
  if (cells.empty()) return true;
  std::size_t size = between.size() * (cells.size() - 1);
  for (const auto cell : cells) size += cell.size();
  const std::size_t begin = out.size(), padded = (size + vector_bytes - 1) / vector_bytes * vector_bytes;
  // Spaces stand where something else will, if all is well.
  out.resize(begin + padded, ' ');
  char* to = out.data() + begin;
  for (const auto cell : cells) {
    if (!cell.empty()) std::memcpy(to, cell.data(), cell.size());
    to += cell.size() + between.size();
  }
  const bool plain = is_plain(out.data() + begin, padded);
  if (plain) {
    to = out.data() + begin + cells[0].size();
    for (std::size_t i = 1; i < cells.size(); ++i) {
      std::memcpy(to, between.data(), between.size());
      to += between.size() + cells[i].size();
    }
  }
  out.resize(plain ? begin + size : begin);
  return plain;
}

char32_t decode_lossy(std::string_view s, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(s[at]);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  const std::size_t n = utf8::sequence_length(lead);
  if (n > 1 && n <= s.size() - at && utf8::is_valid(s.substr(at, n))) return utf8::decode(s, at);
  ++at;
  return replacement;
}

std::size_t count_code_points(std::string_view s) {
  if (utf8::is_valid(s)) return utf8::length(s);
  std::size_t n = 0;
  for (std::size_t at = 0; at < s.size(); ++n) decode_lossy(s, at);
  return n;
}

std::u32string to_code_points(std::string_view s) {
  std::u32string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) out += decode_lossy(s, at);
  return out;
}

std::string from_code_points(std::u32string_view s) {
  std::string out;
  out.reserve(s.size());
  for (const char32_t c : s) utf8::encode(c, out);
  return out;
}

std::string made_valid(std::string_view s) {
  std::string out;
  out.reserve(s.size() + 8);
  for (std::size_t at = 0; at < s.size();) utf8::encode(decode_lossy(s, at), out);
  return out;
}

std::string upper(std::string_view s) {
  // utf8proc knows a capital ß; the mapping of one to one code point leaves it alone.
  return mapped(s, [](utf8proc_int32_t c) { return c == 0xDF ? c : utf8proc_toupper(c); });
}
std::string lower(std::string_view s) {
  return mapped(s, utf8proc_tolower);
}

bool is_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string_view trimmed(std::string_view s) {
  std::size_t begin = 0;
  while (begin < s.size()) {
    std::size_t at = begin;
    if (!is_space(decode_lossy(s, at))) break;
    begin = at;
  }
  std::size_t end = begin;  // behind the last code point that is no space
  for (std::size_t at = begin; at < s.size();) {
    if (!is_space(decode_lossy(s, at))) end = at;
  }
  return s.substr(begin, end - begin);
}

std::string quoted(std::string_view s) {
  std::string out = "\"";
  for (std::size_t at = 0; at < s.size();) {
    const std::size_t begin = at;
    const char32_t c = decode_lossy(s, at);
    if (c == replacement && at == begin + 1) {
      char hex[8];
      std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(s[begin])));
      out += hex;
    } else {
      escape_into(c, out, '"');
    }
  }
  return out + '"';
}

std::string quoted_char(unsigned char c) {
  std::string out = "'";
  escape_into(c, out, '\'');
  return out + "'";
}

}  // namespace packhouse::tdtp
