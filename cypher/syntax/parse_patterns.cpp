#include "cypher/syntax/literals.hpp"
#include "cypher/syntax/parser_impl.hpp"

// Path patterns, and telling them from expressions in brackets.

namespace packhouse::cypher::syntax {

using namespace ast;

Seq<Path> Parser::paths() {
  return list_of([this] { return path(); });
}

/// [name =] [shortestPath(] (a)-[r]->(b)… [)]
Path Parser::path() {
  const std::uint32_t begin = now_->begin;
  Variable named;
  if (at_name() && peek(1).kind == Kind::eq) {
    named = variable();
    advance();
  }
  const bool call = at_name() && peek(1).kind == Kind::lparen;
  if (call && (at(Word::shortest_path) || at(Word::all_shortest_paths))) {
    Path p = shortest_path();
    p.variable = named;
    p.at = span(begin);
    return p;
  }
  if (at(Word::any) || at(Word::all) || at_text("SHORTEST"))
    unsupported(now_->begin, "Path selectors such as ANY SHORTEST");
  if (!at(Kind::lparen)) expected("a graph pattern such as (n)-->(m)");
  Path p = path_steps();
  p.variable = named;
  p.at = span(begin);
  return p;
}

Path Parser::shortest_path() {
  const std::uint32_t begin = now_->begin;
  const PathKind kind = at(Word::shortest_path) ? PathKind::shortest : PathKind::all_shortest;
  const std::string function(spelled(*now_));
  advance();
  need(Kind::lparen);
  Path p = path_steps();
  need(Kind::rparen);
  p.kind = kind;
  if (p.steps.size() != 1) fail_at(begin, function + "(...) requires a pattern containing a single relationship");
  return p;
}

Path Parser::path_steps() {
  const std::uint32_t begin = now_->begin;
  Path p;
  p.start = node_pattern();
  Collected<Step, 4> steps;
  while (at_rel()) {
    RelPattern rel = rel_pattern();
    refuse_quantifier();
    steps.push_back({rel, node_pattern()});
  }
  p.steps = keep(steps);
  p.at = span(begin);
  return p;
}

/// ((a)-->(b))+ and -->+ repeat parts of a pattern.
void Parser::refuse_quantifier() {
  if (at(Kind::lbrace) || at(Kind::plus) || at(Kind::star)) unsupported(now_->begin, "Quantified path patterns");
}

bool Parser::at_rel() const {
  if (at(Kind::minus)) return true;
  return at(Kind::lt) && peek(1).kind == Kind::minus;
}

NodePattern Parser::node_pattern() {
  const std::uint32_t begin = now_->begin;
  need(Kind::lparen);
  if (at(Kind::lparen)) unsupported(begin, "Parenthesized path patterns");
  NodePattern n;
  const Kind after = peek(1).kind;
  const bool plain = after == Kind::rparen || after == Kind::colon || after == Kind::lbrace;  // (where), (is:A)
  if (at_name() && (plain || (!at(Word::where) && !at(Word::is)))) n.variable = variable();
  if (at(Kind::colon) || at(Word::is)) {
    advance();
    n.labels = label_expression(LabelsOf::node);
  }
  n.properties = pattern_properties();
  if (word(Word::where)) n.where = expression();
  if (!symbol(Kind::rparen))
    expected(n.where != nullptr        ? "an operator or ')'"
             : n.properties != nullptr ? "'WHERE' or ')'"
                                       : "a label, properties such as {key: value}, 'WHERE' or ')'");
  n.at = span(begin);
  if (at(Kind::lbrace) || at(Kind::plus)) refuse_quantifier();
  return n;
}

Expr* Parser::pattern_properties() {
  if (at(Kind::lbrace)) return map_literal();
  if (!at(Kind::parameter)) return nullptr;
  const Token& t = *now_;
  advance();
  return make(t.begin, Parameter{read_name(text_, t, arena_)});
}

RelPattern Parser::rel_pattern() {
  const std::uint32_t begin = now_->begin;
  RelPattern r;
  const bool left = symbol(Kind::lt);
  need(Kind::minus);
  if (symbol(Kind::lbracket)) rel_details(r);
  need(Kind::minus);
  const bool right = symbol(Kind::gt);
  r.direction = left == right ? Direction::both : left ? Direction::in : Direction::out;
  r.at = span(begin);
  return r;
}

void Parser::rel_details(RelPattern& r) {
  const Kind after = peek(1).kind;
  const bool plain = after == Kind::rbracket || after == Kind::colon || after == Kind::lbrace || after == Kind::star;
  if (at_name() && (plain || (!at(Word::where) && !at(Word::is)))) r.variable = variable();
  if (at(Kind::colon) || at(Word::is)) {
    advance();
    r.types = label_expression(LabelsOf::relationship);
  }
  if (symbol(Kind::star)) length(r);
  r.properties = pattern_properties();
  if (word(Word::where)) r.where = expression();
  if (!symbol(Kind::rbracket)) expected("a relationship type, a length such as *1..3, properties, 'WHERE' or ']'");
}

/// What follows the star: 2, 2.., ..3, 1..3 or nothing.
void Parser::length(RelPattern& r) {
  r.variable_length = true;
  const bool min_given = at(Kind::decimal);
  if (min_given) r.length.min = length_bound();
  if (symbol(Kind::dots)) {
    if (!at(Kind::decimal)) return;
    r.length.max_given = true;
    r.length.max = length_bound();
  } else if (min_given) {
    r.length.max_given = true;
    r.length.max = r.length.min;
  }
}

std::uint32_t Parser::length_bound() {
  const std::int64_t n = read_number(text_, *now_, false).as_integer();
  if (n >= std::int64_t{0xFFFFFFFF}) fail_at(now_->begin, "integer is too large", gql::invalid_number);
  advance();
  return static_cast<std::uint32_t>(n);
}

const Token* Parser::matching(const Token* open) const {
  int depth = 0;
  for (const Token* t = open; t != &tokens_.back(); ++t) {
    switch (t->kind) {
      case Kind::lparen:
      case Kind::lbracket:
      case Kind::lbrace: ++depth; break;
      case Kind::rparen:
      case Kind::rbracket:
      case Kind::rbrace:
        if (--depth == 0) return t;
        break;
      default: break;
    }
  }
  return nullptr;
}

/// Is the `(` at `t` the first node of a path with at least one relationship? Looks at most at the whole node and
/// the relationship behind it.
bool Parser::path_ahead(const Token* t) const {
  const Token* inside = next_of(t);
  if (is_name(*inside)) {
    const Token* behind = next_of(inside);
    if (behind->kind == Kind::rparen || behind->kind == Kind::colon || behind->kind == Kind::lbrace ||
        behind->kind == Kind::parameter || behind->word == Word::where || behind->word == Word::is ||
        inside->word == Word::where)
      inside = behind;
    else
      return false;
  } else if (inside->kind != Kind::rparen && inside->kind != Kind::colon && inside->kind != Kind::lbrace &&
             inside->kind != Kind::parameter) {
    return false;
  }
  const Token* close = matching(t);
  if (close == nullptr) return false;
  const Token* arrow = next_of(close);
  if (arrow->kind == Kind::lt) arrow = next_of(arrow);
  if (arrow->kind != Kind::minus) return false;
  const Token* rel = next_of(arrow);
  if (rel->kind == Kind::minus) {
    const Token* end = next_of(rel);
    return end->kind == Kind::lparen || (end->kind == Kind::gt && next_of(end)->kind == Kind::lparen);
  }
  if (rel->kind != Kind::lbracket) return false;
  const Token* end = matching(rel);
  return end != nullptr && next_of(end)->kind == Kind::minus;
}

}  // namespace packhouse::cypher::syntax
