#pragma once
#include <memory>

#include "cypher/exec/batch.hpp"
#include "cypher/exec/context.hpp"
#include "cypher/exec/expression.hpp"

namespace packhouse::cypher {

enum class Progress : std::uint8_t {
  rows,   ///< the batch holds at least one selected row
  yield,  ///< the slice is used up: call again later; the batch holds nothing
  done,   ///< no more rows; stays so until open() is called again
};

/// A physical operator. Pulls batches from its input and fills a batch for whoever asked.
///
/// Contract of next(out): pass-through operators (filter, project) hand `out` to their input and change it in
/// place. Operators that multiply rows (expand, unwind) keep an input batch of their own, fill `out` from it and
/// never pull the next input batch while `out` holds rows made from the previous one. Yield is handed upwards with
/// the state kept. Errors are thrown as QueryError.
class Operator {
 public:
  virtual ~Operator() = default;
  /// (Re)starts it from the beginning; called before the first next() and again for each outer row under Apply.
  virtual void open(ExecContext& context) = 0;
  virtual Progress next(ExecContext& context, Batch& out) = 0;
};
using OperatorPtr = std::unique_ptr<Operator>;

}  // namespace packhouse::cypher
