#include "cypher/exec/run/query_run.hpp"

#include <algorithm>

#include "cypher/exec/run/notifications.hpp"
#include "cypher/plan/explain.hpp"

namespace packhouse::cypher {
namespace {

/// Batches of work between two yields.
constexpr std::uint32_t slice = 64;

}  // namespace

QueryRun::QueryRun(PreparedPtr prepared, storage::Transaction& tx, std::vector<Value> parameters, const Value& parameter_map,
                   const RunOptions& options)
    : StatementRun(std::move(prepared), tx, std::move(parameters), parameter_map, options) {}

void QueryRun::start() {
  if (explain_only()) return;
  const auto& plan = *prepared_->plan;
  Builder builder(context_, plan.slots, !plan.writes);
  if (profiled()) {
    profile_.assign(plan.nodes, {});
    profile_nested_ = context_.db_hits;
    builder.profile = &profile_;
    builder.profile_nested = &profile_nested_;
  }
  root_ = builder.build(*plan.root);
  root_->open(context_);
  if (!plan.writes) return;
  const auto& slots = prepared_->statement.column_slots;
  result_slots_.assign(slots.begin(), slots.end());
  if (rows_) {
    rows_->clear(context_);
  } else {
    rows_.emplace(result_slots_.size());
  }
  gathered_ = false;
}

Run::State QueryRun::work() {
  if (explain_only()) return State::done;
  // Each step may take one on its way to the next: deep plans need more to get anywhere.
  context_.new_slice(std::max(slice, 2 * prepared_->plan->nodes));
  if (prepared_->plan->writes) return gathered_ ? give() : gather();
  for (;;) {
    batch_.reset(capacity_);
    const Progress p = root_->next(context_, batch_);
    if (p == Progress::yield) return State::yield;
    if (p == Progress::done) {
      batch_.set_rows(0);
      return State::done;
    }
    capacity_ = std::min<RowIndex>(Batch::max_rows, capacity_ * 4);
    if (!columns().empty()) return State::rows;
    if (context_.out_of_budget()) return State::yield;
  }
}

Run::State QueryRun::gather() {
  for (;;) {
    batch_.reset(capacity_);
    const Progress p = root_->next(context_, batch_);
    if (p == Progress::yield) return State::yield;
    if (p == Progress::done) break;
    if (!result_slots_.empty()) {
      rows_->append(batch_, result_slots_);
      rows_->account(context_);
    }
    capacity_ = std::min<RowIndex>(Batch::max_rows, capacity_ * 4);
    context_.check();
    if (context_.out_of_budget()) return State::yield;
  }
  gathered_ = true;
  return give();
}

Run::State QueryRun::give() {
  const auto n = static_cast<RowIndex>(std::min<std::size_t>(Batch::max_rows, rows_->size() - given_));
  if (n == 0) {
    batch_.set_rows(0);
    return State::done;
  }
  batch_.reset(n);
  for (std::size_t c = 0; c < result_slots_.size(); ++c) {
    Value* to = batch_.column(result_slots_[c]);
    for (RowIndex i = 0; i < n; ++i) to[i] = rows_->row(given_ + i)[c];
  }
  given_ += n;
  batch_.set_rows(n);
  return State::rows;
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
