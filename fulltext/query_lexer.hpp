#pragma once
#include <string>
#include <string_view>

#include "fulltext/query.hpp"

namespace packhouse::fulltext {

enum class Token : std::uint8_t {
  end, and_, or_, not_, plus, minus, bare_operator, open, close, colon, star, caret, quoted, term, wildcard, regex, tilde,
  range_open,  ///< [ or {
  range_to, range_close, range_word, number, bad,
};

/// Cuts a query into tokens, always the longest possible. What a character means depends on where it is: between [ and ] and
/// after ^ the parser says so.
class QueryLexer {
 public:
  enum class State : std::uint8_t { ordinary, range, boost };
  struct Lexeme {
    Token token = Token::end;
    std::size_t begin = 0;
    std::string_view text;  ///< of quoted and regex without their quotes
  };

  explicit QueryLexer(std::string_view text) : text_(text) {}
  const std::string_view& text() const { return text_; }
  Lexeme next(State state);
  std::size_t position() const { return at_; }
  /// Takes back what was read from there on.
  void back_to(std::size_t position) { at_ = position; }

 private:
  void skip_blanks();
  bool term_start(std::size_t at, std::size_t& after) const;
  bool term_character(std::size_t at, std::size_t& after) const;
  std::size_t delimited(char quote) const;
  Lexeme take(Token token, std::size_t size);
  Lexeme ordinary();
  Lexeme word();
  Lexeme range();
  Lexeme boost();

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Whether there is an unescaped * or ? in it.
bool has_wildcard(std::string_view raw);
/// Without backslashes; \u0041 is a character. An error says what is wrong.
Result<std::string> unescaped(std::string_view raw);

}  // namespace packhouse::fulltext
