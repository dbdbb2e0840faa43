#pragma once
#include <string_view>

#include "value/temporal/parts.hpp"

// Readers of ISO 8601 text. Unreadable text is a syntax_error that quotes it.
namespace packhouse::temporal {

/// A cursor over text. Functions that read something return false and stay where they were if it isn't there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  char peek(std::size_t n = 0) const { return n < rest_.size() ? rest_[n] : '\0'; }
  /// Letters match in either case; `c` is upper case.
  bool skip(char c) {
    if (rest_.empty() || (rest_.front() != c && !(c >= 'A' && c <= 'Z' && rest_.front() == c + ('a' - 'A'))))
      return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// How many digits stand here.
  std::size_t digits() const;
  /// Between `least` and `most` digits (at most 18), greedily.
  bool number(std::size_t least, std::size_t most, std::int64_t& out);
  /// After the separator '.' or ',': 1 to 9 digits, as nanoseconds.
  bool fraction(std::int64_t& nanos);
  void advance(std::size_t n) { rest_.remove_prefix(n); }

 private:
  std::string_view rest_;
};

enum class Read : std::uint8_t { no, yes, invalid };  ///< invalid: well formed, but there is no such day or time

Read read_date(Scanner& in, std::int64_t& day);
/// 21:40:32.142, 21:40, 21, 214032.142, 2140.
Read read_time(Scanner& in, std::int64_t& nanos);
/// Z, +01:00, +0100, +01, +00:53:28.
Read read_offset(Scanner& in, std::int32_t& seconds);

}  // namespace packhouse::temporal
