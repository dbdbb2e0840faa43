#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// The rows of one part after the other, each with its columns in the common slots.
class Union final : public Operator {
 public:
  Union(std::vector<OperatorPtr> parts, const plan::Union& step) : parts_(std::move(parts)), step_(step) {}

  void open(ExecContext& context) override {
    at_ = 0;
    parts_[0]->open(context);
  }
  Progress next(ExecContext& context, Batch& out) override {
    while (at_ < parts_.size()) {
      const Progress p = parts_[at_]->next(context, out);
      if (p == Progress::yield) return p;
      if (p == Progress::done) {
        if (++at_ < parts_.size()) parts_[at_]->open(context);
        out.reset(out.capacity());
        continue;
      }
      const auto& [from, to] = step_.from_to[at_];
      for (std::size_t c = 0; c < from.size(); ++c) {
        if (from[c] == to[c]) continue;
        const Value* source = out.column(from[c]);
        Value* target = out.column(to[c]);
        for (RowIndex i = 0, n = out.size(); i < n; ++i) target[out.row(i)] = source[out.row(i)];
      }
      return p;
    }
    return Progress::done;
  }

 private:
  std::vector<OperatorPtr> parts_;
  const plan::Union& step_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_operator(const plan::Union& step, const plan::Node& node, Builder& b) {
  std::vector<OperatorPtr> parts;
  for (const auto& child : node.children) parts.push_back(b.build(*child));
  return std::make_unique<Union>(std::move(parts), step);
}

}  // namespace packhouse::cypher
