#include <algorithm>

#include "cypher/semantic/analyser.hpp"
#include "cypher/syntax/print.hpp"
#include "cypher/syntax/walk.hpp"

// WITH and RETURN: what they pass on, and what their ORDER BY, SKIP, LIMIT and WHERE may see.

namespace packhouse::cypher::semantic {

using namespace ast;

Columns Analyser::projection(Projection& p, Expr* where, bool is_return, bool importing) {
  if (p.star) expand_star(p, is_return);
  Columns columns;
  std::vector<Aggregation> calls;
  items(p, is_return, calls, columns);
  p.aggregating = !calls.empty();
  if (importing && p.aggregating)
    fail(p.at.begin, "Importing WITH should consist only of simple references to outside variables", gql::clause_order);

  // Sort keys and WHERE see the new variables first, then, unless rows were merged, the old ones.
  const Scope& old = *scope_;
  Scope seen(p.distinct || p.aggregating ? old.outer() : &old);
  for (const Column& c : columns) seen.add({c.name, c.slot, c.type});
  {
    const Restore see(scope_, &seen);
    const Restore lost(lost_, p.distinct || p.aggregating ? &old : nullptr);
    for (SortKey& k : p.order) after_projection(k.value, p, old, false, is_return, calls);
    if (where != nullptr) after_projection(where, p, old, true, is_return, calls);
  }
  if (p.skip != nullptr) count_expression(p.skip, "SKIP");
  if (p.limit != nullptr) count_expression(p.limit, "LIMIT");
  for (ProjectionItem& i : p.items) {
    if (i.aggregates) take_out(i, p, calls, old);
  }
  p.aggregations = arena_.array<Aggregation>(calls.size());
  std::ranges::copy(calls, p.aggregations.begin());
  return columns;
}

/// All variables of the query, by name, in front of the items written.
void Analyser::expand_star(Projection& p, bool is_return) {
  std::vector<std::string_view> names;
  for (const Symbol& s : scope().own()) names.push_back(s.name);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.empty() && is_return)
    fail(p.at.begin, "RETURN * is not allowed when there are no variables in scope", gql::nothing_in_scope);
  auto all = arena_.array<ProjectionItem>(names.size() + p.items.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    all[i] = {arena_.make<Expr>(Expr{Variable{names[i]}, {p.at.begin, p.at.begin + 1}}), names[i]};
  }
  std::ranges::copy(p.items, all.begin() + static_cast<std::ptrdiff_t>(names.size()));
  p.items = all;
}

void Analyser::items(Projection& p, bool is_return, std::vector<Aggregation>& calls, Columns& columns) {
  columns.reserve(p.items.size());
  for (ProjectionItem& i : p.items) {
    const bool named = i.aliased || i.value->as<Variable>() != nullptr || i.value->as<MapProjection>() != nullptr;
    if (!is_return && !named) fail(i.value->at.begin, "Expression in WITH must be aliased (use AS)", gql::no_alias);
    // Calls that this item shares with earlier ones are found by comparing, so count what it meets.
    std::vector<Aggregation> own;
    Static t;
    {
      const Restore collect(aggregates_, Aggregates{&own});
      t = resolve(i.value);
    }
    i.aggregates = !own.empty();
    for (const Aggregation& a : own) {
      const bool known =
          std::ranges::any_of(calls, [&](const Aggregation& b) { return same_expression(*a.call, *b.call, text_); });
      if (!known) calls.push_back({a.call, new_slot(arena_.copy(print(*a.call)))});
    }
    const auto* v = i.value->as<Variable>();
    const bool call = own.size() == 1 && same_expression(*i.value, *own[0].call, text_);
    const auto taken = std::ranges::find_if(
        calls, [&](const Aggregation& b) { return call && same_expression(*i.value, *b.call, text_); });
    i.slot = v != nullptr ? v->slot : taken != calls.end() ? taken->slot : new_slot(i.name);
    for (const Column& c : columns) {
      if (c.name != i.name) continue;
      fail(i.value->at.begin, "Multiple result columns with the same name are not supported", gql::column_conflict);
    }
    columns.push_back({i.name, i.slot, t});
  }
}

/// ORDER BY and WHERE: parts that read like a projected expression stand for its value.
void Analyser::after_projection(Expr* e, Projection& p, const Scope& old, bool is_where, bool is_return,
                                std::vector<Aggregation>& calls) {
  const bool aggregating = aggregates(*e);
  if (aggregating && (is_where || !p.aggregating)) {
    if (is_where) fail(e->at.begin, "Invalid use of aggregating function in this context", gql::aggregation);
    fail(e->at.begin,
         std::string("Cannot use aggregation in ORDER BY if there are no aggregate expressions in the preceding ") +
             (is_return ? "RETURN" : "WITH"),
         gql::aggregation);
  }
  std::vector<std::string_view> hidden;
  use_projected(e, p, calls, hidden, aggregating);
  if (aggregating) check_grouping(e, p, calls, old, true);
  const Static t = is_where ? predicate(e) : resolve(e);
  (void)t;
}

/// SKIP and LIMIT: no variables, and not a number that can be seen to be wrong.
void Analyser::count_expression(Expr* e, std::string_view clause) {
  std::vector<Expr*> todo{e};
  while (!todo.empty()) {
    const Expr* x = todo.back();
    todo.pop_back();
    const bool pattern = x->as<PatternPredicate>() != nullptr || x->as<PatternComprehension>() != nullptr ||
                         x->as<SubqueryExpr>() != nullptr;
    if (x->as<Variable>() != nullptr || pattern) {
      fail(x->at.begin, "It is not allowed to refer to variables in " + std::string(clause) +
                            ", so that the value for " + std::string(clause) + " can be statically calculated.");
    }
    for_each_operand(*x, [&](Expr* y) { todo.push_back(y); });
  }
  Scope nothing;
  const Restore restore(scope_, &nothing);
  const Static t = resolve(e);
  const auto* literal = e->as<Literal>();
  const std::string invalid =
      "Invalid input. '" + print(*e) + "' is not a valid value. Must be a non-negative integer.";
  if (literal != nullptr && literal->value.is(Kind::integer) && literal->value.as_integer() < 0)
    fail(e->at.begin, invalid, gql::negative_number);
  if (literal != nullptr && !literal->value.is(Kind::integer)) fail(e->at.begin, invalid, gql::type_mismatch);
  if (t.type != Type::any && !overlap(t.type, Type::integer | Type::null)) mismatch(e->at.begin, "Integer", t);
}

}  // namespace packhouse::cypher::semantic
