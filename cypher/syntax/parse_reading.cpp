#include "cypher/syntax/literals.hpp"
#include "cypher/syntax/parser_impl.hpp"

// MATCH, UNWIND, WITH, RETURN and their parts, LOAD CSV.

namespace packhouse::cypher::syntax {

using namespace ast;

Match Parser::match(bool optional) {
  Match m{optional, paths(), nullptr, {}};
  Collected<Hint, 1> all;
  while (at(Word::using_)) hints(all);
  m.hints = keep(all);
  if (word(Word::where)) m.where = expression();
  return m;
}

/// USING [kind] INDEX [SEEK] n:Label(key, …), USING SCAN n:Label, USING JOIN ON a, b (one hint a variable).
void Parser::hints(Collected<Hint, 1>& all) {
  need(Word::using_);
  if (!text_word("JOIN")) return all.push_back(hint());
  need(Word::on);
  do {
    all.push_back({Hint::Form::join, variable(), {}, {}});
  } while (symbol(Kind::comma));
}

Hint Parser::hint() {
  Hint h{Hint::Form::scan, {}, {}, {}};
  if (!text_word("SCAN")) {
    h.form = Hint::Form::index;
    if (!at_text("INDEX")) {
      if (!at_text("RANGE") && !at_text("TEXT") && !at_text("POINT"))
        expected("'INDEX', 'RANGE INDEX', 'TEXT INDEX', 'POINT INDEX', 'SCAN' or 'JOIN'");
      advance();
    }
    need_text("INDEX");
    if (at_text("SEEK") && is_name(peek(1))) advance();
  }
  h.variable = variable();
  need(Kind::colon);
  h.label = name("a label or relationship type");
  if (h.form == Hint::Form::index) {
    need(Kind::lparen);
    h.keys = list_of([this] { return name("a property name"); });
    need(Kind::rparen);
  }
  return h;
}

Unwind Parser::unwind() {
  Expr* list = expression();
  need(Word::as);
  return {list, variable()};
}

With Parser::with() {
  With w{projection(), nullptr};
  if (word(Word::where)) w.where = expression();
  return w;
}

/// ORDER BY, SKIP or LIMIT as a clause of their own are short for WITH * ORDER BY ….
With Parser::order_by_clause() {
  With w{{}, nullptr};
  w.body.star = true;
  w.body.at.begin = now_->begin;
  projection_tail(w.body);
  w.body.at.end = last_end_;
  return w;
}

Projection Parser::projection() {
  Projection p;
  p.at.begin = now_->begin;
  p.distinct = at(Word::distinct) && peek(1).kind != Kind::comma && peek(1).word != Word::as;
  if (p.distinct)
    advance();
  else if (at(Word::all) && (is_name(peek(1)) || peek(1).kind == Kind::star) && peek(1).word != Word::as)
    advance();
  p.star = symbol(Kind::star);
  if (!p.star || symbol(Kind::comma)) p.items = list_of([this] { return projection_item(); });
  projection_tail(p);
  p.at.end = last_end_;
  return p;
}

void Parser::projection_tail(Projection& p) {
  if (word(Word::order)) {
    need(Word::by);
    p.order = list_of([this] { return sort_key(); });
  }
  if (word(Word::skip) || word(Word::offset)) p.skip = expression();
  if (word(Word::limit)) p.limit = expression();
}

ProjectionItem Parser::projection_item() {
  const std::uint32_t begin = now_->begin;
  Expr* value = expression();
  const std::uint32_t end = last_end_;
  if (word(Word::as)) return {value, name("a column name"), true};
  // A bare variable gives the column its name, a map projection the name of what it projects.
  if (const auto* v = value->as<Variable>()) return {value, v->name};
  if (const auto* m = value->as<MapProjection>()) return {value, m->object->as<Variable>()->name};
  return {value, text_.substr(begin, end - begin)};
}

SortKey Parser::sort_key() {
  Expr* value = expression();
  if (word(Word::desc) || word(Word::descending)) return {value, true};
  if (!word(Word::asc)) (void)word(Word::ascending);
  return {value, false};
}

LoadCsv Parser::load_csv() {
  LoadCsv l{false, nullptr, {}, {}};
  need_text("CSV");
  if (word(Word::with)) {
    need_text("HEADERS");
    l.headers = true;
  }
  need(Word::from);
  l.url = expression();
  need(Word::as);
  l.variable = variable();
  if (text_word("FIELDTERMINATOR")) {
    if (!at(Kind::string)) expected("the field terminator as a string");
    l.field_terminator = read_string(text_, *now_, arena_);
    advance();
  }
  return l;
}

}  // namespace packhouse::cypher::syntax
