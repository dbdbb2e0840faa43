#pragma once
#include <optional>

#include "cypher/exec/build.hpp"
#include "cypher/exec/row_store.hpp"
#include "cypher/exec/run/prepared.hpp"

namespace packhouse::cypher {

/// Whether a plan is the call of a procedure and what is made of its rows, so that nothing else reads the graph.
bool is_one_call(const plan::Plan& plan);

/// The operators of one planned query, slice by slice. One that only reads hands on its rows as they come; one that
/// writes does all of it first and keeps its rows until they are asked for, unless it commits as it goes.
class PlanRun {
 public:
  /// The query must outlive it.
  explicit PlanRun(const Prepared& prepared) : prepared_(prepared) {}

  /// From the beginning. With a profile, steps are counted.
  void open(ExecContext& context, std::vector<StepProfile>* profile = nullptr, std::uint64_t* profile_nested = nullptr);
  /// A slice of work. `batch` has as many slots as the plan.
  Run::State work(ExecContext& context, Batch& batch);
  /// The operators go: their cursors read the snapshot.
  void close() { root_.reset(); }

 private:
  Run::State read(ExecContext& context, Batch& batch);
  Run::State gather(ExecContext& context, Batch& batch);
  Run::State give(Batch& batch);
  Progress pull(ExecContext& context, Batch& batch);

  const Prepared& prepared_;
  OperatorPtr root_;
  RowIndex capacity_ = 16;
  plan::Slots result_slots_;
  std::optional<RowStore> rows_;  // of a query that writes
  std::size_t given_ = 0;
  bool gathered_ = false;
};

}  // namespace packhouse::cypher
