#pragma once
#include "cypher/exec/expression.hpp"
#include "cypher/syntax/expression.hpp"

namespace packhouse::cypher {

/// Turns a bound expression into one that can be evaluated. `arena` (the run's) holds folded constants.
/// Sub-plans (pattern predicates, EXISTS, comprehensions, shortestPath) are built through exec/subplan.hpp.
/// Aggregating calls never occur here: semantic/ has replaced them by variables.
ExpressionPtr compile(const ast::Expr& expr, ExecContext& context);

}  // namespace packhouse::cypher
