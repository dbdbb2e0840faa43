#include <algorithm>

#include "cypher/semantic/analyser.hpp"

// CALL of procedures and of sub-queries.

namespace packhouse::cypher::semantic {

using namespace ast;

void Analyser::call_procedure(CallProcedure& c, Span at, Columns& result) {
  std::shared_ptr<const Procedure> found;
  if (context_.procedures != nullptr) found = context_.procedures->find(c.name);
  if (found == nullptr) {
    fail(at.begin,
         "There is no procedure with the name `" + std::string(c.name) +
             "` registered for this database instance. Please ensure you've spelled the procedure name correctly and "
             "that the procedure is properly deployed.",
         gql::unknown_procedure, Status::procedure_not_found);
  }
  statement_.procedures.push_back(found);
  const Procedure& p = *found;
  c.procedure = &p;
  if (p.mode == ProcedureMode::write || p.mode == ProcedureMode::schema) writes();
  procedure_arguments(c, p, at);
  procedure_yields(c, p, at);
  if (c.where != nullptr) (void)predicate(c.where);
  if (!c.standalone) return;
  for (const YieldItem& y : c.yields) result.push_back({y.variable.name, y.variable.slot, {}});
}

void Analyser::procedure_arguments(CallProcedure& c, const Procedure& p, Span at) {
  std::vector<Expr*> arguments(c.arguments.begin(), c.arguments.end());
  if (c.implicit_arguments) {
    if (!c.standalone) {
      fail(at.begin,
           "Procedure call inside a query does not support passing arguments implicitly. Please pass arguments "
           "explicitly in "
           "parentheses after procedure name for " +
               p.name);
    }
    // CALL my.proc: each argument is the parameter of its name.
    for (const ProcedureArgument& a : p.arguments) {
      if (a.has_default) break;
      arguments.push_back(arena_.make<Expr>(Expr{Parameter{arena_.copy(a.name)}, at}));
    }
  }
  const auto required =
      static_cast<std::size_t>(std::ranges::count_if(p.arguments, [](const auto& a) { return !a.has_default; }));
  if (arguments.size() < required || arguments.size() > p.arguments.size()) {
    std::string expected = std::to_string(required);
    if (p.arguments.size() > required) expected = "between " + expected + " and " + std::to_string(p.arguments.size());
    fail(at.begin,
         std::string(arguments.size() < required ? "Procedure call does not provide the required number of arguments"
                                                 : "Procedure call provides too many arguments") +
             ": got " + std::to_string(arguments.size()) + " expected " + expected + ".",
         gql::argument_count);
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Static t = resolve(arguments[i]);
    if (!fits(t, p.arguments[i].type)) mismatch(arguments[i]->at.begin, describe(of(p.arguments[i].type)), t);
  }
  for (std::size_t i = arguments.size(); i < p.arguments.size(); ++i) {
    arguments.push_back(arena_.make<Expr>(Expr{Literal{p.arguments[i].fallback}, at}));
  }
  c.arguments = arena_.array<Expr*>(arguments.size());
  std::ranges::copy(arguments, c.arguments.begin());
}

void Analyser::procedure_yields(CallProcedure& c, const Procedure& p, Span at) {
  if (c.yield_star && !c.standalone) fail(at.begin, "Cannot use `YIELD *` outside standalone call");
  if (!c.has_yield && !c.standalone && !p.columns.empty()) {
    fail(at.begin,
         "Procedure call inside a query does not support naming results implicitly (name explicitly using `YIELD` "
         "instead)",
         gql::undefined_variable);
  }
  if (c.yield_star || (!c.has_yield && c.standalone)) {
    c.yields = arena_.array<YieldItem>(p.columns.size());
    for (std::size_t i = 0; i < p.columns.size(); ++i) {
      const std::string_view name = arena_.copy(p.columns[i].name);
      c.yields[i] = YieldItem{name, Variable{name}};
    }
  }
  for (YieldItem& y : c.yields) {
    const auto column = std::ranges::find(p.columns, y.column, &ProcedureColumn::name);
    if (column == p.columns.end()) {
      fail(at.begin, "Unknown procedure output: `" + std::string(y.column) + "`", gql::undefined_variable);
    }
    declare(y.variable, of(column->type), at);
  }
}

void Analyser::call_subquery(CallSubquery& c, Span at, QueryKind kind) {
  if (c.in_transactions != nullptr) in_transactions(*c.in_transactions, at, kind);
  const Restore nested(in_transactions_, in_transactions_ || c.in_transactions != nullptr);
  const bool in_expression = kind == QueryKind::exists || kind == QueryKind::count || kind == QueryKind::collect;
  Columns columns;
  if (c.scoped) {
    // Imported variables stay visible throughout, whatever WITH the sub-query has.
    Scope imported;
    for (Variable& v : c.imports) {
      const Static t = variable(v, at);
      if (imported.find_own(v.name) != nullptr)
        fail(at.begin, "Variable `" + std::string(v.name) + "` already declared", gql::variable_bound);
      imported.add({v.name, v.slot, t});
    }
    columns = query(*c.query, QueryKind::call, c.import_all ? scope_ : &imported, nullptr);
  } else {
    columns = query(*c.query, QueryKind::call, nullptr, scope_);
  }
  if (in_expression && c.query->writes)
    fail(at.begin, "A sub-query of an expression cannot contain any updates", gql::clause_order);
  for (const Column& x : columns) {
    if (scope().find(x.name) != nullptr) {
      fail(at.begin, "Variable `" + std::string(x.name) + "` already declared in outer scope", gql::variable_bound);
    }
    scope().add({x.name, x.slot, x.type});
  }
  if (c.in_transactions != nullptr && !c.in_transactions->status.name.empty()) {
    declare(c.in_transactions->status, of(Type::map), at);
  }
}

namespace {

/// Whether one of the clauses before `at` changes something in the transaction that the parts would end.
bool writes_before(const SingleQuery& part, Span at) {
  for (const Clause& c : part.clauses) {
    if (c.at.begin >= at.begin) return false;
    const auto* call = std::get_if<CallSubquery>(&c.node);
    const auto* procedure = std::get_if<CallProcedure>(&c.node);
    if (is_update(c) || (call && call->in_transactions == nullptr && call->query->writes) ||
        (procedure && procedure->procedure && procedure->procedure->mode == ProcedureMode::write)) {
      return true;
    }
  }
  return false;
}

}  // namespace

void Analyser::in_transactions(InTransactions& t, Span at, QueryKind kind) {
  if (in_transactions_) fail(at.begin, "Nested CALL { ... } IN TRANSACTIONS is not supported", gql::clause_order);
  if (kind != QueryKind::top)
    fail(at.begin, "CALL { ... } IN TRANSACTIONS nested in a regular CALL is not supported", gql::clause_order);
  if (query_->parts.size() > 1)
    fail(at.begin, "CALL { ... } IN TRANSACTIONS in a UNION is not supported", gql::clause_order);
  if (writes_before(query_->parts[0], at)) {
    fail(at.begin, "CALL { ... } IN TRANSACTIONS after a write clause is not supported", gql::clause_order);
  }
  statement_.in_transactions = true;
  if (t.rows != nullptr) count_expression(t.rows, "IN TRANSACTIONS");
  if (!t.status.name.empty() && t.on_error == OnError::fail) {
    fail(at.begin, "REPORT STATUS can only be used when specifying ON ERROR CONTINUE or ON ERROR BREAK",
         gql::clause_order);
  }
}

}  // namespace packhouse::cypher::semantic
