#pragma once
#include <memory>

#include "cypher/error.hpp"
#include "cypher/exec/batch.hpp"
#include "cypher/exec/context.hpp"

namespace packhouse::cypher {

/// An expression compiled against slots. Made once a run by compile() (exec/compile.hpp); stateless but for caches.
/// Results may point into batch.arena(), into the batch's own values, the query arena or the snapshot.
/// Errors are thrown as QueryError.
class Expression {
 public:
  virtual ~Expression() = default;

  /// The value for one physical row. Comprehensions write their loop variable into its own slot of that row,
  /// which is why the batch isn't const.
  virtual Value eval(ExecContext& context, Batch& batch, RowIndex row) const = 0;

  /// For all selected rows: out[physical row]. The default calls eval(); property reads and comparisons do better.
  virtual void eval_all(ExecContext& context, Batch& batch, Value* out) const {
    for (RowIndex i = 0, n = batch.size(); i < n; ++i) out[batch.row(i)] = eval(context, batch, batch.row(i));
  }

  /// The value, if it is the same for every row and was known when it was compiled.
  virtual const Value* constant() const { return nullptr; }
};
using ExpressionPtr = std::unique_ptr<Expression>;

}  // namespace packhouse::cypher
