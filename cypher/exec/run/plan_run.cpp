#include "cypher/exec/run/plan_run.hpp"

#include <algorithm>

namespace packhouse::cypher {
namespace {

/// Batches of work between two yields.
constexpr std::uint32_t slice = 64;

bool only_shapes_rows(const plan::Step& step) {
  return std::visit(
      []<class S>(const S&) {
        return std::is_same_v<S, plan::Result> || std::is_same_v<S, plan::Project> || std::is_same_v<S, plan::Aggregate> ||
               std::is_same_v<S, plan::Filter> || std::is_same_v<S, plan::Distinct> || std::is_same_v<S, plan::Sort> ||
               std::is_same_v<S, plan::TopK> || std::is_same_v<S, plan::Skip> || std::is_same_v<S, plan::Limit> ||
               std::is_same_v<S, plan::Eager>;
      },
      step);
}

}  // namespace

bool is_one_call(const plan::Plan& plan) {
  if (!plan.subplans.empty() || !plan.root) return false;
  const plan::Node* n = plan.root.get();
  while (only_shapes_rows(n->step) && n->children.size() == 1) n = n->children[0].get();
  return std::holds_alternative<plan::ProcedureCall>(n->step) && n->children.size() == 1 &&
         std::holds_alternative<plan::Once>(n->children[0]->step);
}

void PlanRun::open(ExecContext& context, std::vector<StepProfile>* profile, std::uint64_t* profile_nested) {
  const auto& plan = *prepared_.plan;
  Builder builder(context, plan.slots, !plan.writes);
  builder.profile = profile;
  builder.profile_nested = profile_nested;
  root_ = builder.build(*plan.root);
  root_->open(context);
  if (!plan.writes) return;
  const auto& slots = prepared_.statement.column_slots;
  result_slots_.assign(slots.begin(), slots.end());
  if (rows_) {
    rows_->clear(context);
  } else {
    rows_.emplace(result_slots_.size());
  }
  gathered_ = false;
  given_ = 0;
}

Run::State PlanRun::work(ExecContext& context, Batch& batch) {
  // Each step may take one on its way to the next: deep plans need more to get anywhere.
  context.new_slice(std::max(slice, 2 * prepared_.plan->nodes));
  if (!prepared_.plan->writes) return read(context, batch);
  return gathered_ ? give(batch) : gather(context, batch);
}

Progress PlanRun::pull(ExecContext& context, Batch& batch) {
  batch.reset(capacity_);
  const Progress p = root_->next(context, batch);
  if (p == Progress::rows) capacity_ = std::min<RowIndex>(Batch::max_rows, capacity_ * 4);
  return p;
}

Run::State PlanRun::read(ExecContext& context, Batch& batch) {
  for (;;) {
    const Progress p = pull(context, batch);
    if (p == Progress::yield) return Run::State::yield;
    if (p == Progress::done) {
      batch.set_rows(0);
      return Run::State::done;
    }
    if (!prepared_.statement.columns.empty()) return Run::State::rows;
    if (context.out_of_budget()) return Run::State::yield;
  }
}

Run::State PlanRun::gather(ExecContext& context, Batch& batch) {
  for (;;) {
    const Progress p = pull(context, batch);
    if (p == Progress::yield) return Run::State::yield;
    if (p == Progress::done) break;
    if (!result_slots_.empty()) {
      if (context.parts == ExecContext::Parts::begun) return Run::State::rows;  // what they tell is done for good
      rows_->append(batch, result_slots_);
      rows_->account(context);
    }
    context.check();
    if (context.out_of_budget()) return Run::State::yield;
  }
  gathered_ = true;
  return give(batch);
}

Run::State PlanRun::give(Batch& batch) {
  const auto n = static_cast<RowIndex>(std::min<std::size_t>(Batch::max_rows, rows_->size() - given_));
  if (n == 0) {
    batch.set_rows(0);
    return Run::State::done;
  }
  batch.reset(n);
  for (std::size_t c = 0; c < result_slots_.size(); ++c) {
    Value* to = batch.column(result_slots_[c]);
    for (RowIndex i = 0; i < n; ++i) to[i] = rows_->row(given_ + i)[c];
  }
  given_ += n;
  batch.set_rows(n);
  return Run::State::rows;
}

}  // namespace packhouse::cypher
