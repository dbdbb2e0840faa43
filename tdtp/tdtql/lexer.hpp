#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace packhouse::tdtp::tdtql {

/// The kinds of words of a condition. Their numbers appear in error messages, as they do in the original.
enum class Word : std::uint8_t {
  end = 0,
  illegal = 1,
  name = 2,
  string = 3,
  number = 4,
  select = 5,
  from = 6,
  where = 7,
  and_ = 8,
  or_ = 9,
  not_ = 10,
  in = 11,
  between = 12,
  like = 13,
  is = 14,
  null = 15,
  order = 16,
  asc = 17,
  desc = 18,
  limit = 19,
  offset = 20,
  equal = 21,
  not_equal = 22,
  less = 23,
  less_equal = 24,
  greater = 25,
  greater_equal = 26,
  open = 27,
  close = 28,
  comma = 29,
  star = 30,
};

/// One word of a condition.
struct Token {
  Word word = Word::end;
  std::string text;    ///< what a name, string or number means; the characters of anything else
  std::size_t at = 0;  ///< byte of the text where it begins
  char quote = '\0';   ///< what a string or a quoted name began with
};

/// Cuts a condition into words. Keywords in any case; names may begin with _, hold letters of any script, or stand
/// in "…" (where a name is expected), […] or `…`; a quote is doubled to mean itself (decision T6).
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Token next();

 private:
  Token quoted(char open, char close, Word word);
  Token name();
  Token number();
  Token symbol();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace packhouse::tdtp::tdtql
