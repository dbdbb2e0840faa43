#include <algorithm>

#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_table.hpp"

namespace packhouse::cypher {
namespace {

/// Lets the first row of each combination of values through.
class Distinct final : public Operator {
 public:
  Distinct(OperatorPtr input, plan::Slots slots)
      : input_(std::move(input)), slots_(std::move(slots)), seen_(slots_.size(), slots_.size()), key_(slots_.size()) {}

  void open(ExecContext& context) override {
    input_->open(context);
    seen_.clear(context);
  }

  Progress next(ExecContext& context, Batch& out) override {
    for (;;) {
      const Progress p = input_->next(context, out);
      if (p != Progress::rows) return p;
      columns_.clear();
      for (const Slot s : slots_) columns_.push_back(out.column(s));
      out.filter([&](RowIndex row) {
        for (std::size_t i = 0; i < columns_.size(); ++i) key_[i] = columns_[i][row];
        bool added = false;
        seen_.find_or_add(key_.data(), added);
        return added;
      });
      seen_.account(context);
      if (!out.empty()) return Progress::rows;
      context.check();
      out.reset(std::min<RowIndex>(Batch::max_rows, out.capacity() * 2));
      if (context.out_of_budget()) return Progress::yield;
    }
  }

 private:
  OperatorPtr input_;
  plan::Slots slots_;
  RowTable seen_;
  std::vector<Value> key_;
  std::vector<const Value*> columns_;
};

}  // namespace

OperatorPtr make_operator(const plan::Distinct& step, const plan::Node& node, Builder& b) {
  return std::make_unique<Distinct>(b.input(node), step.slots);
}

}  // namespace packhouse::cypher
