#pragma once
#include <memory>

#include "cypher/exec/operator.hpp"
#include "cypher/plan/fwd.hpp"

namespace packhouse::cypher {

/// A plan that an expression runs once per row: EXISTS, COUNT, COLLECT, pattern predicates and comprehensions,
/// shortestPath. The row's values are given to the plan's Argument leaf; the plan's rows come back in batches.
/// (Implemented by exec/; expressions only see this.)
class Subplan {
 public:
  virtual ~Subplan() = default;
  /// Starts over with the values of this row.
  virtual void start(ExecContext& context, Batch& outer, RowIndex row) = 0;
  /// The next batch of rows, or null when done; never yields (it checks the stop signal itself).
  virtual Batch* next(ExecContext& context) = 0;
};

std::unique_ptr<Subplan> make_subplan(const plan::Node& plan, ExecContext& context);

}  // namespace packhouse::cypher
