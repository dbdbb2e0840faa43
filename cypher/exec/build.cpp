#include "cypher/exec/build.hpp"

#include <algorithm>

#include "cypher/exec/operators.hpp"
#include "cypher/exec/subplan.hpp"
#include "cypher/plan/expressions.hpp"

namespace packhouse::cypher {
namespace {

/// Counts what a step gives and what it costs. Costs of its inputs are counted by them and taken off here.
class Profiled final : public Operator {
 public:
  Profiled(OperatorPtr step, StepProfile& counts, std::uint64_t& nested) : step_(std::move(step)), counts_(counts), nested_(nested) {}
  void open(ExecContext& context) override { step_->open(context); }
  Progress next(ExecContext& context, Batch& out) override {
    const std::uint64_t hits = context.db_hits, others = nested_;
    const Progress p = step_->next(context, out);
    if (p == Progress::rows) counts_.rows += out.size();
    const std::uint64_t mine = context.db_hits - hits - (nested_ - others);
    counts_.db_hits += static_cast<std::int64_t>(mine);
    nested_ += mine;
    return p;
  }

 private:
  OperatorPtr step_;
  StepProfile& counts_;
  std::uint64_t& nested_;  ///< hits accounted to some step so far
};

/// A sub-plan with its own batch; used by expressions.
class RunningSubplan final : public Subplan {
 public:
  RunningSubplan(const plan::Node& plan, ExecContext& context) : batch_(plan.slot_count) {
    Builder b(context, plan.slot_count, !plan.statement_writes);
    operators_ = b.build_inner(plan, argument_);
  }
  void start(ExecContext& context, Batch& outer, RowIndex row) override {
    argument_ = {&outer, row};
    operators_->open(context);
    capacity_ = 16;
  }
  Batch* next(ExecContext& context) override {
    for (;;) {
      batch_.reset(capacity_);
      const Progress p = operators_->next(context, batch_);
      if (p == Progress::done) return nullptr;
      if (p == Progress::rows) {
        if (capacity_ < Batch::max_rows) capacity_ *= 4;
        return &batch_;
      }
      context.check();
      context.new_slice(16);
    }
  }

 private:
  ArgumentRow argument_;
  OperatorPtr operators_;
  Batch batch_;
  RowIndex capacity_ = 16;
};

bool accepts(const ast::LabelExpr& e, std::string_view type) {
  using Form = ast::LabelExpr::Form;
  switch (e.form) {
    case Form::name: return e.name == type;
    case Form::any: return true;
    case Form::not_: return !accepts(*e.left, type);
    case Form::and_: return accepts(*e.left, type) && accepts(*e.right, type);
    case Form::or_: return accepts(*e.left, type) || accepts(*e.right, type);
    case Form::dynamic: break;
  }
  throw QueryError(Status::not_implemented, "Relationship types that are computed ($(…)) are not supported in this place");
}

}  // namespace

OperatorPtr Builder::build(const plan::Node& node) {
  auto made = std::visit([&](const auto& step) { return make_operator(step, node, *this); }, node.step);
  if (!profile) return made;
  return std::make_unique<Profiled>(std::move(made), profile->at(node.id), *profile_nested);
}

OperatorPtr Builder::build_inner(const plan::Node& node, ArgumentRow& row) {
  ArgumentRow* outer = std::exchange(argument, &row);
  auto made = build(node);
  argument = outer;
  return made;
}

std::unique_ptr<Subplan> make_subplan(const plan::Node& plan, ExecContext& context) {
  return std::make_unique<RunningSubplan>(plan, context);
}

Value evaluate_alone(const Expression& e, ExecContext& context, Batch& scratch) {
  scratch.reset(1);
  scratch.set_rows(1);
  return deep_copy(e.eval(context, scratch, 0), context.arena);
}

TypeSet::TypeSet(const ast::LabelExpr* expression, ExecContext& context) : expression_(expression) { resolve(context); }

void TypeSet::refresh(ExecContext& context) {
  if (expression_ && context.store.type_count() != store_knew_) resolve(context);
}

void TypeSet::resolve(ExecContext& context) {
  store_knew_ = context.store.type_count();
  if (!expression_) return;
  types.clear();
  std::vector<std::string_view> names;
  if (plan::plain_names(expression_, ast::LabelExpr::Form::or_, names)) {
    for (const auto name : names) {
      const auto id = context.store.find_type(name);
      if (id && std::find(types.begin(), types.end(), *id) == types.end()) types.push_back(*id);
    }
    known = !types.empty();
    return;
  }
  for (std::uint32_t i = 0; i < store_knew_; ++i) {
    if (accepts(*expression_, context.store.name(TypeId{i}))) types.push_back(TypeId{i});
  }
  known = !types.empty();
  if (types.size() == store_knew_ && expression_->form == ast::LabelExpr::Form::any) types.clear();
}

}  // namespace packhouse::cypher
