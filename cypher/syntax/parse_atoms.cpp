#include <algorithm>
#include <limits>

#include "cypher/syntax/literals.hpp"
#include "cypher/syntax/parser_impl.hpp"

// Literals, names, calls, brackets and braces.

namespace packhouse::cypher::syntax {

using namespace ast;

/// Wraps any_atom() to know how tall the atom's tree is, and so that `|` inside brackets is nobody's business outside.
Expr* Parser::atom() {
  const int outer_tallest = std::exchange(tallest_inside_, 0);
  const bool outer_bar = std::exchange(bar_ends_, false);
  Expr* e = any_atom();
  grow(tallest_inside_ + 1);
  tallest_inside_ = outer_tallest;
  bar_ends_ = outer_bar;
  return e;
}

Expr* Parser::any_atom() {
  const Token& t = *now_;
  switch (t.kind) {
    case Kind::decimal:
    case Kind::hex:
    case Kind::octal:
    case Kind::real: {
      const Value v = read_number(text_, t, false);
      advance();
      return make(t.begin, Literal{v});
    }
    case Kind::string: {
      const auto s = read_string(text_, t, arena_);
      advance();
      return make(t.begin, Literal{Value::string(s)});
    }
    case Kind::parameter: {
      advance();
      return make(t.begin, Parameter{read_name(text_, t, arena_)});
    }
    case Kind::word: return word_atom();
    case Kind::quoted_name: return name_atom();
    case Kind::lparen: return parenthesized();
    case Kind::lbracket: return list_form();
    case Kind::lbrace: return map_literal();
    default: expected("an expression");
  }
}

/// Words that begin a form of their own when the right bracket follows; otherwise they are names.
Expr* Parser::word_atom() {
  const Token& t = *now_;
  const Kind after = peek(1).kind;
  const auto literal = [&](Value v) {
    advance();
    return make(t.begin, Literal{v});
  };
  switch (t.word) {
    case Word::null: return literal(Value());
    case Word::true_: return literal(Value::boolean(true));
    case Word::false_: return literal(Value::boolean(false));
    case Word::nan:
      if (after != Kind::lparen && after != Kind::dot)
        return literal(Value::real(std::numeric_limits<double>::quiet_NaN()));
      break;
    case Word::inf:
    case Word::infinity:
      if (after != Kind::lparen && after != Kind::dot)
        return literal(Value::real(std::numeric_limits<double>::infinity()));
      break;
    case Word::not_: expected("an expression (NOT needs brackets here)");
    case Word::case_:
      if (Expr* e = case_form()) return e;
      break;
    case Word::exists:
      if (after == Kind::lbrace) return subquery(SubqueryKind::exists);
      if (after == Kind::lparen) return exists_call();
      break;
    case Word::count:
      if (after == Kind::lbrace) return subquery(SubqueryKind::count);
      break;
    case Word::collect:
      if (after == Kind::lbrace) return subquery(SubqueryKind::collect);
      break;
    default: break;
  }
  if (after != Kind::lparen) return name_atom();
  switch (t.word) {
    case Word::all: return quantifier(QuantifierKind::all);
    case Word::any: return quantifier(QuantifierKind::any);
    case Word::none_: return quantifier(QuantifierKind::none);
    case Word::single: return quantifier(QuantifierKind::single);
    case Word::reduce: return reduce();
    case Word::shortest_path:
    case Word::all_shortest_paths: return shortest_path_form();
    case Word::trim: return trim_call();
    case Word::normalize: return normalize_call();
    default: return name_atom();
  }
}

/// A variable, a call of a (dotted) function, or a map projection.
Expr* Parser::name_atom() {
  const std::uint32_t begin = now_->begin;
  const Token* end = dotted_end();
  if (end->kind == Kind::lparen) return call(end);
  const Variable v = variable("an expression");
  Expr* e = make(begin, v);
  if (at(Kind::lbrace)) return map_projection(begin, e);
  return e;
}

/// What follows the name, or names joined by dots, that begins with the token now.
const Token* Parser::dotted_end() const {
  const Token* end = next_of(now_);
  while (end->kind == Kind::dot && is_name(*next_of(end))) end = next_of(next_of(end));
  return end;
}

/// From the token now up to `end`, which becomes the next one; blanks and backticks go.
std::string_view Parser::dotted_name(const Token* end) {
  const Token* last = end - 1;
  const std::string_view whole = text_.substr(now_->begin, last->end - now_->begin);
  bool plain = true;
  std::string joined;
  for (const Token* t = now_; t != end; ++t) {
    plain = plain && t->kind != Kind::quoted_name && (t == now_ || t->begin == (t - 1)->end);
    if (t->kind == Kind::dot)
      joined += '.';
    else
      joined += read_name(text_, *t, arena_);
  }
  while (now_ != end) advance();
  return plain ? whole : arena_.copy(joined);
}

Expr* Parser::call(const Token* open) {
  const std::uint32_t begin = now_->begin;
  const bool count = at(Word::count);
  Call c;
  c.name = dotted_name(open);
  need(Kind::lparen);
  if (count && at(Kind::star)) {
    advance();
    need(Kind::rparen);
    return make(begin, CountStar{});
  }
  c.distinct = word(Word::distinct);
  if (!c.distinct && at(Word::all) && peek(1).kind != Kind::lparen && peek(1).kind != Kind::rparen &&
      peek(1).kind != Kind::comma && peek(1).kind != Kind::dot) {
    advance();
  }
  if (c.distinct || !at(Kind::rparen)) {
    c.arguments = list_of([this, &c, n = 0]() mutable {
      Expr* word = word_argument(c.name, ++n);
      return word != nullptr ? word : expression();
    });
  }
  if (!symbol(Kind::rparen)) expected("an operator, ',' or ')'");
  return make(begin, c);
}

/// vector(list, 3, FLOAT32), vector_distance(a, b, COSINE): the last argument is words, which become a string. Null when
/// the n-th argument is not such.
Expr* Parser::word_argument(std::string_view function, int n) {
  const bool takes = (n == 3 && (same_word(function, "VECTOR") || same_word(function, "VECTOR_DISTANCE"))) ||
                     (n == 2 && same_word(function, "VECTOR_NORM"));
  if (!takes) return nullptr;
  static constexpr std::string_view words[] = {
      "FLOAT", "FLOAT32", "FLOAT64", "INTEGER", "INTEGER8", "INTEGER16", "INTEGER32", "INTEGER64", "INT", "INT8", "INT16",
      "INT32", "INT64", "SIGNED", "EUCLIDEAN", "EUCLIDEAN_SQUARED", "MANHATTAN", "COSINE", "DOT", "HAMMING"};
  const auto known = [&] { return std::ranges::any_of(words, [&](std::string_view w) { return at_text(w); }); };
  if (!known()) return nullptr;
  const std::uint32_t begin = now_->begin;
  const bool is_signed = text_word("SIGNED");
  if (is_signed && !at_text("INTEGER")) expected("'INTEGER'");
  const std::string_view s = is_signed ? "SIGNED INTEGER" : spelled(*now_);
  advance();
  return make(begin, Literal{Value::string(s)});
}

/// trim(s), trim(BOTH c FROM s), trim(LEADING FROM s): the SQL forms become btrim, ltrim and rtrim.
Expr* Parser::trim_call() {
  const std::uint32_t begin = now_->begin;
  const Token& side = peek(2);
  const bool both = same_word(spelled(side), "BOTH"), left = same_word(spelled(side), "LEADING");
  const bool right = same_word(spelled(side), "TRAILING");
  const Kind after = peek(3).kind;
  const bool special =
      (both || left || right) && after != Kind::rparen && after != Kind::dot && after != Kind::lbracket;
  if (!special) {
    // trim(c FROM s) shows its FROM only behind the first expression.
    advance(), advance();
    Call c{"trim"};
    if (at(Kind::rparen)) {
      advance();
      return make(begin, c);
    }
    Collected<Expr*, 2> arguments;
    do {
      arguments.push_back(expression());
    } while (symbol(Kind::comma));
    if (arguments.size() == 1 && word(Word::from)) {
      c.name = "btrim";
      arguments.insert(arguments.begin(), expression());
    }
    if (!symbol(Kind::rparen)) expected("an operator, 'FROM', ',' or ')'");
    c.arguments = keep(arguments);
    return make(begin, c);
  }
  advance(), advance(), advance();
  Expr* what = at(Word::from) ? nullptr : expression();
  need(Word::from);
  Collected<Expr*, 2> arguments;
  arguments.push_back(expression());
  if (what != nullptr) arguments.push_back(what);
  need(Kind::rparen);
  return make(begin, Call{both ? "btrim" : left ? "ltrim" : "rtrim", false, keep(arguments)});
}

/// normalize(s, NFD): the form is a word, which becomes a string argument.
Expr* Parser::normalize_call() {
  const std::uint32_t begin = now_->begin;
  advance(), advance();
  Collected<Expr*, 2> arguments;
  if (!at(Kind::rparen)) arguments.push_back(expression());
  if (symbol(Kind::comma)) {
    const bool form = at_text("NFC") || at_text("NFD") || at_text("NFKC") || at_text("NFKD");
    if (!form) expected("'NFC', 'NFD', 'NFKC' or 'NFKD'");
    const std::string_view s = spelled(*now_);
    const std::uint32_t at = now_->begin;
    advance();
    arguments.push_back(make(at, Literal{Value::string(s)}));
  }
  need(Kind::rparen);
  return make(begin, Call{"normalize", false, keep(arguments)});
}

Expr* Parser::parenthesized() {
  if (path_ahead(now_)) return pattern_predicate();
  need(Kind::lparen);
  Expr* e = expression();
  if (!symbol(Kind::rparen)) expected("an operator or ')'");
  return e;
}

Expr* Parser::map_literal() {
  const Nest nest(nesting_);
  check_nesting();
  const std::uint32_t begin = now_->begin;
  need(Kind::lbrace);
  MapLiteral m;
  if (!at(Kind::rbrace)) {
    m.entries = list_of([this] {
      const std::string_view key = dotted_keys_ ? setting_name() : name("a property name or '}'");
      need(Kind::colon);
      return Entry{key, expression()};
    });
  }
  if (!symbol(Kind::rbrace)) expected("an operator, ',' or '}'");
  return make(begin, m);
}

/// `vector.dimensions` without its backticks: nothing else could stand there.
std::string_view Parser::setting_name() {
  const std::string_view first = name("the name of a setting or '}'");
  if (!at(Kind::dot)) return first;
  std::string joined(first);
  while (symbol(Kind::dot)) joined.append(".").append(name("the rest of a setting's name"));
  return arena_.copy(joined);
}

Expr* Parser::map_projection(std::uint32_t begin, Expr* object) {
  need(Kind::lbrace);
  MapProjection m{object, {}};
  if (!at(Kind::rbrace)) m.items = list_of([this] { return map_projection_item(); });
  if (!symbol(Kind::rbrace)) expected("',' or '}'");
  return make(begin, m);
}

MapProjection::Item Parser::map_projection_item() {
  using Form = MapProjection::Form;
  if (symbol(Kind::dot)) {
    if (symbol(Kind::star)) return {Form::all_properties, {}, nullptr};
    return {Form::property, name("a property name or '*'"), nullptr};
  }
  const std::uint32_t begin = now_->begin;
  const std::string_view key = name("'.name', '.*', 'name: value' or a variable");
  if (symbol(Kind::colon)) return {Form::entry, key, expression()};
  return {Form::variable, key, make(begin, Variable{key})};
}

}  // namespace packhouse::cypher::syntax
