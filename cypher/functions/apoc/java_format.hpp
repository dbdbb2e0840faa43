#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "value/temporal/parts.hpp"

namespace packhouse::cypher::apoc {

/// A pattern of Java's DateTimeFormatter (yyyy-MM-dd'T'HH:mm:ssXXX …) or the name of one (iso_date …): prints and reads
/// moments. Texts of months and days are English. What a pattern asks for and a moment doesn't have is an error, as are
/// letters that are not supported; they name the function.
class JavaFormat {
 public:
  JavaFormat(std::string_view function, std::string_view pattern);

  std::string print(const temporal::Parts& moment) const;
  /// Parts that the text doesn't tell are absent; a date is always complete (1970-01-01).
  temporal::Parts read(std::string_view text) const;

 private:
  friend class JavaReader;
  struct Token {
    char letter = 0;  ///< 0: `literal`; the letters of Java; [ and ] around what may be missing
    std::size_t count = 0;
    std::string literal;
  };
  void compile(std::string_view pattern);
  void print_token(std::string& out, const Token& t, const temporal::Parts& p) const;
  bool has(const Token& t, const temporal::Parts& p) const;
  [[noreturn]] void refuse(const std::string& why) const;

  std::string function_, pattern_;
  std::vector<Token> tokens_;
  bool in_utc_ = false;  ///< iso_instant
};

}  // namespace packhouse::cypher::apoc
