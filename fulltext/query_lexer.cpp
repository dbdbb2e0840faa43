#include "fulltext/query_lexer.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace packhouse::fulltext {
namespace {

constexpr std::string_view ideographic_space = "\xE3\x80\x80";

bool blank(std::string_view s, std::size_t at, std::size_t& after) {
  const char c = s[at];
  if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return after = at + 1, true;
  if (s.substr(at, 3) == ideographic_space) return after = at + 3, true;
  return false;
}

}  // namespace

void QueryLexer::skip_blanks() {
  while (at_ < text_.size() && blank(text_, at_, at_)) {
  }
}

bool QueryLexer::term_start(std::size_t at, std::size_t& after) const {
  if (at >= text_.size()) return false;
  const char c = text_[at];
  if (c == '\\') {
    if (at + 1 >= text_.size()) return false;
    after = at + 1 + utf8::sequence_length(static_cast<unsigned char>(text_[at + 1]));
    return true;
  }
  std::size_t ignored;
  if (blank(text_, at, ignored) || std::string_view("+-!():^[]\"{}~*?/").find(c) != std::string_view::npos) return false;
  after = at + 1;
  return true;
}

bool QueryLexer::term_character(std::size_t at, std::size_t& after) const {
  if (at < text_.size() && (text_[at] == '-' || text_[at] == '+')) return after = at + 1, true;
  return term_start(at, after);
}

/// The length of what begins with `quote` here and ends with the next one that has no backslash; 0 when there is none.
std::size_t QueryLexer::delimited(char quote) const {
  for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '\\') ++i;
    else if (text_[i] == quote) return i + 1 - at_;
  }
  return 0;
}

QueryLexer::Lexeme QueryLexer::take(Token token, std::size_t size) {
  const Lexeme out{token, at_, text_.substr(at_, size)};
  at_ += out.text.size();
  return out;
}

QueryLexer::Lexeme QueryLexer::next(State state) {
  if (state != State::boost) skip_blanks();
  if (at_ >= text_.size()) return {Token::end, text_.size(), {}};
  switch (state) {
    case State::range: return range();
    case State::boost: return boost();
    default: return ordinary();
  }
}

QueryLexer::Lexeme QueryLexer::ordinary() {
  std::size_t ignored;
  const auto operator_or = [&](Token token) {
    const bool alone = at_ + 1 < text_.size() && blank(text_, at_ + 1, ignored);
    return take(alone ? Token::bare_operator : token, 1);
  };
  const auto between = [&](Token token, char quote) {
    const std::size_t size = delimited(quote);
    if (size == 0) return take(Token::bad, 1);
    Lexeme out = take(token, size);
    out.text = out.text.substr(1, size - 2);
    return out;
  };
  switch (text_[at_]) {
    case '+': return operator_or(Token::plus);
    case '-': return operator_or(Token::minus);
    case '!': return operator_or(Token::not_);
    case '(': return take(Token::open, 1);
    case ')': return take(Token::close, 1);
    case ':': return take(Token::colon, 1);
    case '^': return take(Token::caret, 1);
    case '[': case '{': return take(Token::range_open, 1);
    case ']': case '}': return take(Token::bad, 1);
    case '"': return between(Token::quoted, '"');
    case '/': return between(Token::regex, '/');
    case '~': {
      std::size_t n = 1;
      const auto digits = [&] {
        const std::size_t from = n;
        while (at_ + n < text_.size() && is_digit(text_[at_ + n])) ++n;
        return n > from;
      };
      if (digits() && at_ + n + 1 < text_.size() && text_[at_ + n] == '.' && is_digit(text_[at_ + n + 1])) ++n, digits();
      return take(Token::tilde, n);
    }
    default: return word();
  }
}

QueryLexer::Lexeme QueryLexer::word() {
  std::size_t at = at_;
  bool wild = false;
  for (std::size_t after = at; at < text_.size(); at = after) {
    if (text_[at] == '*' || text_[at] == '?') {
      wild = true;
      after = at + 1;
    } else if (!(at == at_ ? term_start(at, after) : term_character(at, after))) {
      break;
    }
  }
  const std::string_view s = text_.substr(at_, at - at_);
  if (s.empty()) return take(Token::bad, 1);
  if (s == "*") return take(Token::star, 1);
  if (wild) return take(Token::wildcard, s.size());
  const Token token = s == "AND" || s == "&&" ? Token::and_ : s == "OR" || s == "||" ? Token::or_ : s == "NOT" ? Token::not_ : Token::term;
  return take(token, s.size());
}

QueryLexer::Lexeme QueryLexer::range() {
  const char c = text_[at_];
  if (c == ']' || c == '}') return take(Token::range_close, 1);
  if (c == '"') {
    const std::size_t size = delimited('"');
    if (size == 0) return take(Token::bad, 1);
    Lexeme out = take(Token::quoted, size);
    out.text = out.text.substr(1, size - 2);
    return out;
  }
  std::size_t n = 0;
  while (at_ + n < text_.size() && text_[at_ + n] != ' ' && text_[at_ + n] != ']' && text_[at_ + n] != '}') ++n;
  return take(text_.substr(at_, n) == "TO" ? Token::range_to : Token::range_word, n);
}

QueryLexer::Lexeme QueryLexer::boost() {
  std::size_t n = 0;
  const auto digits = [&] {
    const std::size_t from = n;
    while (at_ + n < text_.size() && is_digit(text_[at_ + n])) ++n;
    return n > from;
  };
  if (!digits()) return take(Token::bad, 1);
  if (at_ + n + 1 < text_.size() && text_[at_ + n] == '.' && is_digit(text_[at_ + n + 1])) ++n, digits();
  return take(Token::number, n);
}

bool has_wildcard(std::string_view raw) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\\') ++i;
    else if (raw[i] == '*' || raw[i] == '?') return true;
  }
  return false;
}

Result<std::string> unescaped(std::string_view raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out += raw[i];
      continue;
    }
    if (++i == raw.size()) return fail(Status::syntax_error, "Term can not end with escape character.");
    if (raw[i] != 'u') {
      out += raw[i];
      continue;
    }
    char32_t code = 0;
    for (std::size_t k = 1; k <= 4; ++k) {
      const int digit = i + k < raw.size() ? hex_value(raw[i + k]) : -1;
      if (digit < 0) return fail(Status::syntax_error, "Truncated unicode escape sequence.");
      code = code << 4 | static_cast<char32_t>(digit);
    }
    i += 4;
    utf8::encode(code >= 0xD800 && code < 0xE000 ? 0xFFFD : code, out);
  }
  return out;
}

}  // namespace packhouse::fulltext
