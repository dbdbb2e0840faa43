#include "cypher/syntax/lexer.hpp"

#include <utf8proc.h>

#include <array>

#include "base/utf8.hpp"

namespace packhouse::cypher::syntax {
namespace {

enum : std::uint8_t { blank = 1, digit = 2, letter = 4, beyond = 8 /* not ASCII */ };

constexpr auto classes = [] {
  std::array<std::uint8_t, 256> t{};
  for (const char c : {' ', '\t', '\n', '\v', '\r', '\f', '\x1c', '\x1d', '\x1e', '\x1f'})
    t[static_cast<unsigned char>(c)] = blank;
  for (std::size_t c = '0'; c <= '9'; ++c) t[c] = digit;
  for (std::size_t c = 'a'; c <= 'z'; ++c) t[c] = t[c - 32] = letter;
  t['_'] = letter;
  for (std::size_t c = 128; c < 256; ++c) t[c] = beyond;
  return t;
}();

/// One-character symbols; the longer ones are seen in Splitter::symbol().
constexpr auto symbols = [] {
  std::array<Kind, 128> t{};
  t.fill(Kind::bad);
  const auto put = [&t](char c, Kind k) { t[static_cast<std::size_t>(c)] = k; };
  put('(', Kind::lparen), put(')', Kind::rparen), put('[', Kind::lbracket), put(']', Kind::rbracket);
  put('{', Kind::lbrace), put('}', Kind::rbrace), put(',', Kind::comma), put('.', Kind::dot), put(':', Kind::colon);
  put(';', Kind::semicolon), put('=', Kind::eq), put('<', Kind::lt), put('>', Kind::gt), put('+', Kind::plus);
  put('-', Kind::minus), put('*', Kind::star), put('/', Kind::slash), put('%', Kind::percent), put('^', Kind::caret);
  put('|', Kind::bar), put('&', Kind::amp), put('!', Kind::bang), put('$', Kind::dollar);
  return t;
}();

struct Pair {
  char first, second;
  Kind kind;
};
constexpr std::array pairs{
    Pair{'.', '.', Kind::dots},    Pair{':', ':', Kind::colons},  Pair{'<', '>', Kind::ne},
    Pair{'!', '=', Kind::bang_eq}, Pair{'<', '=', Kind::le},      Pair{'>', '=', Kind::ge},
    Pair{'=', '~', Kind::matches}, Pair{'+', '=', Kind::plus_eq}, Pair{'|', '|', Kind::bars},
};

bool is_blank_beyond(char32_t c) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return true;
    default: return c == 0xFEFF;
  }
}

/// May a code point beyond ASCII begin a name, or (inside) go on with one?
bool is_name_beyond(char32_t c, bool inside) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC: return true;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_SC: return inside;
    default: return false;
  }
}

class Splitter {
 public:
  Splitter(std::string_view text, std::vector<Token>& tokens) : text_(text), size_(text.size()), out_(tokens) {}

  void run() {
    while (skip_blanks()) {
      const std::size_t begin = at_;
      const char c = text_[at_];
      const std::uint8_t kind = cls(c);
      if ((kind & (letter | beyond)) != 0) {
        if (!name()) return bad(begin, Flaw::character);
        push(Kind::word, begin).word = find_word(text_.substr(begin, at_ - begin));
      } else if (kind == digit || (c == '.' && at_ + 1 < size_ && cls(text_[at_ + 1]) == digit)) {
        const Kind number_kind = number();
        if (number_kind == Kind::bad) return bad(begin, Flaw::number);
        push(number_kind, begin);
      } else if (c == '\'' || c == '"') {
        if (!quoted(c)) return bad(begin, Flaw::open_string);
        push(Kind::string, begin);
      } else if (c == '`') {
        if (!quoted(c)) return bad(begin, Flaw::open_name);
        push(Kind::quoted_name, begin);
      } else if (c == '$') {
        if (!parameter()) return bad(begin, Flaw::open_name);
      } else if (!symbol()) {
        return bad(begin, Flaw::character);
      }
    }
  }

 private:
  static std::uint8_t cls(char c) { return classes[static_cast<unsigned char>(c)]; }

