#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_store.hpp"

namespace packhouse::cypher {
namespace {

/// Takes all rows in before it gives the first one out, so that what comes after can't disturb what comes before.
class Eager final : public Operator {
 public:
  Eager(OperatorPtr input, std::size_t slots, plan::Slots kept)
      : input_(std::move(input), slots), kept_(std::move(kept)), rows_(kept_.size()) {}

  void open(ExecContext& context) override {
    input_.open(context);
    rows_.clear(context);
    taken_in_ = false;
    at_ = count_ = 0;
  }

  Progress next(ExecContext& context, Batch& out) override {
    while (!taken_in_) {
      context.check();
      if (context.out_of_budget()) return Progress::yield;
      const Progress p = input_.pull(context);
      if (p == Progress::yield) return p;
      if (p == Progress::done) {
        taken_in_ = true;
        break;
      }
      count_ += input_.batch().size();
      if (!kept_.empty()) rows_.append(input_.batch(), kept_);
      rows_.account(context);
    }
    const auto n = static_cast<RowIndex>(std::min<std::size_t>(out.capacity(), count_ - at_));
    if (n == 0) return Progress::done;
    for (std::size_t c = 0; c < kept_.size(); ++c) {
      Value* to = out.column(kept_[c]);
      for (RowIndex i = 0; i < n; ++i) to[i] = rows_.row(at_ + i)[c];
    }
    at_ += n;
    out.set_rows(n);
    return Progress::rows;
  }

 private:
  Input input_;
  plan::Slots kept_;
  RowStore rows_;
  bool taken_in_ = false;
  std::size_t at_ = 0, count_ = 0;  // rows without values are only counted
};

}  // namespace

OperatorPtr make_operator(const plan::Eager&, const plan::Node& node, Builder& b) {
  return std::make_unique<Eager>(b.input(node), b.slots, node.kept);
}

}  // namespace packhouse::cypher
