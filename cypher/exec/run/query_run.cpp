#include "cypher/exec/run/query_run.hpp"

#include "cypher/exec/run/notifications.hpp"
#include "cypher/plan/explain.hpp"

namespace packhouse::cypher {

QueryRun::QueryRun(PreparedPtr prepared, storage::Transaction& tx, std::vector<Value> parameters, const Value& parameter_map,
                   const RunOptions& options, QueryCompiler& compiler)
    : StatementRun(std::move(prepared), tx, std::move(parameters), parameter_map, options), steps_(*prepared_) {
  context_.compiler = &compiler;
  context_.parts = !options.implicit_transaction     ? ExecContext::Parts::explicit_transaction
                   : !is_one_call(*prepared_->plan) ? ExecContext::Parts::among_others
                                                    : ExecContext::Parts::allowed;
}

void QueryRun::start() {
  if (explain_only()) return;
  if (!profiled()) return steps_.open(context_);
  profile_.assign(prepared_->plan->nodes, {});
  profile_nested_ = context_.db_hits;
  steps_.open(context_, &profile_, &profile_nested_);
}

const std::vector<Notification>& QueryRun::notifications() const {
  if (!notifications_) notifications_ = notifications_of(*prepared_->plan, prepared_->statement, tx_.store());
  return *notifications_;
}

const PlanDescription* QueryRun::plan() const {
  if (prepared_->statement.explain == ast::ExplainMode::none) return nullptr;
  if (!description_) {
    description_ = plan::describe_plan(*prepared_->plan, prepared_->statement, profiled() ? &profile_ : nullptr);
  }
  return &*description_;
}

}  // namespace packhouse::cypher
