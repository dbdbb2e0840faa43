#include <array>

#include "cypher/syntax/literals.hpp"
#include "cypher/syntax/parser_impl.hpp"

// Operators, by precedence climbing: loosest OR, then XOR, AND, NOT, comparisons, string and list predicates,
// + - ||, * / %, ^, signs, and what follows an atom.

namespace packhouse::cypher::syntax {

using namespace ast;

namespace {

enum Power : int {
  none = 0,
  or_power = 1,
  xor_power,
  and_power,
  not_power,
  compare_power,
  predicate_power,
  add_power,
  mul_power,
  pow_power
};

struct Infix {
  int power = none;
  Op op = Op::or_;
};

constexpr auto by_kind = [] {
  std::array<Infix, static_cast<std::size_t>(Kind::count_)> t{};
  const auto put = [&t](Kind k, int power, Op op) { t[static_cast<std::size_t>(k)] = {power, op}; };
  put(Kind::eq, compare_power, Op::eq), put(Kind::ne, compare_power, Op::ne), put(Kind::lt, compare_power, Op::lt);
  put(Kind::bang_eq, compare_power, Op::ne);
  put(Kind::le, compare_power, Op::le), put(Kind::gt, compare_power, Op::gt), put(Kind::ge, compare_power, Op::ge);
  put(Kind::matches, predicate_power, Op::regex), put(Kind::colons, predicate_power, Op::is_null);
  put(Kind::plus, add_power, Op::add), put(Kind::minus, add_power, Op::sub), put(Kind::bars, add_power, Op::concat);
  put(Kind::star, mul_power, Op::mul), put(Kind::slash, mul_power, Op::div), put(Kind::percent, mul_power, Op::mod);
  put(Kind::caret, pow_power, Op::pow);
  return t;
}();

constexpr auto by_word = [] {
  std::array<Infix, static_cast<std::size_t>(Word::count_)> t{};
  const auto put = [&t](Word w, int power, Op op) { t[static_cast<std::size_t>(w)] = {power, op}; };
  put(Word::or_, or_power, Op::or_), put(Word::xor_, xor_power, Op::xor_), put(Word::and_, and_power, Op::and_);
  put(Word::in, predicate_power, Op::in), put(Word::contains, predicate_power, Op::contains);
  put(Word::starts, predicate_power, Op::starts_with), put(Word::ends, predicate_power, Op::ends_with);
  put(Word::is, predicate_power, Op::is_null);
  return t;
}();

const Infix& infix_of(const Token& t) {
  return t.kind == Kind::word ? by_word[static_cast<std::size_t>(t.word)] : by_kind[static_cast<std::size_t>(t.kind)];
}

}  // namespace

Expr* Parser::expression() {
  const Nest nest(nesting_);
  check_nesting();
  Expr* e = operators(or_power);
  tallest_inside_ = std::max(tallest_inside_, height_);
  return e;
}

Expr* Parser::operators(int min_power) {
  const std::uint32_t begin = now_->begin;
  Expr* left = prefixed(min_power);
  for (;;) {
    const Infix infix = infix_of(*now_);
    if (infix.power < min_power || infix.power == none) return left;
    if (infix.power <= and_power) {
      left = logical(begin, left, infix.op, infix.power);
    } else if (infix.power == compare_power) {
      left = comparison(begin, left);
    } else if (infix.op == Op::is_null) {
      left = is_predicate(begin, left);
    } else {
      advance();
      if (infix.op == Op::starts_with || infix.op == Op::ends_with) need(Word::with);
      const int height = height_;
      Expr* right = operators(infix.power + 1);
      grow(std::max(height, height_) + 1);
      left = make(begin, Binary{infix.op, left, right});
    }
  }
}

/// a AND b AND c … as a balanced tree: the order of evaluation stays, and no chain is too long.
Expr* Parser::logical(std::uint32_t begin, Expr* first, Op op, int power) {
  Collected<Expr*, 8> operands;
  operands.push_back(first);
  int height = height_;
  while (infix_of(*now_).power == power) {
    advance();
    operands.push_back(operators(power + 1));
    height = std::max(height, height_);
  }
  for (std::size_t n = operands.size() - 1; n > 0; n /= 2) ++height;
  grow(height);
  Expr* e = balanced(op, operands);
  e->at.begin = begin;
  return e;
}

Expr* Parser::balanced(Op op, std::span<Expr*> operands) {
  if (operands.size() == 1) return operands[0];
  const std::size_t half = operands.size() == 3 ? 2 : operands.size() / 2;
  Expr* left = balanced(op, operands.first(half));
  Expr* right = balanced(op, operands.subspan(half));
  return arena_.make<Expr>(Expr{Binary{op, left, right}, {left->at.begin, right->at.end}});
}

/// One comparison, or a chain: a < b <= c holds when a < b and b <= c do; so does a = b = c.
Expr* Parser::comparison(std::uint32_t begin, Expr* first) {
  Collected<Expr*, 4> operands;
  Collected<Op, 4> ops;
  operands.push_back(first);
  int height = height_;
  while (infix_of(*now_).power == compare_power) {
    if (at(Kind::bang_eq))
      fail_at(now_->begin,
              "Unknown operation '!=' (you probably meant to use '<>', which is the operator for inequality testing)");
    ops.push_back(infix_of(*now_).op);
    advance();
    operands.push_back(operators(predicate_power));
    height = std::max(height, height_);
  }
  grow(height + 1);
  if (ops.size() == 1) return make(begin, Binary{ops[0], operands[0], operands[1]});
  return make(begin, Chain{keep(operands), keep(ops)});
}

/// x IS [NOT] NULL, x IS [NOT] :: TYPE, x IS Label.
Expr* Parser::is_predicate(std::uint32_t begin, Expr* operand) {
  grow(height_ + 1);
  if (symbol(Kind::colons)) {
    const std::string_view type = type_text();
    return make(begin, TypePredicate{operand, type, false});
  }
  need(Word::is);
  const bool negated = word(Word::not_);
  if (word(Word::null)) return make(begin, Unary{negated ? Op::is_not_null : Op::is_null, operand});
  if (symbol(Kind::colons) || text_word("TYPED")) {
    const std::string_view type = type_text();
    return make(begin, TypePredicate{operand, type, negated});
  }
  const bool normal_form = at_text("NFC") || at_text("NFD") || at_text("NFKC") || at_text("NFKD");
  if (at_text("NORMALIZED") || (normal_form && same_word(spelled(peek(1)), "NORMALIZED")))
    unsupported(begin, "IS NORMALIZED predicates");
  if (negated || !at_name()) expected("'NULL', '::' or 'TYPED'");
  LabelExpr* labels = label_expression(LabelsOf::any);
  return make(begin, LabelPredicate{operand, labels});
}

Expr* Parser::prefixed(int min_power) {
  if (given_ != nullptr) {
    grow(tallest_inside_ + 1);
    return std::exchange(given_, nullptr);
  }
  if (at(Kind::minus) || at(Kind::plus)) return sign();
  if (!at(Word::not_) || min_power > not_power) return postfix(true);
  Collected<std::uint32_t, 4> nots;
  while (at(Word::not_)) {
    nots.push_back(now_->begin);
    advance();
  }
  Expr* e = operators(compare_power);
  grow(height_ + static_cast<int>(std::min<std::size_t>(nots.size(), max_height)));
  for (; !nots.empty(); nots.pop_back()) e = make(nots.back(), Unary{Op::not_, e});
  return e;
}

/// -x binds tighter than x ^ y; the minus of a number literal belongs to it.
Expr* Parser::sign() {
  Collected<const Token*, 4> signs;
  while (at(Kind::minus) || at(Kind::plus)) {
    signs.push_back(now_);
    advance();
  }
  Expr* e = nullptr;
  const Token& t = *now_;
  const bool number = t.kind == Kind::decimal || t.kind == Kind::hex || t.kind == Kind::octal || t.kind == Kind::real;
  const Kind behind = peek(1).kind;
  if (number && signs.back()->kind == Kind::minus && behind != Kind::dot && behind != Kind::lbracket) {
    const std::uint32_t begin = signs.back()->begin;
    const Value v = read_number(text_, t, true);
    advance();
    signs.pop_back();
    height_ = 1;
    e = make(begin, Literal{v});
  } else {
    e = postfix(true);
  }
  grow(height_ + static_cast<int>(std::min<std::size_t>(signs.size(), max_height)));
  for (; !signs.empty(); signs.pop_back()) {
    e = make(signs.back()->begin, Unary{signs.back()->kind == Kind::minus ? Op::neg : Op::pos, e});
  }
  return e;
}

/// a.b, a[0], a[1..3], a:Label
Expr* Parser::postfix(bool labels) {
  const std::uint32_t begin = now_->begin;
  Expr* e = atom();
  for (;;) {
    if (symbol(Kind::dot)) {
      const std::string_view key = name("a property name");
      grow(height_ + 1);
      e = make(begin, Property{e, key});
    } else if (at(Kind::lbracket)) {
      e = subscript(begin, e);
    } else if (labels && at(Kind::colon)) {
      advance();
      LabelExpr* l = label_expression(LabelsOf::any);
      grow(height_ + 1);
      e = make(begin, LabelPredicate{e, l});
    } else {
      return e;
    }
  }
}

Expr* Parser::subscript(std::uint32_t begin, Expr* object) {
  need(Kind::lbracket);
  const int height = height_;
  const bool outer = std::exchange(bar_ends_, false);
  Expr *from = nullptr, *to = nullptr;
  int inside = 0;
  if (!at(Kind::dots)) from = expression(), inside = height_;
  const bool slice = symbol(Kind::dots);
  if (slice && !at(Kind::rbracket)) to = expression(), inside = std::max(inside, height_);
  bar_ends_ = outer;
  if (!symbol(Kind::rbracket)) expected(slice ? "an operator or ']'" : "an operator, '..' or ']'");
  grow(std::max(height, inside) + 1);
  if (slice) return make(begin, Slice{object, from, to});
  return make(begin, Index{object, from});
}

}  // namespace packhouse::cypher::syntax
