#pragma once
#include <optional>
#include <vector>

#include "cypher/plan/pattern.hpp"
#include "cypher/plan/statistics.hpp"

namespace packhouse::cypher::plan {

/// One way to find a pattern's node from nothing: the step, what it costs for one input row, and the conditions that it
/// settles.
struct Access {
  Step step;
  double cost = 0, rows = 0;
  std::vector<std::size_t> settles;  ///< numbers of conditions
  bool seeks = false;                ///< index or id, not a scan
};

/// A comparison with a property of one node: n.key op value.
struct PropertyComparison {
  std::string_view key;
  ast::Op op;
  const ast::Expr* value;
};
std::optional<PropertyComparison> property_comparison(const ast::Expr& e, Slot of);

/// id(x) = value, elementId(x) = value, or IN.
struct IdComparison {
  bool element_id, many;
  const ast::Expr* value;
};
std::optional<IdComparison> id_comparison(const ast::Expr& e, Slot of);

/// Is everything that `e` reads bound?
bool readable(const ast::Expr& e, const SlotSet& introduced, const SlotSet& bound);

/// The cheapest way to find node `n` when `bound` is bound and conditions marked in `done` are settled.
Access best_access(const Pattern& pattern, std::size_t n, const SlotSet& bound, const std::vector<bool>& done,
                   const Statistics& statistics);

}  // namespace packhouse::cypher::plan
