#include "cypher/semantic/analyser.hpp"

// Expressions with variables of their own: comprehensions, quantifiers, reduce, patterns and sub-queries.

namespace packhouse::cypher::semantic {

using namespace ast;

namespace {
/// What a list's items may be; a value that needn't be a list says nothing.
Static items_of(Static list) {
  return list.type == Type::list ? of(list.items) : Static{};
}
}  // namespace

/// The variable hides others of its name while f runs. Aggregating calls have no place there.
template <class F>
void Analyser::with_loop_variable(Variable& v, Static type, F&& f) {
  const Restore no_aggregates(aggregates_, Aggregates{nullptr, aggregates_.inside, true});
  Scope inner(scope_);
  const Restore restore(scope_, &inner);
  v.slot = new_slot(v.name);
  inner.add({v.name, v.slot, type});
  f();
}

Static Analyser::comprehension(ListComprehension& c, Span) {
  const Static list = resolve(c.list);
  if (!fits(list, Type::list)) mismatch(c.list->at.begin, "List<T>", list);
  Static item = items_of(list);
  with_loop_variable(c.variable, item, [&] {
    if (c.where != nullptr) (void)predicate(c.where);
    if (c.map != nullptr) item = resolve(c.map);
  });
  return list_of(item.type);
}

Static Analyser::quantifier(Quantifier& q, Span) {
  const Static list = resolve(q.list);
  if (!fits(list, Type::list)) mismatch(q.list->at.begin, "List<T>", list);
  with_loop_variable(q.variable, items_of(list), [&] { (void)predicate(q.where); });
  return of(Type::boolean);
}

Static Analyser::reduce(Reduce& r, Span) {
  const Static initial = resolve(r.initial);
  const Static list = resolve(r.list);
  if (!fits(list, Type::list)) mismatch(r.list->at.begin, "List<T>", list);
  // The accumulator may change its type from step to step, so nothing is known about it.
  with_loop_variable(r.accumulator, {},
                     [&] { with_loop_variable(r.variable, items_of(list), [&] { (void)resolve(r.step); }); });
  return initial.type == Type::list ? of(Type::list) : Static{};
}

Static Analyser::map_projection(MapProjection& m) {
  const Static object = resolve(m.object);
  if (!fits(object, Type::map | Type::entity)) mismatch(m.object->at.begin, "Map, Node or Relationship", object);
  for (MapProjection::Item& i : m.items) {
    if (i.value != nullptr) (void)resolve(i.value);
  }
  return of(Type::map);
}

Static Analyser::pattern_predicate(PatternPredicate& p, Span at, bool predicate) {
  if (!predicate && !p.in_exists) {
    fail(at.begin,
         "A pattern expression should only be used in order to test the existence of a pattern. It should therefore "
         "only be used "
         "in contexts that evaluate to a boolean, e.g. inside the function exists() or in a WHERE-clause. No other "
         "uses are "
         "allowed, instead they should be replaced by a pattern comprehension.",
         gql::pattern_expression);
  }
  const Restore no_aggregates(aggregates_, Aggregates{});
  Scope inner(scope_);
  const Restore restore(scope_, &inner);
  paths({p.path, 1}, PatternUse::predicate);
  return of(Type::boolean);
}

Static Analyser::pattern_comprehension(PatternComprehension& c) {
  const Restore no_aggregates(aggregates_, Aggregates{nullptr, aggregates_.inside, true});
  Scope inner(scope_);
  const Restore restore(scope_, &inner);
  paths({c.path, 1}, PatternUse::comprehension);
  if (c.where != nullptr) (void)predicate(c.where);
  const Static item = resolve(c.map);
  c.slot = new_slot("");
  return list_of(item.type);
}

Static Analyser::subquery(SubqueryExpr& s, Span at) {
  const Restore no_aggregates(aggregates_, Aggregates{});
  const Restore not_lost(lost_, static_cast<const Scope*>(nullptr));
  const QueryKind kind = s.kind == SubqueryKind::exists  ? QueryKind::exists
                         : s.kind == SubqueryKind::count ? QueryKind::count
                                                         : QueryKind::collect;
  const Columns columns = query(*s.query, kind, scope_, nullptr);
  if (kind == QueryKind::exists) return of(Type::boolean);
  if (kind == QueryKind::count) return of(Type::integer);
  if (columns.size() != 1)
    fail(at.begin, "A Collect Expression must end with a single return column.", gql::clause_order);
  s.column = columns[0].slot;
  return list_of(columns[0].type.type);
}

Static Analyser::shortest_path(ShortestPathExpr& s) {
  const Restore no_aggregates(aggregates_, Aggregates{});
  Scope inner(scope_);
  const Restore restore(scope_, &inner);
  Path& p = *s.path;
  for (const Variable* v : {&p.start.variable, &p.steps[0].node.variable}) {
    if (!v->name.empty() && scope().find(v->name) != nullptr) continue;
    fail(p.at.begin, std::string(p.kind == PathKind::shortest ? "shortestPath" : "allShortestPaths") +
                         "(...) requires bound nodes when not part of a MATCH clause.");
  }
  paths({&p, 1}, PatternUse::shortest);
  p.variable.slot = new_slot("");
  return p.kind == PathKind::shortest ? of(Type::path) : list_of(Type::path);
}

}  // namespace packhouse::cypher::semantic
