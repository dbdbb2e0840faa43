#include "cypher/syntax/parser_impl.hpp"

// Label expressions (:A&!B, :A|:B, :$(expr)) and type texts (x IS :: LIST<INTEGER NOT NULL>).

namespace packhouse::cypher::syntax {

using namespace ast;

/// Behind the colon. `|` may be followed by another colon (the old way to list relationship types).
LabelExpr* Parser::label_expression(LabelsOf of) {
  const Nest nest(nesting_);
  check_nesting();
  Collected<LabelExpr*> operands;
  do {
    (void)(!operands.empty() && of != LabelsOf::node && symbol(Kind::colon));
    operands.push_back(label_conjunction(of));
  } while (!bar_ends_ && symbol(Kind::bar));
  return balanced(LabelExpr::Form::or_, operands);
}

LabelExpr* Parser::label_conjunction(LabelsOf of) {
  Collected<LabelExpr*> operands;
  operands.push_back(label_negation(of));
  while (symbol(Kind::amp) || (of != LabelsOf::relationship && symbol(Kind::colon)))
    operands.push_back(label_negation(of));
  return balanced(LabelExpr::Form::and_, operands);
}

LabelExpr* Parser::label_negation(LabelsOf of) {
  const std::uint32_t begin = now_->begin;
  bool negated = false;
  while (symbol(Kind::bang)) negated = !negated;  // two negations cancel each other
  LabelExpr* l = label_atom(of);
  if (!negated) return l;
  return arena_.make<LabelExpr>(LabelExpr{LabelExpr::Form::not_, {}, nullptr, l, nullptr, span(begin)});
}

LabelExpr* Parser::label_atom(LabelsOf of) {
  const std::uint32_t begin = now_->begin;
  const auto leaf = [&](LabelExpr::Form form, std::string_view label, Expr* e) {
    return arena_.make<LabelExpr>(LabelExpr{form, label, e, nullptr, nullptr, span(begin)});
  };
  if (symbol(Kind::percent)) return leaf(LabelExpr::Form::any, {}, nullptr);
  const bool all = at(Kind::parameter) && peek(1).kind == Kind::lparen && same_word(spelled(*now_), "$ALL");
  if (at(Kind::parameter) && peek(1).kind == Kind::lparen && same_word(spelled(*now_), "$ANY"))
    unsupported(begin, "Dynamic labels $any(…)");
  if (all || at(Kind::dollar)) {
    advance();
    need(Kind::lparen);
    const bool outer = std::exchange(bar_ends_, false);
    Expr* e = expression();
    bar_ends_ = outer;
    need(Kind::rparen);
    return leaf(LabelExpr::Form::dynamic, {}, e);
  }
  if (symbol(Kind::lparen)) {
    const bool outer = std::exchange(bar_ends_, false);
    LabelExpr* l = label_expression(of);
    bar_ends_ = outer;
    need(Kind::rparen);
    return l;
  }
  const std::string_view label =
      name(of == LabelsOf::relationship ? "a relationship type, '!', '%' or '('" : "a label, '!', '%', '$' or '('");
  return leaf(LabelExpr::Form::name, label, nullptr);
}

LabelExpr* Parser::balanced(LabelExpr::Form form, std::span<LabelExpr*> operands) {
  if (operands.size() == 1) return operands[0];
  const std::size_t half = operands.size() / 2;
  LabelExpr* left = balanced(form, operands.first(half));
  LabelExpr* right = balanced(form, operands.subspan(half));
  return arena_.make<LabelExpr>(LabelExpr{form, {}, nullptr, left, right, {left->at.begin, right->at.end}});
}

// ---- types ----

/// The normalized text, e.g. "LIST<INTEGER NOT NULL> NOT NULL" or "INTEGER | STRING".
std::string_view Parser::type_text() {
  std::string out;
  type_union(out);
  return arena_.copy(out);
}

void Parser::type_union(std::string& out) {
  const Nest nest(nesting_);
  check_nesting();
  one_type(out);
  while (!bar_ends_ && symbol(Kind::bar)) {
    out += " | ";
    one_type(out);
  }
}

void Parser::one_type(std::string& out) {
  std::string type = type_name();
  const auto not_null = [&] {
    if (symbol(Kind::bang)) return true;
    if (!at(Word::not_) || peek(1).word != Word::null) return false;
    advance(), advance();
    return true;
  };
  if (not_null()) type += " NOT NULL";
  while (text_word("LIST") || text_word("ARRAY")) {  // INTEGER LIST is LIST<INTEGER>
    type = "LIST<" + type + ">";
    if (not_null()) type += " NOT NULL";
  }
  out += type;
}

std::string Parser::type_name() {
  static constexpr std::string_view names[][2] = {
      {"BOOL", "BOOLEAN"},      {"BOOLEAN", "BOOLEAN"},   {"VARCHAR", "STRING"},    {"STRING", "STRING"},
      {"INT", "INTEGER"},       {"INTEGER", "INTEGER"},   {"INT8", "INTEGER"},      {"INT16", "INTEGER"},
      {"INT32", "INTEGER"},     {"INT64", "INTEGER"},     {"INTEGER8", "INTEGER"},  {"INTEGER16", "INTEGER"},
      {"INTEGER32", "INTEGER"}, {"INTEGER64", "INTEGER"}, {"FLOAT", "FLOAT"},       {"FLOAT32", "FLOAT"},
      {"FLOAT64", "FLOAT"},     {"DATE", "DATE"},         {"DURATION", "DURATION"}, {"POINT", "POINT"},
      {"NODE", "NODE"},         {"VERTEX", "NODE"},       {"EDGE", "RELATIONSHIP"}, {"RELATIONSHIP", "RELATIONSHIP"},
      {"MAP", "MAP"},           {"PATH", "PATH"},         {"PATHS", "PATH"},        {"NULL", "NULL"},
      {"NOTHING", "NOTHING"},
  };
  if (text_word("SIGNED")) {
    if (!text_word("INT")) need_text("INTEGER");
    return "INTEGER";
  }
  if (text_word("LOCAL")) return timed_type("LOCAL");
  if (text_word("ZONED")) return timed_type("ZONED");
  if (at_text("TIME") || at_text("TIMESTAMP")) return timed_type("");
  if (text_word("PROPERTY")) return need_text("VALUE"), "PROPERTY VALUE";
  if (text_word("LIST") || text_word("ARRAY")) {
    std::string inner;
    const bool outer = std::exchange(bar_ends_, false);
    if (!symbol(Kind::lt)) expected("'<'");
    type_union(inner);
    need(Kind::gt);
    bar_ends_ = outer;
    return "LIST<" + inner + ">";
  }
  if (text_word("ANY")) {
    if (at_text("NODE") || at_text("VERTEX") || at_text("EDGE") || at_text("RELATIONSHIP") || at_text("MAP") ||
        at_text("PROPERTY"))
      return type_name();
    (void)text_word("VALUE");
    if (!at(Kind::lt)) return "ANY";
    advance();
    std::string inner;
    type_union(inner);
    need(Kind::gt);
    return inner;
  }
  for (const auto& [written, meant] : names) {
    if (text_word(written)) return std::string(meant);
  }
  expected("the name of a type such as INTEGER, STRING or LIST<FLOAT>");
}

/// LOCAL TIME, ZONED DATETIME, TIME WITH TIMEZONE, TIMESTAMP WITHOUT TIME ZONE …
std::string Parser::timed_type(std::string_view first) {
  std::string zone(first), kind;
  if (text_word("TIME")) {
    kind = "TIME";
  } else {
    if (!text_word("DATETIME")) need_text("TIMESTAMP");
    kind = "DATETIME";
  }
  if (zone.empty()) {
    zone = "ZONED";
    if (text_word("WITHOUT"))
      zone = "LOCAL";
    else
      need(Word::with);
    if (!text_word("TIMEZONE")) need_text("TIME"), need_text("ZONE");
  }
  return zone + " " + kind;
}

}  // namespace packhouse::cypher::syntax
