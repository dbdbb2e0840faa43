#include <array>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "tdtp/number.hpp"
#include "tdtp/tdtql/lexer.hpp"
#include "tdtp/tdtql/syntax.hpp"
#include "tdtp/text.hpp"

namespace packhouse::tdtp::tdtql {

namespace {

/// Recursive descent over the words of one text.
class Parser {
 public:
  Parser(std::string_view text, std::size_t depth) : text_(text), lexer_(text), depth_left_(depth) { advance(); }

  Result<Query> query() {
    Query q;
    PACKHOUSE_TRY(q.where, any());
    if (token_.word == Word::order) PACKHOUSE_CHECK(order(q.order));
    if (accept(Word::limit)) {
      PACKHOUSE_TRY(q.limit, count("LIMIT"));
    }
    if (accept(Word::offset)) {
      PACKHOUSE_TRY(q.offset, count("OFFSET"));
    }
    if (token_.word != Word::end) return left_over("AND, OR or the end");
    return q;
  }
  Result<std::vector<Order>> order_alone() {
    std::vector<Order> out;
    PACKHOUSE_CHECK(order_fields(out));
    if (token_.word != Word::end) return left_over("a comma or the end");
    return out;
  }

 private:
  void advance() { token_ = lexer_.next(); }
  bool accept(Word w) {
    if (token_.word != w) return false;
    advance();
    return true;
  }
  tl::unexpected<Error> refuse(const std::string& why) const {
    Position p;
    const std::string_view before = text_.substr(0, token_.at);
    p.offset = static_cast<std::uint32_t>(count_code_points(before));
    p.column = p.offset + 1;
    return tl::make_unexpected(Error(Status::syntax_error, "parse error: " + why).at(p));
  }
  tl::unexpected<Error> left_over(const std::string& expected) const {
    return refuse("unexpected " + quoted(text_.substr(token_.at, 32)) + " at position " +
                  std::to_string(token_.at + 1) + ", expected " + expected);
  }
  std::string got() const { return ", got " + std::to_string(static_cast<int>(token_.word)); }

  Result<Expression> any() { return chain(Expression::Kind::or_, Word::or_, &Parser::all); }
  Result<Expression> all() { return chain(Expression::Kind::and_, Word::and_, &Parser::one); }

  /// part {word part}: one node for all of them, so that long chains are not deep.
  Result<Expression> chain(Expression::Kind kind, Word word, Result<Expression> (Parser::*part)()) {
    PACKHOUSE_TRY(Expression first, (this->*part)());
    if (token_.word != word) return first;
    Expression e;
    e.kind = kind;
    e.parts.push_back(std::move(first));
    while (accept(word)) {
      PACKHOUSE_TRY(Expression next, (this->*part)());
      e.parts.push_back(std::move(next));
    }
    return e;
  }

  Result<Expression> one() {
    if (token_.word != Word::not_ && token_.word != Word::open) return comparison();
    if (depth_left_ == 0) return refuse("the condition is nested too deeply");
    --depth_left_;
    Result<Expression> e = token_.word == Word::not_ ? negated() : parenthesised();
    ++depth_left_;
    return e;
  }

  Result<Expression> negated() {
    advance();
    PACKHOUSE_TRY(Expression inner, one());
    Expression e;
    e.kind = Expression::Kind::not_;
    e.parts.push_back(std::move(inner));
    return e;
  }

  Result<Expression> parenthesised() {
    advance();
    PACKHOUSE_TRY(Expression inner, any());
    if (!accept(Word::close)) return refuse("expected )");
    return inner;
  }

  bool at_name() const { return token_.word == Word::name || (token_.word == Word::string && token_.quote == '"'); }

  Result<Expression> comparison() {
    if (!at_name()) return refuse("expected field name" + got());
    Expression e;
    e.field = token_.text;
    advance();
    const bool negative = accept(Word::not_);
    const Word op = token_.word;
    if (op == Word::is && !negative) return is_null(std::move(e));
    if (op == Word::in) return in(std::move(e), negative);
    if (op == Word::between) return between(std::move(e), negative);
    if (op == Word::like) {
      e.op = negative ? Operator::not_like : Operator::like;
      return with_value(std::move(e));
    }
    if (negative) return refuse("expected IN after NOT");
    static constexpr std::array<Operator, 6> by_word{Operator::equal,   Operator::not_equal,
                                                     Operator::less,    Operator::less_equal,
                                                     Operator::greater, Operator::greater_equal};
    if (op < Word::equal || op > Word::greater_equal) return refuse("expected operator" + got());
    e.op = by_word[static_cast<std::size_t>(op) - static_cast<std::size_t>(Word::equal)];
    return with_value(std::move(e));
  }

