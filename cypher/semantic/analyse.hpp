#pragma once
#include "base/error.hpp"
#include "cypher/functions/registry.hpp"
#include "cypher/procedures/registry.hpp"
#include "cypher/syntax/ast.hpp"

namespace packhouse::cypher {

/// What names of functions and procedures mean.
struct AnalysisContext {
  const FunctionRegistry& functions = FunctionRegistry::instance();
  const ProcedureRegistry* procedures = nullptr;  ///< null: there are none
};

/// Binds a parsed statement: gives variables slots, expands stars, takes aggregations out, checks scopes, types,
/// arguments and the order of clauses, and fills in every field of the tree that is marked "semantic". A SHOW command
/// becomes a Query (CALL of its table, WITH, RETURN), so that planners meet no Show. After an error the statement is of
/// no use. Errors: mostly Status::syntax_error, also type_error, procedure_not_found, with their place in the text.
Result<void> analyse(ast::Statement& statement, const AnalysisContext& context);

}  // namespace packhouse::cypher
