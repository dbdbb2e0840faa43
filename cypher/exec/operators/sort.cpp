#include "cypher/exec/sort_keys.hpp"

#include <algorithm>
#include <numeric>

#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_store.hpp"

namespace packhouse::cypher {
namespace {

/// Takes all rows in and gives them out in order; equal rows keep the order they came in.
class Sort final : public Operator {
 public:
  Sort(OperatorPtr input, std::size_t slots, plan::Slots kept, SortKeys keys)
      : input_(std::move(input), slots), kept_(std::move(kept)), keys_(std::move(keys)), rows_(keys_.size() + kept_.size()) {}

  void open(ExecContext& context) override {
    input_.open(context);
    rows_.clear(context);
    order_.clear();
    sorted_ = false;
    at_ = 0;
  }

  Progress next(ExecContext& context, Batch& out) override {
    while (!sorted_) {
      context.check();
      if (context.out_of_budget()) return Progress::yield;
      const Progress p = input_.pull(context);
      if (p == Progress::yield) return p;
      if (p == Progress::done) {
        sort();
        break;
      }
      take(context);
    }
    const auto n = static_cast<RowIndex>(std::min<std::size_t>(out.capacity(), order_.size() - at_));
    if (n == 0) return Progress::done;
    for (std::size_t c = 0; c < kept_.size(); ++c) {
      Value* to = out.column(kept_[c]);
      for (RowIndex i = 0; i < n; ++i) to[i] = rows_.row(order_[at_ + i])[keys_.size() + c];
    }
    at_ += n;
    out.set_rows(n);
    return Progress::rows;
  }

 private:
  void take(ExecContext& context) {
    Batch& batch = input_.batch();
    keys_.evaluate(context, batch);
    for (RowIndex i = 0, n = batch.size(); i < n; ++i) {
      const RowIndex row = batch.row(i);
      Value* to = rows_.add();
      for (std::size_t k = 0; k < keys_.size(); ++k) *to++ = keep_value(keys_.value(k, row), rows_.arena());
      for (const Slot s : kept_) *to++ = keep_value(batch.column(s)[row], rows_.arena());
    }
    rows_.account(context);
  }

  void sort() {
    sorted_ = true;
    order_.resize(rows_.size());
    std::iota(order_.begin(), order_.end(), std::uint32_t{0});
    std::stable_sort(order_.begin(), order_.end(),
                     [this](std::uint32_t a, std::uint32_t b) { return keys_.less(rows_.row(a), rows_.row(b)); });
  }

  Input input_;
  plan::Slots kept_;
  SortKeys keys_;
  RowStore rows_;
  std::vector<std::uint32_t> order_;
  bool sorted_ = false;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_operator(const plan::Sort& step, const plan::Node& node, Builder& b) {
  return std::make_unique<Sort>(b.input(node), b.slots, node.kept, SortKeys(step.keys, b));
}

}  // namespace packhouse::cypher
