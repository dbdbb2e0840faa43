#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/utf8.hpp"
#include "fulltext/query.hpp"
#include "fulltext/query_lexer.hpp"

namespace packhouse::fulltext {
namespace {

using State = QueryLexer::State;
using Kind = Query::Kind;
using Occur = Query::Occur;

float number(std::string_view digits) {
  float out = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return read.ec == std::errc() ? out : std::numeric_limits<float>::max();
}

/// Recursive descent over the tokens, one ahead.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  Result<Query> whole() {
    PACKHOUSE_TRY(Query q, group({}, 0));
    if (now_.token != Token::end) return unexpected();
    return q;
  }

 private:
  void advance(State state = State::ordinary) { now_ = lexer_.next(state); }
  bool at(Token t) const { return now_.token == t; }
  bool take(Token t) {
    if (!at(t)) return false;
    advance();
    return true;
  }

  tl::unexpected<Error> error(std::string_view what, std::size_t place) const {
    const std::string_view before = lexer_.text().substr(0, place);
    const auto line = static_cast<std::uint32_t>(std::ranges::count(before, '\n')) + 1;
    const std::size_t newline = before.rfind('\n');
    const auto column = static_cast<std::uint32_t>(
        utf8::length(before.substr(newline == std::string_view::npos ? 0 : newline + 1)));
    const auto offset = static_cast<std::uint32_t>(utf8::length(before));
    return tl::make_unexpected(Error(Status::syntax_error, fmt::format("Cannot parse '{}': {} at line {}, column {}.", shown(), what,
                                                                       line, column))
                                   .at({offset, line, column + 1}));
  }
  std::string shown() const {
    constexpr std::size_t most = 200;
    const std::string_view s = lexer_.text();
    return utf8::length(s) <= most ? std::string(s) : std::string(utf8::substr(s, 0, most)) + "…";
  }
  tl::unexpected<Error> unexpected() const {
    if (at(Token::end)) return error("Encountered \"<EOF>\"", now_.begin);
    if (at(Token::bad) && (now_.text == "\"" || now_.text == "/")) {
      return error(fmt::format("Encountered {} without its end", now_.text), now_.begin);
    }
    std::size_t end = now_.begin;
    (void)utf8::decode(lexer_.text(), end);
    end = std::max(end, now_.begin + now_.text.size());
    return error(fmt::format("Encountered \"{}\"", lexer_.text().substr(now_.begin, end - now_.begin)), now_.begin);
  }
  Result<std::string> text_of(const QueryLexer::Lexeme& lexeme) const {
    auto text = unescaped(lexeme.text);
    if (!text) return error(text.error().message(), lexeme.begin);
    return text;
  }

  /// Clauses up to ) or the end. AND makes what is on both of its sides a must, as Lucene's classic parser does it.
  Result<Query> group(const std::optional<std::string>& field, int depth) {
    if (depth > deepest_query) return error(fmt::format("Nested deeper than {} levels", deepest_query), now_.begin);
    Query out;
    out.kind = Kind::group;
    for (bool first = true; first || (!at(Token::end) && !at(Token::close)); first = false) {
      const bool conjunction = !first && at(Token::and_);
      if (!first && (at(Token::and_) || at(Token::or_))) advance();
      Occur occur = Occur::should;
      if (take(Token::plus)) occur = Occur::must;
      else if (take(Token::minus) || take(Token::not_)) occur = Occur::must_not;
      if (conjunction && out.clauses.back().occur == Occur::should) out.clauses.back().occur = Occur::must;
      if (conjunction && occur == Occur::should) occur = Occur::must;
      PACKHOUSE_TRY(Query q, clause(field, depth));
      out.clauses.push_back({occur, std::move(q)});
    }
    if (out.clauses.size() == 1 && out.clauses[0].occur == Occur::should) return Query(std::move(out.clauses[0].query));
    return out;
  }

