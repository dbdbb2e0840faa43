#include "cypher/semantic/analyser.hpp"

// MATCH, UNWIND, SET, REMOVE, DELETE, FOREACH, LOAD CSV.

namespace packhouse::cypher::semantic {

using namespace ast;

void Analyser::match(Match& m) {
  paths(m.paths, PatternUse::match);
  if (m.where != nullptr) (void)predicate(m.where);
  for (Hint& h : m.hints) {
    const Symbol* s = scope().find(h.variable.name);
    if (s == nullptr)
      fail(m.paths[0].at.begin, "Variable `" + std::string(h.variable.name) + "` not defined", gql::undefined_variable);
    h.variable.slot = s->slot;
  }
}

void Analyser::unwind(Unwind& u, Span at) {
  const Static list = resolve(u.list);
  const bool certain = list.type == Type::list;
  declare(u.variable, certain ? of(list.items) : overlap(list.type, Type::list) ? Static{} : list, at);
}

/// The entity (or map) whose property is set: a.b = …, a['b'] = ….
void Analyser::target(Expr* e) {
  const auto* p = e->as<Property>();
  Expr* object = p != nullptr ? p->object : e->as<Index>()->object;
  const auto* v = object->as<Variable>();
  const Symbol* s = v != nullptr ? scope().find(v->name) : nullptr;
  if (s != nullptr && !fits(s->type, Type::entity)) mismatch(object->at.begin, "Node or Relationship", s->type);
  (void)resolve(e);
}

void Analyser::labelled(Expr* e, Seq<LabelExpr*> labels) {
  const Static t = resolve(e);
  if (!fits(t, Type::node)) mismatch(e->at.begin, "Node", t);
  for (const LabelExpr* l : labels) dynamic_labels(l);
}

void Analyser::set_item(SetItem& item) {
  switch (item.form) {
    case SetItem::Form::labels: return labelled(item.target, item.labels);
    case SetItem::Form::property:
      target(item.target);
      (void)resolve(item.value);
      return;
    case SetItem::Form::replace:
    case SetItem::Form::merge: {
      const Static t = resolve(item.target);
      if (!fits(t, Type::entity)) mismatch(item.target->at.begin, "Node or Relationship", t);
      const Static v = resolve(item.value);
      if (!fits(v, Type::map | Type::entity)) mismatch(item.value->at.begin, "Map, Node or Relationship", v);
    }
  }
}

void Analyser::remove_item(RemoveItem& item) {
  if (item.labels.empty()) return target(item.target);
  labelled(item.target, item.labels);
}

void Analyser::delete_items(Delete& d) {
  for (Expr* e : d.items) {
    if (e->as<LabelPredicate>() != nullptr)
      fail(e->at.begin, "DELETE doesn't support removing labels from a node. Try REMOVE.");
    const Static t = resolve(e);
    if (!fits(t, Type::entity | Type::path)) mismatch(e->at.begin, "Node, Path or Relationship", t);
  }
}

void Analyser::foreach_clause(Foreach& f, Span at) {
  const Static list = resolve(f.list);
  if (!fits(list, Type::list)) mismatch(f.list->at.begin, "List<T>", list);
  Scope inner(scope_);
  const Restore restore(scope_, &inner);
  declare(f.variable, list.type == Type::list ? of(list.items) : Static{}, at);
  Columns none;
  for (Clause& c : f.updates) clause(c, QueryKind::top, none);
}

void Analyser::load_csv(LoadCsv& l, Span at) {
  const Static url = resolve(l.url);
  if (!fits(url, Type::string)) mismatch(l.url->at.begin, "String", url);
  const bool one_byte = l.field_terminator.size() == 1 && l.field_terminator[0] != '"' && l.field_terminator[0] != '\n';
  if (!l.field_terminator.empty() && !one_byte) {
    fail(at.begin, "CSV field terminator can only be one ASCII character wide, and not a quote");
  }
  declare(l.variable, of(l.headers ? Type::map : Type::list), at);
}

}  // namespace packhouse::cypher::semantic
