#include "codec/json/scanner.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace packhouse::codec::json {

tl::unexpected<Error> Scanner::refuse(const std::string& why, std::size_t at) const {
  return fail(Status::request_invalid, "JSON: " + why + " at byte " + std::to_string(at));
}

std::string Scanner::found() const {
  if (at_end()) return "the end";
  const char c = text_[at_];
  if (c >= 0x20 && c < 0x7F) return {'\'', c, '\''};
  return "byte " + std::to_string(static_cast<unsigned char>(c));
}

void Scanner::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    ++at_;
  }
}

bool Scanner::accept(char c) {
  if (peek() != c || at_end()) return false;
  ++at_;
  return true;
}

Result<void> Scanner::expect(char c) {
  if (accept(c)) return {};
  return refuse("expected '" + std::string(1, c) + "', found " + found());
}

Result<void> Scanner::expect_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return refuse("expected a value, found " + found());
  at_ += word.size();
  return {};
}

Result<std::string_view> Scanner::string(std::string& scratch) {
  PACKHOUSE_CHECK(expect('"'));
  const std::size_t start = at_;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') return checked(text_.substr(start, at_++ - start), start);
    if (c == '\\') return escaped(start, scratch);
    if (static_cast<unsigned char>(c) < 0x20) return refuse("a control character must be escaped in a string");
  }
  return refuse("string without end", start - 1);
}

Result<std::string_view> Scanner::escaped(std::size_t start, std::string& scratch) {
  scratch.assign(text_.substr(start, at_ - start));
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return checked(scratch, start);
    }
    if (static_cast<unsigned char>(c) < 0x20) return refuse("a control character must be escaped in a string");
    ++at_;
    if (c != '\\') {
      scratch.push_back(c);
    } else {
      PACKHOUSE_CHECK(escape(scratch));
    }
  }
  return refuse("string without end", start - 1);
}

Result<void> Scanner::escape(std::string& out) {
  const char c = peek();
  if (at_end()) return refuse("string without end");
  ++at_;
  switch (c) {
    case '"':
    case '\\':
    case '/': out.push_back(c); return {};
    case 'b': out.push_back('\b'); return {};
    case 'f': out.push_back('\f'); return {};
    case 'n': out.push_back('\n'); return {};
    case 'r': out.push_back('\r'); return {};
    case 't': out.push_back('\t'); return {};
    case 'u': break;
    default: return refuse("unknown escape in a string", at_ - 1);
  }
  const std::size_t start = at_ - 2;
  PACKHOUSE_TRY(char32_t code, hex4());
  if (code >= 0xDC00 && code <= 0xDFFF) return refuse("lone surrogate in a string", start);
  if (code >= 0xD800 && code <= 0xDBFF) {
    if (text_.substr(at_, 2) != "\\u") return refuse("lone surrogate in a string", start);
    at_ += 2;
    PACKHOUSE_TRY(const char32_t low, hex4());
    if (low < 0xDC00 || low > 0xDFFF) return refuse("lone surrogate in a string", start);
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  utf8::encode(code, out);
  return {};
}

Result<char32_t> Scanner::hex4() {
  std::uint32_t code = 0;
  const std::string_view four = text_.substr(at_, 4);
  const auto [end, error] = std::from_chars(four.data(), four.data() + four.size(), code, 16);
  if (four.size() < 4 || error != std::errc() || end != four.data() + 4) return refuse("expected four hex digits");
  at_ += 4;
  return static_cast<char32_t>(code);
}

Result<std::string_view> Scanner::checked(std::string_view s, std::size_t start) const {
  if (!utf8::is_valid(s)) return refuse("string is not valid UTF-8, it begins", start);
  return s;
}

std::size_t Scanner::digits() {
  const std::size_t start = at_;
  while (is_digit(peek())) ++at_;
  return at_ - start;
}

Result<Number> Scanner::number() {
  const std::size_t start = at_;
  accept('-');
  const bool zero = peek() == '0';
  const std::size_t whole = digits();
  if (whole == 0) return refuse("expected a value, found " + found());
  if (zero && whole > 1) return refuse("a number has no leading zeros", start);
  bool integer = true;
  if (accept('.')) {
    integer = false;
    if (digits() == 0) return refuse("expected a digit, found " + found());
  }
  if (peek() == 'e' || peek() == 'E') {
    integer = false;
    ++at_;
    if (!accept('+')) accept('-');
    if (digits() == 0) return refuse("expected a digit, found " + found());
  }
  const std::string_view text = text_.substr(start, at_ - start);
  if (integer) {
    std::int64_t v = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), v).ec == std::errc()) return Number{true, v, 0};
    return refuse("integer " + std::string(text.substr(0, 40)) + " does not fit 64 bits", start);
  }
  double v = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), v).ec != std::errc()) {
    v = std::strtod(std::string(text).c_str(), nullptr);  // out of range: tells too large from too small
    if (std::isinf(v)) return refuse("number " + std::string(text.substr(0, 40)) + " does not fit a double", start);
  }
  return Number{false, 0, v};
}

}  // namespace packhouse::codec::json
