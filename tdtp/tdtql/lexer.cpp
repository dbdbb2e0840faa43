#include "tdtp/tdtql/lexer.hpp"

#include <array>
#include <utility>

#include "base/ascii.hpp"

namespace packhouse::tdtp::tdtql {

namespace {

constexpr std::array<std::pair<std::string_view, Word>, 17> keywords{{
    {"SELECT", Word::select},
    {"FROM", Word::from},
    {"WHERE", Word::where},
    {"AND", Word::and_},
    {"OR", Word::or_},
    {"NOT", Word::not_},
    {"IN", Word::in},
    {"BETWEEN", Word::between},
    {"LIKE", Word::like},
    {"IS", Word::is},
    {"NULL", Word::null},
    {"ORDER", Word::order},
    {"BY", Word::order},
    {"ASC", Word::asc},
    {"DESC", Word::desc},
    {"LIMIT", Word::limit},
    {"OFFSET", Word::offset},
}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_name(char c) {
  const char l = ascii_lower(c);
  return (l >= 'a' && l <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Token Lexer::next() {
  while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r'))) ++at_;
  if (at_ == text_.size()) return {Word::end, "", at_};
  const char c = text_[at_];
  if (c == '\'' || c == '"') return quoted(c, c, Word::string);
  if (c == '`') return quoted('`', '`', Word::name);
  if (c == '[') return quoted('[', ']', Word::name);
  if (begins_name(c)) return name();
  if (is_digit(c) || (c == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number();
  return symbol();
}

/// A text that is not closed goes to the end, as in the original. A backslash keeps a quote from closing and stays.
Token Lexer::quoted(char open, char close, Word word) {
  Token t{word, "", at_, open};
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\\' && word == Word::string && at_ + 1 < text_.size() && text_[at_ + 1] == close) {
      t.text += c;
      t.text += text_[++at_];
    } else if (c != close) {
      t.text += c;
    } else if (at_ + 1 < text_.size() && text_[at_ + 1] == close) {
      t.text += text_[++at_];
    } else {
      ++at_;
      break;
    }
  }
  return t;
}

Token Lexer::name() {
  Token t{Word::name, "", at_};
  while (at_ < text_.size() && (begins_name(text_[at_]) || is_digit(text_[at_]))) t.text += text_[at_++];
  for (const auto& [text, word] : keywords) {
    if (same_ignoring_case(text, t.text)) t.word = word;
  }
  return t;
}

Token Lexer::number() {
  Token t{Word::number, "", at_};
  const std::size_t begin = at_++;
  const auto pass_digits = [this] {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  };
  pass_digits();
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    pass_digits();
  }
  if (at_ < text_.size() && ascii_lower(text_[at_]) == 'e') {
    std::size_t digit = at_ + 1;
    if (digit < text_.size() && (text_[digit] == '+' || text_[digit] == '-')) ++digit;
    if (digit < text_.size() && is_digit(text_[digit])) {
      at_ = digit;
      pass_digits();
    }
  }
  t.text = text_.substr(begin, at_ - begin);
  return t;
}

Token Lexer::symbol() {
  const std::string_view rest = text_.substr(at_);
  static constexpr std::array<std::pair<std::string_view, Word>, 11> symbols{{
      {"!=", Word::not_equal},
      {"<>", Word::not_equal},
      {"<=", Word::less_equal},
      {">=", Word::greater_equal},
      {"=", Word::equal},
      {"<", Word::less},
      {">", Word::greater},
      {"(", Word::open},
      {")", Word::close},
      {",", Word::comma},
      {"*", Word::star},
  }};
  for (const auto& [text, word] : symbols) {
    if (!rest.starts_with(text)) continue;
    const Token t{word, std::string(text), at_};
    at_ += text.size();
    return t;
  }
  return {Word::illegal, std::string(1, text_[at_]), at_++};
}

}  // namespace packhouse::tdtp::tdtql
