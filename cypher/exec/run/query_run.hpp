#pragma once
#include <optional>

#include "cypher/exec/run/plan_run.hpp"
#include "cypher/exec/run/statement_run.hpp"

namespace packhouse::cypher {

/// A query being run by operators (PlanRun).
class QueryRun final : public StatementRun {
 public:
  /// `compiler` is for queries that the query's procedures run.
  QueryRun(PreparedPtr prepared, storage::Transaction& tx, std::vector<Value> parameters, const Value& parameter_map,
           const RunOptions& options, QueryCompiler& compiler);

  /// The operators go as soon as they are not asked again: their cursors read the snapshot, which a commit, or starting
  /// over after a wait, ends while this object lives on for the summary.
  Result<State> advance() override {
    auto state = StatementRun::advance();
    if (!state || *state == State::done || (*state == State::waiting && !paused())) steps_.close();
    return state;
  }
  const std::vector<Notification>& notifications() const override;
  const PlanDescription* plan() const override;

 private:
  void start() override;
  State work() override { return explain_only() ? State::done : steps_.work(context_, batch_); }

  PlanRun steps_;
  std::vector<StepProfile> profile_;
  std::uint64_t profile_nested_ = 0;
  mutable std::optional<std::vector<Notification>> notifications_;
  mutable std::optional<PlanDescription> description_;
};

}  // namespace packhouse::cypher
