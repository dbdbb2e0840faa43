#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_store.hpp"

namespace packhouse::cypher {
namespace {

/// Runs the inner plan for each outer row and joins the two. When `optional`, an outer row without inner rows comes out
/// once, with nulls. Inner rows are gathered into full batches, so their values are copied.
class Apply final : public Operator {
 public:
  Apply(const plan::Node& node, Builder& b, bool optional)
      : outer_(b.input(node), b.slots), argument_(std::make_unique<ArgumentRow>()),
        inner_(b.build_inner(*node.children.at(1), *argument_)), rows_(b.slots), kept_(node.kept),
        made_(node.produced.list()), optional_(optional) {}

  void open(ExecContext& context) override {
    outer_.open(context);
    running_ = false;
    rows_.reset(capacity_);
    at_ = 0;
  }

  Progress next(ExecContext& context, Batch& out) override {
    const RowIndex capacity = out.capacity();
    RowIndex n = 0;
    const auto give = [&] {
      out.set_rows(n);
      return Progress::rows;
    };
    for (;;) {
      if (!running_) {
        if (!outer_.has_row()) {
          if (n > 0) return give();
          context.check();
          if (context.out_of_budget()) return Progress::yield;
          const Progress p = outer_.pull(context);
          if (p != Progress::rows) return p;
        }
        start(context);
      }
      for (const RowIndex have = rows_.size(); at_ < have && n < capacity; ++at_) copy(out, n++, rows_.row(at_));
      if (n == capacity) return give();
      rows_.reset(capacity_);
      at_ = 0;
      const Progress p = inner_->next(context, rows_);
      if (p == Progress::yield) {
        rows_.set_rows(0);
        return n > 0 ? give() : p;
      }
      if (p == Progress::rows) {
        matched_ = true;
        if (capacity_ < Batch::max_rows) capacity_ *= 4;
        continue;
      }
      rows_.set_rows(0);
      if (optional_ && !matched_) nulls(out, n++);
      running_ = false;
      outer_.next_row();
      if (n == capacity) return give();
    }
  }

 private:
  void start(ExecContext& context) {
    argument_->batch = &outer_.batch();
    argument_->row = outer_.row();
    inner_->open(context);
    running_ = true;
    matched_ = false;
    rows_.reset(capacity_);
    at_ = 0;
  }
  void outer_values(Batch& out, RowIndex to) {
    Batch& outer = outer_.batch();
    for (const Slot s : kept_) out.column(s)[to] = outer.column(s)[outer_.row()];
  }
  void copy(Batch& out, RowIndex to, RowIndex from) {
    outer_values(out, to);
    for (const Slot s : made_) out.column(s)[to] = keep_value(rows_.column(s)[from], out.arena());
  }
  void nulls(Batch& out, RowIndex to) {
    outer_values(out, to);
    for (const Slot s : made_) out.column(s)[to] = Value();
  }

  Input outer_;
  std::unique_ptr<ArgumentRow> argument_;
  OperatorPtr inner_;
  Batch rows_;
  plan::Slots kept_, made_;
  bool optional_, running_ = false, matched_ = false;
  RowIndex at_ = 0, capacity_ = 16;
};

/// Runs the inner plan for its effects, once an outer row (CALL { … } without RETURN), or once an item of a list
/// (FOREACH); rows pass unchanged. The rows stay in hand meanwhile, so this does not yield.
class ForEffects final : public Operator {
 public:
  ForEffects(const plan::Node& node, Builder& b, ExpressionPtr list, Slot slot)
      : input_(b.input(node)), argument_(std::make_unique<ArgumentRow>()),
        inner_(b.build_inner(*node.children.at(1), *argument_)), rows_(b.slots), list_(std::move(list)), slot_(slot) {}

  void open(ExecContext& context) override { input_->open(context); }
  Progress next(ExecContext& context, Batch& out) override {
    const Progress p = input_->next(context, out);
    if (p != Progress::rows) return p;
    for (RowIndex i = 0, n = out.size(); i < n; ++i) {
      if (list_) {
        each(context, out, out.row(i));
      } else {
        run(context, out, out.row(i));
      }
    }
    return p;
  }

 private:
  void each(ExecContext& context, Batch& out, RowIndex row) {
    const Value list = list_->eval(context, out, row);
    if (list.is_null()) return;
    const auto items = list.is(Kind::list) ? list.as_list() : std::span(&list, 1);
    for (const Value& item : items) {
      out.column(slot_)[row] = item;
      run(context, out, row);
    }
  }
  void run(ExecContext& context, Batch& out, RowIndex row) {
    *argument_ = {&out, row};
    inner_->open(context);
    for (;;) {
      context.check();
      rows_.reset(64);
      const Progress p = inner_->next(context, rows_);
      if (p == Progress::done) return;
      if (p == Progress::yield) context.new_slice(16);
    }
  }

  OperatorPtr input_;
  std::unique_ptr<ArgumentRow> argument_;
  OperatorPtr inner_;
  Batch rows_;
  ExpressionPtr list_;
  Slot slot_;
};

}  // namespace

OperatorPtr make_operator(const plan::Apply&, const plan::Node& node, Builder& b) {
  return std::make_unique<Apply>(node, b, false);
}

OperatorPtr make_operator(const plan::OptionalApply&, const plan::Node& node, Builder& b) {
  return std::make_unique<Apply>(node, b, true);
}

OperatorPtr make_operator(const plan::UnitSubquery&, const plan::Node& node, Builder& b) {
  return std::make_unique<ForEffects>(node, b, nullptr, ast::no_slot);
}

OperatorPtr make_operator(const plan::Foreach& step, const plan::Node& node, Builder& b) {
  return std::make_unique<ForEffects>(node, b, b.compile(*step.list), step.slot);
}

}  // namespace packhouse::cypher
