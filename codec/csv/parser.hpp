#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace packhouse::csv {

/// One field of a row; its text is valid until the next row is asked for.
struct Field {
  std::string_view text;
  bool quoted = false;  ///< an empty field without quotes means that there is no value
};

/// Reads comma-separated rows from blocks of UTF-8 text, RFC 4180 with two additions that Neo4j's LOAD CSV has: a
/// backslash escapes a quote inside quotes, and lines without any character are skipped. Lines end with LF, CRLF or CR. Knows no files.
class Parser {
 public:
  static constexpr std::size_t longest_row = std::size_t{16} << 20;  ///< bytes of its text and of its fields() together

  /// Whether a backslash escapes a quote inside quotes: LOAD CSV has it so, RFC 4180 has not.
  enum class Backslash : std::uint8_t { escapes, plain };

  explicit Parser(char separator = ',', Backslash backslash = Backslash::escapes)
      : separator_(separator), backslash_escapes_(backslash == Backslash::escapes) {}

  enum class Step : std::uint8_t {
    row,   ///< fields() holds it
    more,  ///< feed() the next block, or finish()
    end,
  };
  /// Text that is read next; stays the caller's and must live until next() has answered `more`.
  /// A byte order mark at the beginning of the first is skipped.
  void feed(std::string_view block);
  /// There is no more text.
  void finish() { finished_ = true; }
  /// Errors (Status::external_resource_failed) name the line: characters behind a closing quote, a quote that is never
  /// closed, a row above longest_row, text that is not UTF-8.
  Result<Step> next();
  std::span<const Field> fields() const { return fields_; }
  /// Where the row in hand begins, from 1.
  std::uint64_t line() const { return row_line_; }

 private:
  enum class State : std::uint8_t { row_begin, field_begin, plain, quoted, escape, quote_in_quoted };

  Result<bool> take(char c);
  void take_run();
  void end_field();
  Result<Step> end_row();
  tl::unexpected<Error> wrong(std::string_view what) const;

  const char separator_;
  const bool backslash_escapes_;
  std::string_view block_;
  bool finished_ = false, after_cr_ = false, row_done_ = false, first_ = true;
  State state_ = State::row_begin;
  std::string text_;  ///< of all fields of the row
  std::vector<std::size_t> ends_;
  std::vector<bool> quoted_;
  std::vector<Field> fields_;
  bool field_quoted_ = false;
  std::uint64_t line_ = 1, row_line_ = 1;
};

}  // namespace packhouse::csv
