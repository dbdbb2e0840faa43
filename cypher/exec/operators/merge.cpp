#include "cypher/exec/creator.hpp"
#include "cypher/exec/merge_lock.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_store.hpp"
#include "cypher/exec/setter.hpp"

namespace packhouse::cypher {
namespace {

/// MERGE: for each row, all matches of the pattern, or else the pattern created. Row by row, because each row must see
/// what the rows before it created.
class Merge final : public Operator {
 public:
  Merge(const plan::Node& node, const plan::Merge& step, Builder& b)
      : input_(b.input(node), b.slots), argument_(std::make_unique<ArgumentRow>()),
        inner_(b.build_inner(*node.children.at(1), *argument_)), rows_(b.slots), creator_(step.create, b),
        on_create_(step.on_create, b), on_match_(step.on_match, b), kept_(node.kept), made_(node.produced.list()),
        found_(made_.size()) {}

  void open(ExecContext& context) override {
    input_.open(context);
    running_ = false;
    matches_ = at_ = 0;
  }

  Progress next(ExecContext& context, Batch& out) override {
    RowIndex n = 0;
    const auto give = [&] {
      out.set_rows(n);
      return Progress::rows;
    };
    for (;;) {
      if (!input_.has_row()) {
        if (n > 0) return give();
        context.check();
        if (context.out_of_budget()) return Progress::yield;
        const Progress p = input_.pull(context);
        if (p != Progress::rows) return p;
      }
      if (!running_) {
        match(context);
        running_ = true;
        at_ = 0;
        if (matches_ == 0) {
          create(context, out, n++);
          next_row();
          if (n == out.capacity()) return give();
          continue;
        }
      }
      for (; at_ < matches_ && n < out.capacity(); ++at_) {
        outer_values(out, n);
        for (std::size_t c = 0; c < made_.size(); ++c) out.column(made_[c])[n] = keep_value(found_.row(at_)[c], out.arena());
        if (!on_match_.empty()) on_match_.apply(context, out, n);
        ++n;
      }
      if (at_ == matches_) next_row();
      if (n == out.capacity()) return give();
    }
  }

 private:
  void next_row() {
    running_ = false;
    input_.next_row();
  }

  void outer_values(Batch& out, RowIndex to) {
    Batch& outer = input_.batch();
    for (const Slot s : kept_) out.column(s)[to] = outer.column(s)[input_.row()];
  }

  /// All matches are found before the first of them is changed.
  void match(ExecContext& context) {
    refuse_nulls(context);
    found_.clear(context);
    matches_ = 0;
    *argument_ = {&input_.batch(), input_.row()};
    inner_->open(context);
    for (;;) {
      rows_.reset(capacity_);
      const Progress p = inner_->next(context, rows_);
      if (p == Progress::done) return;
      if (p == Progress::yield) {
        context.check();
        context.new_slice(16);
        continue;
      }
      matches_ += rows_.size();
      if (!made_.empty()) found_.append(rows_, made_);
    }
  }

  void refuse_nulls(ExecContext& context) {
    Batch& batch = input_.batch();
    const RowIndex row = input_.row();
    const auto refuse = [&](PropertyWriter& properties, std::string_view what) {
      properties.evaluate(context, batch, row);
      if (const auto key = properties.null_key(row)) {
        throw QueryError(Status::semantic_error, "Cannot merge the following " + std::string(what) +
                                                     " because of null property value for '" + std::string(*key) + "'");
      }
    };
    for (auto& part : creator_.nodes()) refuse(part.properties, "node");
    for (auto& part : creator_.relationships()) refuse(part.properties, "relationship");
  }

  void create(ExecContext& context, Batch& out, RowIndex to) {
    outer_values(out, to);
    lock(context);
    out.set_rows(to + 1);
    creator_.create(context, out, to);
    if (!on_create_.empty()) on_create_.apply(context, out, to);
  }

  void lock(ExecContext& context) {
    if (context.tx.schema().constraints.empty()) return;
    Batch& batch = input_.batch();
    const RowIndex row = input_.row();
    for (auto& part : creator_.nodes()) {
      lock_constrained(context, part.labels.labels(context, batch, row), part.properties.list(context, row), values_);
    }
  }

  Input input_;
  std::unique_ptr<ArgumentRow> argument_;
  OperatorPtr inner_;
  Batch rows_;
  Creator creator_;
  Setter on_create_, on_match_;
  plan::Slots kept_, made_;
  RowStore found_;
  bool running_ = false;
  RowIndex capacity_ = 16;
  std::size_t matches_ = 0, at_ = 0;
  std::vector<Value> values_;
};

}  // namespace

OperatorPtr make_operator(const plan::Merge& step, const plan::Node& node, Builder& b) {
  return std::make_unique<Merge>(node, step, b);
}

}  // namespace packhouse::cypher