  Result<Query> clause(std::optional<std::string> field, int depth) {
    if (at(Token::term) || at(Token::star)) {
      const auto name = now_;
      const std::size_t place = lexer_.position();
      advance();
      if (at(Token::colon)) {
        PACKHOUSE_TRY(field, text_of(name));
        advance();
      } else {
        lexer_.back_to(place);
        now_ = name;
      }
    }
    if (!take(Token::open)) return term(field);
    PACKHOUSE_TRY(Query q, group(field, depth + 1));
    if (!take(Token::close)) return unexpected();
    PACKHOUSE_CHECK(boost(q));
    return q;
  }

  Result<Query> term(const std::optional<std::string>& field) {
    Query q;
    q.field = field;
    switch (now_.token) {
      case Token::quoted: return phrase(std::move(q));
      case Token::range_open: return range(std::move(q));
      case Token::star:
        if (field == "*") q.kind = Kind::all, q.field.reset();
        else q.kind = Kind::wildcard, q.text = "*";
        break;
      case Token::wildcard:
        q.kind = Kind::wildcard;
        q.text = now_.text;
        break;
      case Token::regex:
        q.kind = Kind::regex;
        q.text = now_.text;
        break;
      case Token::term: case Token::bare_operator: {
        PACKHOUSE_TRY(q.text, text_of(now_));
        break;
      }
      default: return unexpected();
    }
    advance();
    PACKHOUSE_CHECK(fuzzy(q));
    PACKHOUSE_CHECK(boost(q));
    PACKHOUSE_CHECK(fuzzy(q));
    return q;
  }

  Result<void> fuzzy(Query& q) {
    if (!at(Token::tilde)) return ok;
    const std::string_view digits = now_.text.substr(1);
    const float wanted = digits.empty() ? 2 : number(digits);
    if (wanted > 1 && wanted != std::floor(wanted)) return error("Fractional edit distances are not allowed!", now_.begin);
    if (q.kind == Kind::words) q.kind = Kind::fuzzy;  // others stay what they are, as in Lucene
    q.similarity = wanted;
    advance();
    return ok;
  }

  Result<void> boost(Query& q) {
    if (!at(Token::caret)) return ok;
    advance(State::boost);
    if (!at(Token::number)) return unexpected();
    q.boost *= number(now_.text);
    advance();
    return ok;
  }

  Result<Query> phrase(Query q) {
    q.kind = Kind::phrase;
    PACKHOUSE_TRY(q.text, text_of(now_));
    advance();
    if (at(Token::tilde)) {
      q.slop = static_cast<std::uint32_t>(std::min(number(now_.text.substr(1)), 1e6F));
      advance();
    }
    PACKHOUSE_CHECK(boost(q));
    return q;
  }

  Result<Query> range(Query q) {
    q.kind = Kind::range;
    q.low_inclusive = now_.text == "[";
    const auto bound = [this](std::optional<std::string>& out) -> Result<void> {
      advance(State::range);
      if (!at(Token::range_word) && !at(Token::quoted)) return unexpected();
      if (at(Token::quoted) || now_.text != "*") {
        PACKHOUSE_TRY(out, text_of(now_));
      }
      return ok;
    };
    PACKHOUSE_CHECK(bound(q.low));
    advance(State::range);
    if (!at(Token::range_to)) return unexpected();
    PACKHOUSE_CHECK(bound(q.high));
    advance(State::range);
    if (!at(Token::range_close)) return unexpected();
    q.high_inclusive = now_.text == "]";
    advance();
    PACKHOUSE_CHECK(boost(q));
    return q;
  }

  QueryLexer lexer_;
  QueryLexer::Lexeme now_;
};

}  // namespace

Result<Query> parse_query(std::string_view text) {
  if (text.size() > longest_query) {
    return fail(Status::syntax_error, fmt::format("The query is {} bytes long; at most {} are allowed.", text.size(), longest_query));
  }
  return Parser(text).whole();
}

}  // namespace packhouse::fulltext
