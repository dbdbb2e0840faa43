#pragma once
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace packhouse::codec::json {

/// A JSON number: an integer if it is written as one.
struct Number {
  bool is_integer;
  std::int64_t integer;
  double real;
};

/// The lexical part of JSON (RFC 8259), strict: no comments, no leading zeros, no lone surrogates, valid
/// UTF-8 only. Errors name the byte of the text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::size_t position() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  void skip_space();
  /// The next character, or 0 at the end.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  /// Passes over `c` if it is next.
  bool accept(char c);
  Result<void> expect(char c);
  /// Passes over `word` ("true") or says what stands there.
  Result<void> expect_word(std::string_view word);
  /// A string; the view is of the text itself, or of `scratch` where there were escapes.
  Result<std::string_view> string(std::string& scratch);
  Result<Number> number();
  tl::unexpected<Error> refuse(const std::string& why) const { return refuse(why, at_); }
  tl::unexpected<Error> refuse(const std::string& why, std::size_t at) const;
  /// What stands at the current place, for messages.
  std::string found() const;

 private:
  Result<std::string_view> escaped(std::size_t start, std::string& scratch);
  Result<void> escape(std::string& out);
  Result<char32_t> hex4();
  Result<std::string_view> checked(std::string_view s, std::size_t start) const;
  std::size_t digits();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace packhouse::codec::json
