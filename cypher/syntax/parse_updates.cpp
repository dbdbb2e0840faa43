#include "cypher/syntax/parser_impl.hpp"

// MERGE, SET, REMOVE, FOREACH.

namespace packhouse::cypher::syntax {

using namespace ast;

Merge Parser::merge() {
  Merge m{path(), {}, {}};
  Collected<SetItem> created, matched;
  while (word(Word::on)) {
    const bool create = at(Word::create);
    if (!create && !at(Word::match)) expected("'MATCH' or 'CREATE'");
    advance();
    need(Word::set);
    for (const SetItem& item : set_items()) (create ? created : matched).push_back(item);
  }
  m.on_create = keep(created);
  m.on_match = keep(matched);
  return m;
}

Seq<SetItem> Parser::set_items() {
  return list_of([this] { return set_item(); });
}

/// What stands left of `=`: an expression without operators, so that `=` isn't read as a comparison.
Expr* Parser::update_target() {
  return postfix(false);
}

SetItem Parser::set_item() {
  const std::uint32_t begin = now_->begin;
  Expr* target = update_target();
  const bool property = target->as<Property>() != nullptr || target->as<Index>() != nullptr;
  if (symbol(Kind::eq)) {
    const auto form = property ? SetItem::Form::property : SetItem::Form::replace;
    Expr* value = expression();
    return {form, target, value, {}, span(begin)};
  }
  if (!property && symbol(Kind::plus_eq)) {
    Expr* value = expression();
    return {SetItem::Form::merge, target, value, {}, span(begin)};
  }
  if (!property && (at(Kind::colon) || at(Word::is))) {
    const auto labels = update_labels();
    return {SetItem::Form::labels, target, nullptr, labels, span(begin)};
  }
  expected(property ? "'='" : "'.', '[', ':', '=' or '+='");
}

RemoveItem Parser::remove_item() {
  const std::uint32_t begin = now_->begin;
  Expr* target = update_target();
  if (target->as<Property>() != nullptr || target->as<Index>() != nullptr) return {target, {}, span(begin)};
  if (!at(Kind::colon) && !at(Word::is)) expected("'.', '[' or ':'");
  const auto labels = update_labels();
  return {target, labels, span(begin)};
}

/// :A:B, :A&B, IS A; only names and $(…) can be set.
Seq<LabelExpr*> Parser::update_labels() {
  Collected<LabelExpr*> labels;
  const auto one = [&] {
    LabelExpr* l = label_atom(LabelsOf::node);
    if (l->form != LabelExpr::Form::name && l->form != LabelExpr::Form::dynamic) {
      fail_at(l->at.begin, "Label expressions are not allowed here: expected label names, as in `n:A:B`");
    }
    labels.push_back(l);
  };
  advance();
  one();
  while (symbol(Kind::colon) || symbol(Kind::amp)) one();
  return keep(labels);
}

Foreach Parser::foreach_clause() {
  const Nest nest(queries_);
  if (queries_ > max_queries) fail_at(now_->begin, "FOREACH is nested too deeply");
  need(Kind::lparen);
  Foreach f{variable(), nullptr, {}};
  need(Word::in);
  const bool outer = std::exchange(bar_ends_, true);
  f.list = expression();
  bar_ends_ = outer;
  need(Kind::bar);
  Collected<Clause, 2> updates;
  do {
    const Word w = now_->word;
    if (w != Word::create && w != Word::merge && w != Word::set && w != Word::remove && w != Word::delete_ &&
        w != Word::detach && w != Word::nodetach && w != Word::foreach && w != Word::insert) {
      if (!at_clause()) expected("an updating clause: CREATE, MERGE, SET, REMOVE, DELETE or FOREACH");
      fail_at(now_->begin, "Invalid use of " + std::string(name_of(w)) + " inside FOREACH", gql::clause_order);
    }
    updates.push_back(clause());
  } while (!at(Kind::rparen));
  advance();
  f.updates = keep(updates);
  return f;
}

}  // namespace packhouse::cypher::syntax