  Token& push(Kind kind, std::size_t begin) {
    return out_.emplace_back(Token{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_), kind});
  }
  void bad(std::size_t begin, Flaw flaw) { push(Kind::bad, begin).flaw = flaw; }

  /// False when the end (or an open comment) was reached and its token pushed.
  bool skip_blanks() {
    while (at_ < size_) {
      const char c = text_[at_];
      if (cls(c) == blank) {
        ++at_;
      } else if (c == '/' && at_ + 1 < size_ && (text_[at_ + 1] == '/' || text_[at_ + 1] == '*')) {
        if (!skip_comment()) return false;
      } else if (cls(c) == beyond) {
        std::size_t next = at_;
        if (!is_blank_beyond(utf8::decode(text_, next))) return true;
        at_ = next;
      } else {
        return true;
      }
    }
    push(Kind::end, size_);
    return false;
  }

  bool skip_comment() {
    const std::size_t begin = at_;
    const bool line = text_[at_ + 1] == '/';
    const std::size_t close = line ? text_.find_first_of("\r\n", at_) : text_.find("*/", at_ + 2);
    if (close == std::string_view::npos) {
      at_ = size_;
      if (line) return true;
      bad(begin, Flaw::open_comment);
      return false;
    }
    at_ = close + (line ? 0U : 2U);
    return true;
  }

  /// Letters, digits and what Unicode allows; false if the first character can't begin a name.
  bool name() {
    const std::size_t begin = at_;
    while (at_ < size_) {
      const std::uint8_t kind = cls(text_[at_]);
      if ((kind & (letter | digit)) != 0) {
        ++at_;
      } else if (kind == beyond) {
        std::size_t next = at_;
        if (!is_name_beyond(utf8::decode(text_, next), at_ != begin)) {
          if (at_ == begin)
            at_ = next;
          else
            return true;
          return false;
        }
        at_ = next;
      } else {
        return true;
      }
    }
    return true;
  }

  void digits() {
    while (at_ < size_ &&
           (cls(text_[at_]) == digit || (text_[at_] == '_' && at_ + 1 < size_ && cls(text_[at_ + 1]) == digit)))
      ++at_;
  }

  Kind number() {
    Kind kind = Kind::decimal;
    if (text_[at_] == '0' && at_ + 1 < size_ && ((text_[at_ + 1] | 32) == 'x' || (text_[at_ + 1] | 32) == 'o')) {
      return based((text_[at_ + 1] | 32) == 'x' ? Kind::hex : Kind::octal);
    }
    digits();
    if (at_ + 1 < size_ && text_[at_] == '.' && cls(text_[at_ + 1]) == digit) {  // but not the range 1..3
      kind = Kind::real;
      ++at_;
      digits();
    }
    if (at_ < size_ && (text_[at_] | 32) == 'e') {
      std::size_t next = at_ + 1;
      if (next < size_ && (text_[next] == '+' || text_[next] == '-')) ++next;
      if (next < size_ && cls(text_[next]) == digit) {
        kind = Kind::real;
        at_ = next;
        digits();
      }
    }
    return ends_number() ? kind : Kind::bad;
  }

  Kind based(Kind kind) {
    at_ += 2;
    const std::size_t first = at_;
    const auto fits = [kind](char c) {
      return kind == Kind::hex ? (cls(c) == digit || ((c | 32) >= 'a' && (c | 32) <= 'f')) : c >= '0' && c <= '7';
    };
    while (at_ < size_ && (fits(text_[at_]) || (text_[at_] == '_' && at_ + 1 < size_ && fits(text_[at_ + 1])))) ++at_;
    return at_ > first && ends_number() ? kind : Kind::bad;
  }

  /// A letter right behind a number spoils it; the whole word is then shown.
  bool ends_number() {
    if (at_ >= size_ || (cls(text_[at_]) & (letter | digit)) == 0) return true;
    while (at_ < size_ && (cls(text_[at_]) & (letter | digit)) != 0) ++at_;
    return false;
  }

  bool quoted(char quote) {
    ++at_;
    for (; at_ < size_; ++at_) {
      const char c = text_[at_];
      if (c == quote) {
        ++at_;
        if (quote != '`' || at_ >= size_ || text_[at_] != '`') return true;  // `` within a name stands for one
      } else if (c == '\\' && quote != '`') {
        ++at_;
      }
    }
    at_ = size_;
    return false;
  }

  /// `$name`, `$1`, $`any name`; a lone `$` begins a dynamic label.
  bool parameter() {
    const std::size_t begin = at_++;
    if (at_ < size_ && text_[at_] == '`') {
      if (!quoted('`')) return false;
    } else if (at_ < size_ && cls(text_[at_]) == digit) {
      while (at_ < size_ && (cls(text_[at_]) & (digit | letter)) != 0) ++at_;
    } else if (at_ < size_ && (cls(text_[at_]) & (letter | beyond)) != 0) {
      if (!name()) return false;
    }
    push(at_ == begin + 1 ? Kind::dollar : Kind::parameter, begin);
    return true;
  }

  bool symbol() {
    const std::size_t begin = at_++;
    const char c = text_[begin];
    Kind kind = static_cast<unsigned char>(c) < 128 ? symbols[static_cast<unsigned char>(c)] : Kind::bad;
    if (kind == Kind::bad) return false;
    if (at_ < size_ && kind >= Kind::dot) {
      for (const Pair& p : pairs) {
        if (p.first == c && p.second == text_[at_]) {
          kind = p.kind;
          ++at_;
          break;
        }
      }
    }
    push(kind, begin);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0, size_;
  std::vector<Token>& out_;
};

}  // namespace

void split(std::string_view text, std::vector<Token>& tokens) {
  tokens.clear();
  Splitter(text, tokens).run();
}

}  // namespace packhouse::cypher::syntax
