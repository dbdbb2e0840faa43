#include "cypher/exec/creator.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/setter.hpp"

namespace packhouse::cypher {
namespace {

/// CREATE: new entities for every row.
class Create final : public Operator {
 public:
  Create(OperatorPtr input, Creator creator) : input_(std::move(input)), creator_(std::move(creator)) {}
  void open(ExecContext& context) override { input_->open(context); }
  Progress next(ExecContext& context, Batch& out) override {
    const Progress p = input_->next(context, out);
    if (p == Progress::rows) creator_.create(context, out);
    return p;
  }

 private:
  OperatorPtr input_;
  Creator creator_;
};

/// SET.
class SetItems final : public Operator {
 public:
  SetItems(OperatorPtr input, Setter setter) : input_(std::move(input)), setter_(std::move(setter)) {}
  void open(ExecContext& context) override { input_->open(context); }
  Progress next(ExecContext& context, Batch& out) override {
    const Progress p = input_->next(context, out);
    if (p != Progress::rows) return p;
    for (RowIndex i = 0, n = out.size(); i < n; ++i) setter_.apply(context, out, out.row(i));
    return p;
  }

 private:
  OperatorPtr input_;
  Setter setter_;
};

}  // namespace

OperatorPtr make_operator(const plan::Create& step, const plan::Node& node, Builder& b) {
  auto input = b.input(node);
  return std::make_unique<Create>(std::move(input), Creator(step, b));
}

OperatorPtr make_operator(const plan::SetItems& step, const plan::Node& node, Builder& b) {
  auto input = b.input(node);
  return std::make_unique<SetItems>(std::move(input), Setter(step.items, b));
}

}  // namespace packhouse::cypher
