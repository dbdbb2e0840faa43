#include <algorithm>
#include <limits>

#include "cypher/exec/count_argument.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_store.hpp"
#include "cypher/exec/sort_keys.hpp"

namespace packhouse::cypher {
namespace {

/// ORDER BY … SKIP s LIMIT n: keeps the best s + n rows only. Equal rows keep the order they came in.
class TopK final : public Operator {
 public:
  TopK(OperatorPtr input, std::size_t slots, plan::Slots kept, SortKeys keys, ExpressionPtr skip, ExpressionPtr limit,
       bool updates_below)
      : input_(std::move(input), slots), kept_(std::move(kept)), keys_(std::move(keys)), skip_(std::move(skip)),
        limit_(std::move(limit)), rows_(keys_.size() + kept_.size() + 1), slots_(slots), updates_below_(updates_below) {}

  void open(ExecContext& context) override {
    const std::size_t skip = skip_ ? count_argument(*skip_, "SKIP", context, slots_) : 0;
    const std::size_t limit = count_argument(*limit_, "LIMIT", context, slots_);
    most_ = limit > std::numeric_limits<std::size_t>::max() - skip ? limit : limit + skip;
    if (limit == 0) most_ = 0;
    at_ = skip;
    input_.open(context);
    rows_.clear(context);
    best_.clear();
    sequence_ = 0;
    sorted_ = false;
  }

  Progress next(ExecContext& context, Batch& out) override {
    if (most_ == 0 && !updates_below_) return Progress::done;
    while (!sorted_) {
      context.check();
      if (context.out_of_budget()) return Progress::yield;
      const Progress p = input_.pull(context);
      if (p == Progress::yield) return p;
      if (p == Progress::done) {
        std::sort(best_.begin(), best_.end(), [this](std::uint32_t a, std::uint32_t b) { return before(a, b); });
        sorted_ = true;
        break;
      }
      take(context);
    }
    if (at_ >= best_.size()) return Progress::done;
    const auto n = static_cast<RowIndex>(std::min<std::size_t>(out.capacity(), best_.size() - at_));
    for (std::size_t c = 0; c < kept_.size(); ++c) {
      Value* to = out.column(kept_[c]);
      for (RowIndex i = 0; i < n; ++i) to[i] = rows_.row(best_[at_ + i])[keys_.size() + c];
    }
    at_ += n;
    out.set_rows(n);
    return Progress::rows;
  }

 private:
  bool before(std::uint32_t a, std::uint32_t b) {
    const Value *x = rows_.row(a), *y = rows_.row(b);
    if (keys_.less(x, y)) return true;
    if (keys_.less(y, x)) return false;
    return x[rows_.width() - 1].as_integer() < y[rows_.width() - 1].as_integer();
  }

  void take(ExecContext& context) {
    Batch& batch = input_.batch();
    keys_.evaluate(context, batch);
    if (most_ == 0) return;  // LIMIT 0: asked for the sake of the updates below
    const auto worst_first = [this](std::uint32_t a, std::uint32_t b) { return before(a, b); };
    for (RowIndex i = 0, n = batch.size(); i < n; ++i) {
      const RowIndex row = batch.row(i);
      Value* to = nullptr;
      if (best_.size() < most_) {
        to = rows_.add();
        write(to, batch, row);
        best_.push_back(static_cast<std::uint32_t>(rows_.size() - 1));
        std::push_heap(best_.begin(), best_.end(), worst_first);
        continue;
      }
      to = rows_.row(best_.front());
      if (!keys_.less(row, to)) continue;
      std::pop_heap(best_.begin(), best_.end(), worst_first);
      write(to, batch, row);
      std::push_heap(best_.begin(), best_.end(), worst_first);
    }
    rows_.account(context);
  }

  void write(Value* to, Batch& batch, RowIndex row) {
    for (std::size_t k = 0; k < keys_.size(); ++k) *to++ = keep_value(keys_.value(k, row), rows_.arena());
    for (const Slot s : kept_) *to++ = keep_value(batch.column(s)[row], rows_.arena());
    *to = Value::integer(sequence_++);
  }

  Input input_;
  plan::Slots kept_;
  SortKeys keys_;
  ExpressionPtr skip_, limit_;
  RowStore rows_;
  std::vector<std::uint32_t> best_;  // a heap, the worst in front, until sorted_
  std::size_t slots_, most_ = 0, at_ = 0;
  std::int64_t sequence_ = 0;
  bool sorted_ = false, updates_below_;
};

}  // namespace

OperatorPtr make_operator(const plan::TopK& step, const plan::Node& node, Builder& b) {
  return std::make_unique<TopK>(b.input(node), b.slots, node.kept, SortKeys(step.keys, b),
                                step.skip ? b.compile(*step.skip) : nullptr, b.compile(*step.limit), step.updates_below);
}

}  // namespace packhouse::cypher
