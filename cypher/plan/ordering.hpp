#pragma once
#include <vector>

#include "cypher/plan/access.hpp"

namespace packhouse::cypher::plan {

/// One step of solving a pattern. `number` is a node's (find, join) or a relationship's.
struct Action {
  enum class Kind : std::uint8_t {
    find,           ///< find a node by its access
    join,           ///< the same, but by hashing on a condition between it and what is bound
    expand,         ///< follow a relationship from its bound end (`from_left` says which)
    into,           ///< both ends are bound
    endpoints,      ///< the relationship is bound
    scan,           ///< find a relationship and both its ends
    shortest,       ///< both ends are bound
  } kind;
  std::size_t number;
  bool from_left = true;
  Access access;                  ///< find, join; scan by id: its step is RelationshipById
  std::size_t join_condition = 0;
  double rows = 0;                ///< after it and the conditions that follow
};

/// Chooses in which order to solve a pattern: tries every beginning, goes on with the cheapest next step, and keeps the
/// order whose estimated cost is least.
std::vector<Action> order_pattern(const Pattern& pattern, const SlotSet& bound, double rows, const Statistics& statistics);

}  // namespace packhouse::cypher::plan
