#include <algorithm>

#include "cypher/semantic/analyser.hpp"

// SHOW x YIELD a AS b ORDER BY c WHERE d RETURN e is the same as
// CALL show.x(filter, arguments) YIELD … WITH a AS b ORDER BY c WHERE d RETURN e.

namespace packhouse::cypher::semantic {

using namespace ast;

Expr* Analyser::variable_expr(std::string_view name, Span at) {
  return arena_.make<Expr>(Expr{Variable{name}, at});
}

Query* Analyser::show(Show& s) {
  std::string name = "show.";
  for (const char c : s.what) name += c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const auto table = context_.procedures != nullptr ? context_.procedures->find(name) : nullptr;
  if (table == nullptr) {
    fail(0, "Unsupported administration command: " + std::string(text_.substr(0, 200)), "51N27",
         Status::unsupported_administration_command);
  }
  statement_.procedures.push_back(table);
  boost::container::small_vector<Clause, 3> clauses;
  clauses.push_back(show_call(s, *table));
  With with{s.has_yield && !s.yield.star ? s.yield : show_columns(s, *table, s.has_yield), s.where};
  with.body.order = s.yield.order;
  with.body.skip = s.yield.skip;
  with.body.limit = s.yield.limit;
  // Without a RETURN of its own it returns what it yields, in that order.
  Return rest{};
  if (s.rest != nullptr) {
    rest = *s.rest;
  } else {
    auto items = arena_.array<ProjectionItem>(with.body.items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
      items[i] = {variable_expr(with.body.items[i].name, s.yield.at), with.body.items[i].name};
    rest.body.items = items;
  }
  clauses.push_back({with, s.yield.at});
  clauses.push_back({rest, s.yield.at});
  auto kept = arena_.array<Clause>(clauses.size());
  std::uninitialized_copy(clauses.begin(), clauses.end(), kept.begin());
  auto parts = arena_.array<SingleQuery>(1);
  parts[0] = {kept};
  auto* q = arena_.make<Query>();
  q->parts = parts;
  return q;
}

Clause Analyser::show_call(Show& s, const Procedure& table) {
  CallProcedure c;
  c.name = arena_.copy(table.name);
  c.has_yield = true;
  c.arguments = arena_.array<Expr*>(2);
  c.arguments[0] = arena_.make<Expr>(Expr{Literal{Value::string(s.filter)}, s.yield.at});
  c.arguments[1] = arena_.make<Expr>(Expr{ListLiteral{s.arguments}, s.yield.at});
  c.yields = arena_.array<YieldItem>(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string_view name = arena_.copy(table.columns[i].name);
    c.yields[i] = YieldItem{name, Variable{name}};
  }
  return {c, s.yield.at};
}

/// The columns shown without YIELD, or all of them.
Projection Analyser::show_columns(const Show& s, const Procedure& table, bool all) {
  Projection p;
  p.at = s.yield.at;
  std::vector<std::string_view> names;
  for (const ProcedureColumn& c : table.columns) {
    if (all || c.is_default) names.push_back(arena_.copy(c.name));
  }
  p.items = arena_.array<ProjectionItem>(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) p.items[i] = {variable_expr(names[i], p.at), names[i]};
  return p;
}

}  // namespace packhouse::cypher::semantic
