#include "cypher/syntax/literals.hpp"

#include <charconv>
#include <cmath>
#include <string>

#include "base/utf8.hpp"
#include "cypher/syntax/error.hpp"

namespace packhouse::cypher::syntax {
namespace {

std::string_view text_of(std::string_view text, const Token& t) {
  return text.substr(t.begin, t.end - t.begin);
}

/// Number texts without the separators of 1_000_000.
std::string_view plain(std::string_view s, std::string& buffer) {
  if (s.find('_') == std::string_view::npos) return s;
  for (const char c : s) {
    if (c != '_') buffer += c;
  }
  return buffer;
}

Value read_real(std::string_view text, const Token& token, bool negative) {
  std::string buffer;
  const std::string_view s = plain(text_of(text, token), buffer);
  double d = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), d);
  if (error == std::errc::result_out_of_range) {
    // from_chars says so for numbers too small as well; those are zero.
    const std::size_t e = s.find_first_of("eE");
    d = e != std::string_view::npos && s[e + 1] == '-' ? 0.0 : s[0] == '.' || s.starts_with("0.") ? 0.0 : HUGE_VAL;
  }
  if (std::isinf(d)) syntax_error(text, token.begin, "floating point number is too large", gql::invalid_number);
  return Value::real(negative ? -d : d);
}

/// A sequence of \uXXXX or \UXXXXXXXX behind the backslash at `at - 1`; `at` is on the u.
char32_t read_code_point(std::string_view text, std::size_t end, std::size_t& at) {
  const std::size_t begin = at - 1, digits = text[at] == 'u' ? 4U : 8U;
  std::uint32_t value = 0;
  const char* first = text.data() + at + 1;
  const bool fits = at + 1 + digits <= end;
  const auto r = fits ? std::from_chars(first, first + digits, value, 16)
                      : std::from_chars_result{first, std::errc::invalid_argument};
  if (r.ec != std::errc{} || r.ptr != first + digits) {
    syntax_error(text, static_cast<std::uint32_t>(begin),
                 "Invalid input '" + std::string(utf8::substr(text.substr(begin, end - begin), 0, digits + 2)) +
                     "': expected " + std::to_string(digits) + " hexadecimal digits specifying a unicode character");
  }
  at += 1 + digits;
  return value;
}

void append_code_point(std::string_view text, std::size_t end, std::size_t& at, std::string& out) {
  const auto begin = static_cast<std::uint32_t>(at - 1);
  char32_t c = read_code_point(text, end, at);
  if (c >= 0xD800 && c < 0xDC00 && at + 1 < end && text[at] == '\\' && text[at + 1] == 'u') {
    ++at;
    const char32_t low = read_code_point(text, end, at);
    if (low >= 0xDC00 && low < 0xE000) c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
  }
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
    syntax_error(text, begin,
                 "Invalid input '" + std::string(text.substr(begin, at - begin)) + "': not a Unicode character");
  }
  utf8::encode(c, out);
}

}  // namespace

Value read_number(std::string_view text, const Token& token, bool negative) {
  if (token.kind == Kind::real) return read_real(text, token, negative);
  std::string buffer;
  std::string_view s = plain(text_of(text, token), buffer);
  const int base = token.kind == Kind::decimal ? 10 : token.kind == Kind::hex ? 16 : 8;
  if (base != 10) s.remove_prefix(2);
  std::uint64_t n = 0;
  const auto r = std::from_chars(s.data(), s.data() + s.size(), n, base);
  const std::uint64_t limit = std::uint64_t{1} << 63;
  if (r.ec != std::errc{} || n > limit || (n == limit && !negative)) {
    syntax_error(text, token.begin, "integer is too large", gql::invalid_number);
  }
  return Value::integer(static_cast<std::int64_t>(negative ? 0 - n : n));
}

std::string_view read_string(std::string_view text, const Token& token, Arena& arena) {
  const std::string_view inner = text.substr(token.begin + 1, token.end - token.begin - 2);
  if (inner.find('\\') == std::string_view::npos) return inner;
  std::string out;
  const std::size_t end = token.end - 1;
  for (std::size_t at = token.begin + 1; at < end;) {
    if (text[at] != '\\') {
      out += text[at++];
      continue;
    }
    const char c = text[++at];
    switch (c) {
      case 'n': out += '\n', ++at; break;
      case 't': out += '\t', ++at; break;
      case 'r': out += '\r', ++at; break;
      case 'b': out += '\b', ++at; break;
      case 'f': out += '\f', ++at; break;
      case '\\':
      case '\'':
      case '"':
      case '`': out += c, ++at; break;
      case 'u':
      case 'U': append_code_point(text, end, at, out); break;
      default: out += '\\';  // not an escape: '\d' stays as it is, which spares regular expressions
    }
  }
  return arena.copy(out);
}

std::string_view read_name(std::string_view text, const Token& token, Arena& arena) {
  std::string_view s = text_of(text, token);
  if (token.kind == Kind::parameter) s.remove_prefix(1);
  if (s.front() != '`') return s;
  s = s.substr(1, s.size() - 2);
  if (s.empty()) syntax_error(text, token.begin, "Invalid input '``': expected a name that is not empty");
  const bool escapes = s.find("\\u") != std::string_view::npos;
  if (!escapes && s.find("``") == std::string_view::npos) return s;
  std::string out;
  const auto base = static_cast<std::size_t>(s.data() - text.data());
  for (std::size_t at = base; at < base + s.size();) {
    if (text[at] == '\\' && at + 1 < base + s.size() && text[at + 1] == 'u') {
      ++at;
      append_code_point(text, base + s.size(), at, out);
      continue;
    }
    out += text[at];
    at += text[at] == '`' ? 2U : 1U;
  }
  return arena.copy(out);
}

}  // namespace packhouse::cypher::syntax
