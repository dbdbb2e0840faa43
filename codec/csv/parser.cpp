#include "codec/csv/parser.hpp"

#include <utility>

#include "base/utf8.hpp"

namespace packhouse::csv {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

void Parser::feed(std::string_view block) {
  block_ = block;
  if (std::exchange(first_, false) && block_.starts_with(byte_order_mark)) block_.remove_prefix(byte_order_mark.size());
}

Result<Parser::Step> Parser::next() {
  if (row_done_) {
    text_.clear();
    ends_.clear();
    quoted_.clear();
    row_done_ = false;
  }
  while (!block_.empty()) {
    const char c = block_.front();
    block_.remove_prefix(1);
    PACKHOUSE_TRY(const bool row, take(c));
    if (text_.size() + ends_.size() * sizeof(Field) > longest_row) {
      return wrong("the row needs more than " + std::to_string(longest_row) + " bytes");
    }
    if (row) return end_row();
  }
  if (!finished_) return Step::more;
  switch (state_) {
    case State::row_begin: return Step::end;
    case State::quoted:
    case State::escape: return wrong("a quote is not closed before the end of the file");
    default:
      end_field();
      state_ = State::row_begin;
      return end_row();
  }
}

/// Whether the row is complete.
Result<bool> Parser::take(char c) {
  const bool line_end = c == '\n' || c == '\r';
  if (c == '\n' && after_cr_) {  // the second half of CRLF; the first has done the work
    after_cr_ = false;
    if (state_ == State::quoted) text_ += c;
    return false;
  }
  after_cr_ = c == '\r';
  if (line_end) ++line_;
  switch (state_) {
    case State::row_begin:
      if (line_end) return false;
      row_line_ = line_;
      state_ = State::field_begin;
      [[fallthrough]];
    case State::field_begin:
      if (c == '"') {
        state_ = State::quoted;
        field_quoted_ = true;
        return false;
      }
      state_ = State::plain;
      [[fallthrough]];
    case State::plain:
    case State::quote_in_quoted:
      if (line_end || c == separator_) {
        end_field();
        state_ = line_end ? State::row_begin : State::field_begin;
        return line_end;
      }
      if (state_ == State::quote_in_quoted) {
        if (c != '"') return wrong("there are characters behind a closing quote");
        text_ += c;  // "" stands for one
        state_ = State::quoted;
        return false;
      }
      text_ += c;
      take_run();
      return false;
    case State::quoted:
      if (c == '"') {
        state_ = State::quote_in_quoted;
      } else if (c == '\\' && backslash_escapes_) {
        state_ = State::escape;
      } else {
        text_ += c;
      }
      return false;
    case State::escape:
      if (c != '"' && c != '\\') text_ += '\\';
      text_ += c;
      state_ = State::quoted;
      return false;
  }
  return false;
}

/// Ordinary characters of a plain field at one go.
void Parser::take_run() {
  std::size_t n = 0;
  while (n < block_.size() && block_[n] != separator_ && block_[n] != '\n' && block_[n] != '\r') ++n;
  text_ += block_.substr(0, n);
  block_.remove_prefix(n);
}

void Parser::end_field() {
  ends_.push_back(text_.size());
  quoted_.push_back(field_quoted_);
  field_quoted_ = false;
}

Result<Parser::Step> Parser::end_row() {
  // Whole together, and no field begins inside a character: so each is whole by itself.
  constexpr std::string_view not_utf8 = "the text is not UTF-8";
  if (!utf8::is_valid(text_)) return wrong(not_utf8);
  std::string_view text = text_;
  fields_.clear();
  std::size_t begin = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    if (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) return wrong(not_utf8);
    fields_.push_back({text.substr(begin, ends_[i] - begin), quoted_[i]});
    begin = ends_[i];
  }
  row_done_ = true;
  return Step::row;
}

tl::unexpected<Error> Parser::wrong(std::string_view what) const {
  return fail(Status::external_resource_failed, "line " + std::to_string(row_line_) + ": " + std::string(what));
}

}  // namespace packhouse::csv
