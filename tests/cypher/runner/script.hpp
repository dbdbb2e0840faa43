#pragma once
#include <istream>
#include <string>
#include <vector>

#include "tests/cypher/runner/database.hpp"

namespace packhouse::tests {

/// One step of a tests/cypher/**.test file:
///
///     # a comment
///     graph                                  builds on a fresh store; the steps after it share that store
///       CREATE (:A {x: 1})                   indented: Cypher, may take several lines; `;` ends a statement
///     query: title                           rows in this order; `query unordered` for any order
///       MATCH (a:A) WHERE a.x = $x RETURN a
///     with x = 1                             a parameter, as a literal
///     | a           |
///     | (:A {x: 1}) |
///     error: title                           then the code, then words of the message
///     change: title                          then counters that aren't 0: nodes_created = 1; and a table if it returns
///     plan: title                            then lines that must occur in the plan's table, in this order; !word must not
struct Step {
  enum class Kind { graph, query, query_unordered, error, change, plan };
  Kind kind{};
  std::string title, cypher;
  Literals parameters;
  std::vector<std::vector<std::string>> table;  ///< first row: column names
  std::vector<std::string> lines;
  int line = 0;
};
Result<std::vector<Step>> read_script(std::istream& in);

/// Runs a file's steps; each string is one failure, readable by itself.
std::vector<std::string> run_script(const std::vector<Step>& steps, std::string_view file);

}  // namespace packhouse::tests
