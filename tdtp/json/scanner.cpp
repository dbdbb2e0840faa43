#include "tdtp/json/scanner.hpp"

#include <array>
#include <cstring>

#include "base/utf8.hpp"
#include "tdtp/text.hpp"

namespace packhouse::tdtp::json {

namespace {

/// Bytes that end the fast way through a string: the quote, the backslash, control characters.
constexpr std::array<bool, 256> special = [] {
  std::array<bool, 256> t{};
  for (std::size_t c = 0; c < 32; ++c) t[c] = true;
  t['"'] = t['\\'] = true;
  return t;
}();

const char* to_special(const char* p, const char* end) {
  while (end - p >= 4) {
    if (special[static_cast<unsigned char>(p[0])]) return p;
    if (special[static_cast<unsigned char>(p[1])]) return p + 1;
    if (special[static_cast<unsigned char>(p[2])]) return p + 2;
    if (special[static_cast<unsigned char>(p[3])]) return p + 3;
    p += 4;
  }
  while (p != end && !special[static_cast<unsigned char>(*p)]) ++p;
  return p;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

bool Scanner::refuse(std::string_view where) {
  if (failed()) return false;
  if (at_ == end_) {
    error_ = "unexpected end of JSON input";
  } else {
    error_ = "invalid character " + quoted_char(static_cast<unsigned char>(*at_)) + " ";
    error_ += where;
  }
  return false;
}

bool Scanner::enter() {
  if (depth_left_ == 0) {
    error_ = "exceeded max depth";
    return false;
  }
  --depth_left_;
  return true;
}

char Scanner::peek_value() {
  skip_space();
  if (at_ == end_) return refuse({}), '\0';
  const char c = *at_;
  if (c == '"' || c == '{' || c == '[' || c == '-' || is_digit(c) || c == 't' || c == 'f' || c == 'n') return c;
  return refuse("looking for beginning of value"), '\0';
}

bool Scanner::string(std::string_view& out) {
  const char* begin = ++at_;
  at_ = to_special(at_, end_);
  if (at_ != end_ && *at_ == '"') {
    out = {begin, static_cast<std::size_t>(at_++ - begin)};
    return true;
  }
  return escaped(begin, out);
}

/// The rest of a string with escapes: what it means is never longer than what is written.
bool Scanner::escaped(const char* begin, std::string_view& out) {
  const char* close = at_;
  while (close != end_ && *close != '"') close += *close == '\\' && close + 1 != end_ ? 2 : 1;
  auto* text = static_cast<char*>(arena_->allocate(static_cast<std::size_t>(close - begin) + 1, 1));
  char* to = text;
  const char* from = begin;
  for (;;) {
    std::memcpy(to, from, static_cast<std::size_t>(at_ - from));
    to += at_ - from;
    if (at_ == end_) return refuse({});
    if (*at_ == '"') break;
    if (*at_ != '\\') return refuse("in string literal");
    ++at_;
    if (!escape(to)) return false;
    from = at_;
    at_ = to_special(at_, end_);
  }
  ++at_;
  out = {text, static_cast<std::size_t>(to - text)};
  return true;
}

bool Scanner::code_unit(unsigned& out) {
  out = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = at_ == end_ ? '\0' : *at_;
    const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!is_digit(c) && !letter) return refuse("in \\u hexadecimal character escape");
    out = out << 4 | static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return true;
}

bool Scanner::escape(char*& out) {
  static constexpr std::string_view names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
  if (at_ == end_) return refuse({});
  if (*at_ != 'u') {
    const std::size_t i = names.find(*at_);
    if (i == std::string_view::npos) return refuse("in string escape code");
    *out++ = meanings[i];
    ++at_;
    return true;
  }
  ++at_;
  unsigned unit = 0;
  if (!code_unit(unit)) return false;
  char32_t c = unit;
  if (unit >= 0xD800 && unit < 0xE000) {
    c = 0xFFFD;
    if (unit < 0xDC00 && end_ - at_ >= 2 && at_[0] == '\\' && at_[1] == 'u') {
      const char* before = at_;
      at_ += 2;
      unsigned low = 0;
      if (!code_unit(low)) return false;
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
      } else {
        at_ = before;  // the second one stands for itself
      }
    }
  }
  std::string bytes;
  utf8::encode(c, bytes);
  std::memcpy(out, bytes.data(), bytes.size());
  out += bytes.size();
  return true;
}

bool Scanner::digits(std::string_view where) {
  if (at_ == end_ || !is_digit(*at_)) return refuse(where);
  while (at_ != end_ && is_digit(*at_)) ++at_;
  return true;
}

bool Scanner::number(std::string_view& out) {
  const char* begin = at_;
  if (*at_ == '-') ++at_;
  if (at_ != end_ && *at_ == '0') {
    ++at_;
  } else if (!digits("in numeric literal")) {
    return false;
  }
  if (at_ != end_ && *at_ == '.') {
    ++at_;
    if (!digits("after decimal point in numeric literal")) return false;
  }
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits("in exponent of numeric literal")) return false;
  }
  out = {begin, static_cast<std::size_t>(at_ - begin)};
  return true;
}

bool Scanner::literal(std::string_view& out) {
  out = *at_ == 't' ? "true" : *at_ == 'f' ? "false" : "null";
  for (const char c : out) {
    if (at_ == end_ || *at_ != c)
      return refuse("in literal " + std::string(out) + " (expecting " + quoted_char(static_cast<unsigned char>(c)) +
                    ")");
    ++at_;
  }
  return true;
}

bool Scanner::begin_object() {
  ++at_;
  return enter();
}

bool Scanner::begin_array() {
  ++at_;
  return enter();
}

bool Scanner::next_member(bool& first, std::string_view& name) {
  skip_space();
  if (at_ != end_ && *at_ == '}') {
    ++at_;
    ++depth_left_;
    return false;
  }
  if (!first) {
    if (at_ == end_ || *at_ != ',') return refuse("after object key:value pair");
    ++at_;
    skip_space();
  }
  first = false;
  if (at_ == end_ || *at_ != '"') return refuse("looking for beginning of object key string");
  if (!string(name)) return false;
  skip_space();
  if (at_ == end_ || *at_ != ':') return refuse("after object key");
  ++at_;
  return true;
}

bool Scanner::next_element(bool& first) {
  skip_space();
  if (at_ != end_ && *at_ == ']') {
    ++at_;
    ++depth_left_;
    return false;
  }
  if (!first) {
    if (at_ == end_ || *at_ != ',') return refuse("after array element");
    ++at_;
  }
  first = false;
  return true;
}

bool Scanner::skip_value() {
  std::string_view text;
  bool first = true;
  switch (peek_value()) {
    case '\0': return false;
    case '"': return string(text);
    case '{':
      if (!begin_object()) return false;
      while (next_member(first, text)) {
        if (!skip_value()) return false;
      }
      return !failed();
    case '[':
      if (!begin_array()) return false;
      while (next_element(first)) {
        if (!skip_value()) return false;
      }
      return !failed();
    case 't':
    case 'f':
    case 'n': return literal(text);
    default: return number(text);
  }
}

bool Scanner::finish() {
  skip_space();
  return at_ == end_ || refuse("after top-level value");
}

}  // namespace packhouse::tdtp::json
