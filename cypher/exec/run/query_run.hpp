#pragma once
#include <optional>

#include "cypher/exec/build.hpp"
#include "cypher/exec/row_store.hpp"
#include "cypher/exec/run/statement_run.hpp"

namespace packhouse::cypher {

/// A query being run by operators. One that only reads streams; one that writes does all of it first and keeps its
/// result rows until they are asked for.
class QueryRun final : public StatementRun {
 public:
  QueryRun(PreparedPtr prepared, storage::Transaction& tx, std::vector<Value> parameters, const Value& parameter_map,
           const RunOptions& options);

  /// The operators go as soon as they are not asked again: their cursors read the snapshot, which a commit, or starting
  /// over after a wait, ends while this object lives on for the summary.
  Result<State> advance() override {
    auto state = StatementRun::advance();
    if (!state || *state == State::done || (*state == State::waiting && !paused())) root_.reset();
    return state;
  }
  const std::vector<Notification>& notifications() const override;
  const PlanDescription* plan() const override;

 private:
  void start() override;
  State work() override;
  State gather();
  State give();

  OperatorPtr root_;
  plan::Slots result_slots_;
  std::vector<StepProfile> profile_;
  std::uint64_t profile_nested_ = 0;
  RowIndex capacity_ = 16;
  std::optional<RowStore> rows_;  ///< of a query that writes
  std::size_t given_ = 0;
  bool gathered_ = false;
  mutable std::optional<std::vector<Notification>> notifications_;
  mutable std::optional<PlanDescription> description_;
};

}  // namespace packhouse::cypher