  Result<Expression> is_null(Expression e) {
    advance();
    e.op = accept(Word::not_) ? Operator::is_not_null : Operator::is_null;
    if (!accept(Word::null)) return refuse("expected NULL after IS");
    return e;
  }

  bool at_value() const {
    return token_.word == Word::string || token_.word == Word::number || token_.word == Word::name;
  }
  void take_value(Expression& e) {
    e.values.push_back(std::move(token_.text));
    advance();
  }

  Result<Expression> with_value(Expression e) {
    advance();
    if (!at_value()) return refuse("expected value");
    take_value(e);
    return e;
  }

  Result<Expression> in(Expression e, bool negative) {
    advance();
    e.op = negative ? Operator::not_in : Operator::in;
    if (!accept(Word::open)) return refuse("expected ( after IN");
    do {
      if (!at_value()) return refuse("expected value in IN list" + got());
      take_value(e);
    } while (accept(Word::comma));
    if (!accept(Word::close)) return refuse("expected , or ) in IN list" + got());
    return e;
  }

  Result<Expression> between(Expression e, bool negative) {
    advance();
    e.op = negative ? Operator::not_between : Operator::between;
    if (token_.word != Word::string && token_.word != Word::number) return refuse("expected value after BETWEEN");
    take_value(e);
    if (!accept(Word::and_)) return refuse("expected AND in BETWEEN");
    if (token_.word != Word::string && token_.word != Word::number)
      return refuse("expected value after AND in BETWEEN");
    take_value(e);
    return e;
  }

  Result<void> order(std::vector<Order>& out) {
    advance();
    if (token_.word != Word::order || !same_ignoring_case(token_.text, "BY")) return refuse("expected BY after ORDER");
    advance();
    return order_fields(out);
  }

  Result<void> order_fields(std::vector<Order>& out) {
    do {
      if (!at_name()) return refuse("expected field name" + got());
      Order o{token_.text, false};
      advance();
      if (!accept(Word::asc)) o.descending = accept(Word::desc);
      out.push_back(std::move(o));
    } while (accept(Word::comma));
    return ok;
  }

  Result<std::int64_t> count(const std::string& after) {
    std::int64_t n = 0;
    if (token_.word != Word::number || parse_int(token_.text, n) != Parsed::good)
      return refuse("expected number after " + after);
    advance();
    return n;
  }

  std::string_view text_;
  Lexer lexer_;
  Token token_;
  std::size_t depth_left_;
};

}  // namespace

Result<Query> parse(std::string_view text, std::size_t depth) {
  return Parser(text, depth).query();
}

Result<std::vector<Order>> parse_order(std::string_view text) {
  return Parser(text, 0).order_alone();
}

std::optional<Operator> operator_of(std::string_view name) {
  using enum Operator;
  static constexpr std::array<std::pair<std::string_view, Operator>, 31> names{{
      {"=", equal},
      {"==", equal},
      {"eq", equal},
      {"!=", not_equal},
      {"<>", not_equal},
      {"ne", not_equal},
      {"<", less},
      {"lt", less},
      {"<=", less_equal},
      {"lte", less_equal},
      {">", greater},
      {"gt", greater},
      {">=", greater_equal},
      {"gte", greater_equal},
      {"like", like},
      {"not_like", not_like},
      {"not like", not_like},
      {"in", in},
      {"not_in", not_in},
      {"not in", not_in},
      {"between", between},
      {"not_between", not_between},
      {"not between", not_between},
      {"is_null", is_null},
      {"is null", is_null},
      {"isnull", is_null},
      {"is_not_null", is_not_null},
      {"is not null", is_not_null},
      {"notnull", is_not_null},
      {"le", less_equal},
      {"ge", greater_equal},
  }};
  for (const auto& [text, op] : names) {
    if (same_ignoring_case(text, name)) return op;
  }
  return std::nullopt;
}

}  // namespace packhouse::tdtp::tdtql
