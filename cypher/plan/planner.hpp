#pragma once
#include "cypher/plan/plan.hpp"
#include "storage/graph.hpp"

namespace packhouse::cypher::plan {

/// Plans an analysed statement whose body is a query, with the statistics and the schema that `tx` sees. Fills the fields
/// of the tree that are marked "planner" and may add slots and expressions to the statement, which must outlive the plan.
/// Throws QueryError for what can't be planned.
Plan make_plan(ast::Statement& statement, storage::Transaction& tx);

}  // namespace packhouse::cypher::plan
