#include <algorithm>
#include <string>

#include "cypher/exec/expansion.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

bool truth(const Value& v) {
  if (v.is(Kind::boolean)) return v.as_boolean();
  if (v.is_null()) return false;
  throw QueryError(Status::type_error, "Type mismatch: expected Boolean but was " + std::string(type_name(v.kind())));
}

/// Keeps the rows for which every predicate is true; null and false drop the row. A later predicate is asked only about
/// what the earlier ones kept.
class Filter final : public Operator {
 public:
  Filter(OperatorPtr input, std::vector<ExpressionPtr> predicates)
      : input_(std::move(input)), predicates_(std::move(predicates)) {}

  void open(ExecContext& context) override { input_->open(context); }

  Progress next(ExecContext& context, Batch& out) override {
    for (;;) {
      const Progress p = input_->next(context, out);
      if (p != Progress::rows) return p;
      for (const auto& predicate : predicates_) {
        if (values_.size() < out.rows()) values_.resize(out.rows());
        predicate->eval_all(context, out, values_.data());
        out.filter([&](RowIndex row) { return truth(values_[row]); });
        if (out.empty()) break;
      }
      if (!out.empty()) return Progress::rows;
      context.check();
      out.reset(std::min<RowIndex>(Batch::max_rows, out.capacity() * 2));
      if (context.out_of_budget()) return Progress::yield;
    }
  }

 private:
  OperatorPtr input_;
  std::vector<ExpressionPtr> predicates_;
  std::vector<Value> values_;
};

/// Drops rows whose node is null; what isn't a node is an error.
class NotNull final : public Operator {
 public:
  NotNull(OperatorPtr input, Slot slot) : input_(std::move(input)), slot_(slot) {}
  void open(ExecContext& context) override { input_->open(context); }
  Progress next(ExecContext& context, Batch& out) override {
    for (;;) {
      const Progress p = input_->next(context, out);
      if (p != Progress::rows) return p;
      const Value* values = out.column(slot_);
      NodeId id{};
      out.filter([&](RowIndex row) { return node_in(values[row], id); });
      if (!out.empty()) return Progress::rows;
      context.check();
      out.reset(std::min<RowIndex>(Batch::max_rows, out.capacity() * 2));
      if (context.out_of_budget()) return Progress::yield;
    }
  }

 private:
  OperatorPtr input_;
  Slot slot_;
};

}  // namespace

OperatorPtr make_operator(const plan::Filter& step, const plan::Node& node, Builder& b) {
  std::vector<ExpressionPtr> predicates;
  predicates.reserve(step.predicates.size());
  for (const ast::Expr* e : step.predicates) predicates.push_back(b.compile(*e));
  return std::make_unique<Filter>(b.input(node), std::move(predicates));
}

OperatorPtr make_operator(const plan::NotNull& step, const plan::Node& node, Builder& b) {
  return std::make_unique<NotNull>(b.input(node), step.slot);
}

}  // namespace packhouse::cypher
