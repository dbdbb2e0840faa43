#include "cypher/syntax/parser_impl.hpp"

// Comprehensions, CASE, quantifiers, reduce, sub-queries and patterns as expressions.

namespace packhouse::cypher::syntax {

using namespace ast;

namespace {

/// Words behind a name that show that the name isn't the CASE of a form.
bool infix_like(Word w) {
  switch (w) {
    case Word::or_:
    case Word::xor_:
    case Word::and_:
    case Word::in:
    case Word::is:
    case Word::contains:
    case Word::starts:
    case Word::ends:
    case Word::as:
    case Word::then:
    case Word::else_:
    case Word::end:
    case Word::desc:
    case Word::asc: return true;
    default: return false;
  }
}

bool infix_of_comparison(Kind k) {
  return k == Kind::eq || k == Kind::ne || k == Kind::lt || k == Kind::le || k == Kind::gt || k == Kind::ge;
}

}  // namespace

/// [x IN list …] and [(a)-->(b) | …] are comprehensions, all else is a list.
Expr* Parser::list_form() {
  const std::uint32_t begin = now_->begin;
  const Token* inside = next_of(now_);
  if (is_name(*inside) && next_of(inside)->word == Word::in) return list_comprehension();
  const bool named = is_name(*inside) && next_of(inside)->kind == Kind::eq;
  const Token* pattern = named ? next_of(next_of(inside)) : inside;
  if (pattern->kind == Kind::lparen && path_ahead(pattern)) return pattern_comprehension();
  need(Kind::lbracket);
  return list_literal(begin);
}

Expr* Parser::list_comprehension() {
  const std::uint32_t begin = now_->begin;
  need(Kind::lbracket);
  const std::uint32_t first = now_->begin;
  ListComprehension c{variable(), nullptr, nullptr, nullptr};
  need(Word::in);
  bar_ends_ = true;
  c.list = expression();
  if (at(Kind::comma)) {  // [x IN xs, …] is a list of booleans after all
    Collected<Expr*> items;
    Expr* v = arena_.make<Expr>(Expr{c.variable, {first, first + static_cast<std::uint32_t>(c.variable.name.size())}});
    items.push_back(arena_.make<Expr>(Expr{Binary{Op::in, v, c.list}, {first, last_end_}}));
    tallest_inside_ += 1;
    bar_ends_ = false;
    while (symbol(Kind::comma)) items.push_back(expression());
    if (!symbol(Kind::rbracket)) expected("an operator, ',' or ']'");
    return make(begin, ListLiteral{keep(items)});
  }
  if (word(Word::where)) c.where = expression();
  bar_ends_ = false;
  if (symbol(Kind::bar)) c.map = expression();
  if (!symbol(Kind::rbracket))
    expected(c.map != nullptr     ? "an operator or ']'"
             : c.where != nullptr ? "an operator, '|' or ']'"
                                  : "an operator, 'WHERE', '|' or ']'");
  return make(begin, c);
}

/// A list of pattern predicates looks the same up to the end of the first path.
Expr* Parser::pattern_comprehension() {
  const std::uint32_t begin = now_->begin;
  need(Kind::lbracket);
  const std::uint32_t first = now_->begin;
  PatternComprehension c{arena_.make<Path>(), nullptr, nullptr};
  *c.path = path();
  const bool predicate = c.path->variable.name.empty() && c.path->kind == PathKind::walk;
  if (predicate && !at(Word::where) && !at(Kind::bar)) {
    given_ = make(first, PatternPredicate{c.path});
    return list_literal(begin);
  }
  bar_ends_ = true;
  if (word(Word::where)) c.where = expression();
  bar_ends_ = false;
  need(Kind::bar);
  c.map = expression();
  if (!symbol(Kind::rbracket)) expected("an operator or ']'");
  return make(begin, c);
}

/// The rest of a list behind its `[`.
Expr* Parser::list_literal(std::uint32_t begin) {
  ListLiteral l;
  if (given_ != nullptr || !at(Kind::rbracket)) l.items = list_of([this] { return expression(); });
  if (!symbol(Kind::rbracket)) expected("an operator, ',' or ']'");
  return make(begin, l);
}

/// Null if `case` is only a name here.
Expr* Parser::case_form() {
  const std::uint32_t begin = now_->begin;
  const Token& after = peek(1);
  switch (after.kind) {
    case Kind::word:
      if (infix_like(after.word)) return nullptr;
      break;
    case Kind::decimal:
    case Kind::hex:
    case Kind::octal:
    case Kind::real:
    case Kind::string:
    case Kind::parameter:
    case Kind::quoted_name:
    case Kind::lparen:
    case Kind::lbracket:
    case Kind::lbrace:
    case Kind::minus:
    case Kind::plus: break;
    default: return nullptr;
  }
  advance();
  Case c{at(Word::when) ? nullptr : expression(), {}, nullptr};
  Collected<CaseArm> arms;
  while (word(Word::when)) {
    const std::size_t first = arms.size();
    do {  // WHEN 1, 2 THEN x is short for two arms
      if (infix_of_comparison(now_->kind)) unsupported(now_->begin, "Comparisons behind WHEN (CASE x WHEN > 1)");
      arms.push_back({expression(), nullptr});
    } while (c.subject != nullptr && symbol(Kind::comma));
    need(Word::then);
    Expr* then = expression();
    arms[arms.size() - 1].then = then;
    for (std::size_t i = first; i + 1 < arms.size(); ++i) arms[i].then = then;
  }
  if (arms.empty()) expected_word("WHEN");
  if (word(Word::else_)) c.otherwise = expression();
  need(Word::end);
  c.arms = keep(arms);
  return make(begin, c);
}

/// all(x IN list WHERE predicate)
Expr* Parser::quantifier(QuantifierKind kind) {
  const std::uint32_t begin = now_->begin;
  const std::string_view function = spelled(*now_);
  advance();
  need(Kind::lparen);
  Quantifier q{kind, variable(), nullptr, nullptr};
  need(Word::in);
  q.list = expression();
  if (at(Kind::rparen)) fail_at(now_->begin, std::string(function) + "(...) requires a WHERE predicate");
  need(Word::where);
  q.where = expression();
  if (!symbol(Kind::rparen)) expected("an operator or ')'");
  return make(begin, q);
}

/// reduce(sum = 0, x IN list | sum + x)
Expr* Parser::reduce() {
  const std::uint32_t begin = now_->begin;
  advance();
  need(Kind::lparen);
  Reduce r{};
  r.accumulator = variable();
  need(Kind::eq);
  r.initial = expression();
  need(Kind::comma);
  r.variable = variable();
  need(Word::in);
  bar_ends_ = true;
  r.list = expression();
  bar_ends_ = false;
  need(Kind::bar);
  r.step = expression();
  if (!symbol(Kind::rparen)) expected("an operator or ')'");
  return make(begin, r);
}

/// exists((a)-->(b)) is the pattern itself, exists(n.name) is n.name IS NOT NULL.
Expr* Parser::exists_call() {
  const std::uint32_t begin = now_->begin;
  advance();
  need(Kind::lparen);
  Expr* e = at(Kind::lparen) && path_ahead(now_) ? pattern_predicate() : expression();
  need(Kind::rparen);
  if (auto* pattern = e->as<PatternPredicate>()) {
    pattern->in_exists = true;
    return e;
  }
  if (e->as<Property>() == nullptr && e->as<Index>() == nullptr) {
    fail_at(begin, "Argument to exists(...) is not a property or pattern");
  }
  tallest_inside_ += 1;
  return make(begin, Unary{Op::is_not_null, e});
}

/// EXISTS { … }, COUNT { … }, COLLECT { … } around a query, or (the first two) around a pattern alone.
Expr* Parser::subquery(SubqueryKind kind) {
  const std::uint32_t begin = now_->begin;
  advance();
  need(Kind::lbrace);
  const bool call =
      at_name() && peek(1).kind == Kind::lparen && (at(Word::shortest_path) || at(Word::all_shortest_paths));
  const bool pattern = at(Kind::lparen) || (at_name() && peek(1).kind == Kind::eq) || call;
  SubqueryExpr s{kind, nullptr};
  if (pattern) {
    if (kind == SubqueryKind::collect) expected("a query that returns one column");
    const std::uint32_t first = now_->begin;
    Match m{false, paths(), nullptr, {}};
    if (word(Word::where)) m.where = expression();
    Collected<Clause, 1> clauses;
    clauses.push_back(made(first, m));
    Collected<SingleQuery, 1> parts;
    parts.push_back({keep(clauses)});
    s.query = arena_.make<Query>();
    s.query->parts = keep(parts);
  } else {
    s.query = query();
  }
  if (!symbol(Kind::rbrace)) expected("an operator, a clause or '}'");
  return make(begin, s);
}

Expr* Parser::shortest_path_form() {
  const std::uint32_t begin = now_->begin;
  auto* p = arena_.make<Path>();
  *p = shortest_path();
  return make(begin, ShortestPathExpr{p});
}

Expr* Parser::pattern_predicate() {
  const std::uint32_t begin = now_->begin;
  auto* p = arena_.make<Path>();
  *p = path_steps();
  return make(begin, PatternPredicate{p});
}

}  // namespace packhouse::cypher::syntax
