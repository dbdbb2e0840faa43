#pragma once
#include <string>
#include <string_view>

#include "base/arena.hpp"

namespace packhouse::tdtp::json {

/// Reads JSON as the original's callers send it. Unlike codec/json it repairs instead of refusing bad UTF-8 and lone
/// surrogates (they become U+FFFD), and words its errors as the original does: callers compare them. Cells are read
/// by the million, so answers are plain bools; after a false, `failed()` tells the end of a list from an error.
class Scanner {
 public:
  /// `text` must be valid UTF-8 (see made_valid) and outlive the strings read, as `arena` must.
  Scanner(std::string_view text, Arena& arena, std::size_t depth)
      : at_(text.data()), begin_(at_), end_(at_ + text.size()), arena_(&arena), depth_left_(depth) {}

  /// The first character of the next value, which is not read yet; 0 with an error if there is none.
  char peek_value();
  /// The value is a string (peek_value said '"').
  bool string(std::string_view& out);
  /// The text of a number.
  bool number(std::string_view& out);
  /// true, false or null.
  bool literal(std::string_view& out);
  /// Checks and passes over any value.
  bool skip_value();

  bool begin_object();
  /// The next member's name, `first` being true before the first; false at the end or on error.
  bool next_member(bool& first, std::string_view& name);
  bool begin_array();
  bool next_element(bool& first);

  /// Nothing but space may be left.
  bool finish();

  bool failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }
  /// Where the next character stands, to cut a value's text out.
  const char* position() const { return at_; }

 private:
  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  bool refuse(std::string_view where);
  bool enter();
  bool escaped(const char* begin, std::string_view& out);
  bool escape(char*& out);
  bool code_unit(unsigned& out);
  bool digits(std::string_view where);

  const char* at_;
  const char* begin_;
  const char* end_;
  Arena* arena_;
  std::size_t depth_left_;
  std::string error_;
};

}  // namespace packhouse::tdtp::json
