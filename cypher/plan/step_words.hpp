#pragma once
#include <string>
#include <string_view>

#include "cypher/plan/plan.hpp"

namespace packhouse::cypher::plan {

/// How a step is called in a plan description, and what it works on.
struct StepWords {
  std::string name, details;
};
StepWords words_of(const Step& step, const ast::Statement& statement);

}  // namespace packhouse::cypher::plan
