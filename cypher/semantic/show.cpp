#include <algorithm>

#include "base/ascii.hpp"
#include "cypher/semantic/analyser.hpp"

// SHOW x YIELD a AS b ORDER BY c WHERE d RETURN e is the same as
// CALL show.x(filter, arguments) YIELD … WITH a AS b ORDER BY c WHERE d RETURN e.
// A command that follows another keeps its names: CALL show.y(…) YIELD f AS g WITH b, g … .

namespace packhouse::cypher::semantic {

using namespace ast;

namespace {

ast::Seq<Clause> keep(Arena& arena, std::span<const Clause> clauses) {
  auto kept = arena.array<Clause>(clauses.size());
  std::uninitialized_copy(clauses.begin(), clauses.end(), kept.begin());
  return kept;
}

}  // namespace

Expr* Analyser::variable_expr(std::string_view name, Span at) {
  return arena_.make<Expr>(Expr{Variable{name}, at});
}

Query* Analyser::show(Show& first) {
  std::vector<Clause> clauses;
  std::vector<std::string_view> names;  // what has been yielded so far
  const Return* rest = nullptr;
  for (Show* s = &first; s != nullptr; s = s->next) {
    show_command(*s, names, clauses);
    rest = s->rest;
  }
  // Without a RETURN of its own it returns what it yields, in that order.
  Return result{};
  if (rest != nullptr) {
    result = *rest;
  } else {
    result.body.items = show_names(names, first.yield.at);
  }
  clauses.push_back({result, first.yield.at});
  auto parts = arena_.array<SingleQuery>(1);
  parts[0] = {keep(arena_, clauses)};
  auto* q = arena_.make<Query>();
  q->parts = parts;
  return q;
}

/// Appends the clauses of one command, and the names that it yields.
void Analyser::show_command(Show& s, std::vector<std::string_view>& names, std::vector<Clause>& clauses) {
  const Procedure& table = show_table(s);
  const Projection columns = s.has_yield && !s.yield.star ? s.yield : show_columns(s, table, s.has_yield);
  CallProcedure call = show_call(s, table);
  With with{columns, s.where};
  if (names.empty()) {  // WHERE and ORDER BY may use columns that aren't yielded
    call.yields = arena_.array<YieldItem>(table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const std::string_view name = arena_.copy(table.columns[i].name);
      call.yields[i] = YieldItem{name, Variable{name}};
    }
    for (const ProjectionItem& i : columns.items) names.push_back(i.name);
  } else {
    call.yields = arena_.array<YieldItem>(columns.items.size());
    for (std::size_t i = 0; i < columns.items.size(); ++i) {
      const ProjectionItem& item = columns.items[i];
      call.yields[i] = YieldItem{item.value->as<Variable>()->name, Variable{item.name}};
      names.push_back(item.name);
    }
    with.body.items = show_names(names, s.yield.at);
  }
  with.body.order = s.yield.order;
  with.body.skip = s.yield.skip;
  with.body.limit = s.yield.limit;
  clauses.push_back({call, s.yield.at});
  clauses.push_back({with, s.yield.at});
}

/// The table behind what is shown.
const Procedure& Analyser::show_table(const Show& s) {
  std::string name = "show.";
  for (const char c : s.what) name += c == ' ' ? '_' : ascii_lower(c);
  auto table = context_.procedures != nullptr ? context_.procedures->find(name) : nullptr;
  if (table == nullptr) {
    fail(s.at, "Unsupported administration command: " + std::string(text_.substr(0, 200)), "51N27",
         Status::unsupported_administration_command);
  }
  statement_.procedures.push_back(std::move(table));
  return *statement_.procedures.back();
}

CallProcedure Analyser::show_call(Show& s, const Procedure& table) {
  CallProcedure c;
  c.name = arena_.copy(table.name);
  c.has_yield = true;
  c.arguments = arena_.array<Expr*>(2);
  c.arguments[0] = arena_.make<Expr>(Expr{Literal{Value::string(s.filter)}, s.yield.at});
  c.arguments[1] = arena_.make<Expr>(Expr{ListLiteral{s.arguments}, s.yield.at});
  return c;
}

Seq<ProjectionItem> Analyser::show_names(std::span<const std::string_view> names, Span at) {
  auto items = arena_.array<ProjectionItem>(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) items[i] = {variable_expr(names[i], at), names[i]};
  return items;
}

/// The columns shown without YIELD, or all of them.
Projection Analyser::show_columns(const Show& s, const Procedure& table, bool all) {
  Projection p;
  p.at = s.yield.at;
  std::vector<std::string_view> names;
  for (const ProcedureColumn& c : table.columns) {
    if (all || c.is_default) names.push_back(arena_.copy(c.name));
  }
  p.items = show_names(names, p.at);
  return p;
}

}  // namespace packhouse::cypher::semantic
