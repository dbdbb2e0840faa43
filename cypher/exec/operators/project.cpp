#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// Computes new slots for each row.
class Project final : public Operator {
 public:
  struct Item {
    ExpressionPtr value;
    Slot slot;
  };
  Project(OperatorPtr input, std::vector<Item> items) : input_(std::move(input)), items_(std::move(items)) {}

  void open(ExecContext& context) override { input_->open(context); }
  Progress next(ExecContext& context, Batch& out) override {
    const Progress p = input_->next(context, out);
    if (p != Progress::rows) return p;
    for (const Item& item : items_) item.value->eval_all(context, out, out.column(item.slot));
    return Progress::rows;
  }

 private:
  OperatorPtr input_;
  std::vector<Item> items_;
};

}  // namespace

OperatorPtr make_operator(const plan::Project& step, const plan::Node& node, Builder& b) {
  std::vector<Project::Item> items;
  items.reserve(step.items.size());
  for (const auto& item : step.items) items.push_back({b.compile(*item.value), item.slot});
  return std::make_unique<Project>(b.input(node), std::move(items));
}

/// The columns are read by whoever runs the statement; nothing is left to do.
OperatorPtr make_operator(const plan::Result&, const plan::Node& node, Builder& b) { return b.input(node); }

}  // namespace packhouse::cypher
