#include "cypher/semantic/analyse.hpp"

#include "cypher/semantic/analyser.hpp"

namespace packhouse::cypher {

namespace semantic {

void Analyser::fail(std::uint32_t at, std::string what, std::string_view cause, Status status) const {
  throw QueryError(syntax::located(status, text_, at, std::move(what), cause));
}

void Analyser::mismatch(std::uint32_t at, std::string_view expected, Static found, Status status) const {
  fail(at, "Type mismatch: expected " + std::string(expected) + " but was " + describe(found), gql::type_mismatch,
       status);
}

void Analyser::declare(ast::Variable& v, Static type, ast::Span at) {
  if (scope().find_own(v.name) != nullptr)
    fail(at.begin, "Variable `" + std::string(v.name) + "` already declared", gql::variable_bound);
  v.slot = new_slot(v.name);
  scope().add({v.name, v.slot, type});
}

/// An expression that stands outside of any query.
void Analyser::constant(Expr* e) {
  Scope nothing;
  const Restore restore(scope_, &nothing);
  if (e != nullptr) (void)resolve(e);
}

void Analyser::parameters_of(const ast::NameOrParameter& name) {
  constant(name.parameter);
}

void Analyser::administration(ast::Administration& a) {
  for (const ast::Entry& e : a.arguments) constant(e.value);
}

void Analyser::statement() {
  if (auto* s = std::get_if<ast::Show*>(&statement_.body)) statement_.body = show(**s);
  std::visit(overloaded{
                 [&](ast::Query* q) {
                   const Columns columns = query(*q, QueryKind::top, nullptr, nullptr);
                   for (const Column& c : columns) {
                     statement_.columns.emplace_back(c.name);
                     statement_.column_slots.push_back(c.slot);
                   }
                 },
                 [&](ast::CreateIndex* i) { parameters_of(i->name), constant(i->options); },
                 [&](ast::CreateConstraint* c) { parameters_of(c->name), constant(c->options); },
                 [&](ast::DropIndex* i) { parameters_of(i->name); },
                 [&](ast::DropConstraint* c) { parameters_of(c->name); },
                 [&](ast::Administration* a) { administration(*a); },
                 [](ast::Show*) {},
             },
             statement_.body);
}

}  // namespace semantic

Result<void> analyse(ast::Statement& statement, const AnalysisContext& context) try {
  semantic::Analyser(statement, context).statement();
  return ok;
} catch (QueryError& e) {
  return tl::make_unexpected(std::move(e.error));
}

}  // namespace packhouse::cypher
