#pragma once
#include <string>
#include <vector>

#include "cypher/engine.hpp"
#include "cypher/exec/build.hpp"
#include "cypher/plan/plan.hpp"

namespace packhouse::cypher::plan {

/// The plan in the words of Neo4j's operators. `profile`: counts by Node::id, or null.
PlanDescription describe_plan(const Plan& plan, const ast::Statement& statement, const std::vector<StepProfile>* profile);

/// The same as a table, as shells print it.
std::string plan_table(const PlanDescription& root, bool profiled);

}  // namespace packhouse::cypher::plan
