#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_table.hpp"

namespace packhouse::cypher {
namespace {

/// a.x = b.y between two patterns that share nothing: the inner rows are kept by their key, each outer row looks its
/// partners up. The inner side is read after the first outer row is there: it has to see what clauses before it wrote.
class HashJoin final : public Multiplier {
 public:
  HashJoin(const plan::Node& node, const plan::HashJoin& step, Builder& b)
      : Multiplier(b.input(node), b.slots, node.kept), outer_key_(b.compile(*step.outer_key)),
        inner_key_(b.compile(*step.inner_key)), inner_(b.build(*node.children.at(1)), b.slots), made_(node.produced.list()),
        keys_(1, 2), rows_(made_.size() + 1) {}

  void open(ExecContext& context) override {
    Multiplier::open(context);
    keys_.clear(context);
    rows_.clear(context);
    opened_ = complete_ = false;
  }
  Progress next(ExecContext& context, Batch& out) override {
    if (!opened_) {
      if (const Progress p = await_row(context); p != Progress::rows) return p;
      inner_.open(context);
      opened_ = true;
    }
    while (!complete_) {
      context.check();
      if (context.out_of_budget()) return Progress::yield;
      const Progress p = inner_.pull(context);
      if (p == Progress::yield) return p;
      if (p == Progress::done) {
        complete_ = true;
      } else {
        take(context);
      }
    }
    return Multiplier::next(context, out);
  }

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    at_ = 0;
    const Value key = outer_key_->eval(context, in, row);
    if (equals(key, key) != Ternary::true_) return;
    const std::size_t found = keys_.find(&key);
    if (found != RowTable::npos) at_ = keys_.store().row(found)[1].as_integer();
  }
  RowIndex fill(ExecContext&, Batch& out, RowIndex at, RowIndex room) override {
    RowIndex n = 0;
    for (; n < room && at_ != 0; ++n) {
      const Value* row = rows_.row(static_cast<std::size_t>(at_ - 1));
      for (std::size_t c = 0; c < made_.size(); ++c) out.column(made_[c])[at + n] = row[c];
      at_ = row[made_.size()].as_integer();
    }
    return n;
  }

 private:
  void take(ExecContext& context) {
    Batch& batch = inner_.batch();
    for (RowIndex i = 0, n = batch.size(); i < n; ++i) {
      const RowIndex r = batch.row(i);
      const Value key = inner_key_->eval(context, batch, r);
      if (equals(key, key) != Ternary::true_) continue;  // null and NaN equal nothing
      bool added = false;
      Value* place = keys_.store().row(keys_.find_or_add(&key, added));
      Value* row = rows_.add();
      for (const Slot s : made_) *row++ = keep_value(batch.column(s)[r], rows_.arena());
      *row = added ? Value::integer(0) : place[1];
      place[1] = Value::integer(static_cast<std::int64_t>(rows_.size()));
    }
    keys_.account(context);
    rows_.account(context);
  }

  ExpressionPtr outer_key_, inner_key_;
  Input inner_;
  plan::Slots made_;
  RowTable keys_;   // key -> first row + 1
  RowStore rows_;   // values, next row + 1
  bool opened_ = false, complete_ = false;
  std::int64_t at_ = 0;
};

}  // namespace

OperatorPtr make_operator(const plan::HashJoin& step, const plan::Node& node, Builder& b) {
  return std::make_unique<HashJoin>(node, step, b);
}

}  // namespace packhouse::cypher
