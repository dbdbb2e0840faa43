#include <string>

#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher {
namespace {

/// The rows of a procedure for each input row; a procedure without columns passes the row on.
class ProcedureCall final : public Multiplier {
 public:
  ProcedureCall(const plan::Node& node, const plan::ProcedureCall& step, Builder& b)
      : Multiplier(b.input(node), b.slots, node.kept), step_(step), values_(step.procedure->columns.size()) {
    for (const ast::Expr* e : step.arguments) arguments_.push_back(b.compile(*e));
  }

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    given_.clear();
    const auto& wanted = step_.procedure->arguments;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      Value v = i < arguments_.size() ? arguments_[i]->eval(context, in, row) : wanted[i].fallback;
      if (step_.procedure->coerce_numbers && v.is(Kind::integer) && wanted[i].type == Type::floating) {
        v = Value::real(static_cast<double>(v.as_integer()));
      }
      given_.push_back(v);
    }
    rows_ = step_.procedure->open(context, given_);
    any_ = false;
    if (!values_.empty()) return;
    while (rows_->next(context, in.arena(), values_)) context.check();
  }

  RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) override {
    RowIndex n = 0;
    if (!rows_ || room == 0) return n;
    if (values_.empty()) {
      rows_ = nullptr;
      return 1;
    }
    while (n < room) {
      if (!rows_->next(context, out.arena(), values_)) {
        rows_ = nullptr;
        break;
      }
      for (const auto& [column, slot] : step_.yields) out.column(slot)[at + n] = values_[column];
      ++n;
      if ((n & 63) == 0) context.check();
      if (rows_->take_long()) {
        paused_ = true;
        break;
      }
    }
    any_ = any_ || n > 0;
    context.db_hits += n;
    if (!rows_ && !any_ && step_.optional) {
      for (const auto& [column, slot] : step_.yields) out.column(slot)[at] = Value();
      n = 1;
    }
    return n;
  }

 private:
  const plan::ProcedureCall& step_;
  std::vector<ExpressionPtr> arguments_;
  std::vector<Value> given_, values_;
  std::unique_ptr<ProcedureRows> rows_;
  bool any_ = false;
};

}  // namespace

OperatorPtr make_operator(const plan::ProcedureCall& step, const plan::Node& node, Builder& b) {
  return std::make_unique<ProcedureCall>(node, step, b);
}

}  // namespace packhouse::cypher
