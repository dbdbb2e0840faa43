#include <string>

#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher {
namespace {

/// About what the rows of one batch may hold.
constexpr std::size_t most_bytes = std::size_t{1} << 20;

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
  }

  RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) override {
    RowIndex n = 0;
    if (!rows_ || room == 0) return n;
    if (values_.empty()) {
      while (rows_->next(context, out.arena(), values_)) context.check();
      if (rows_->paused()) return pause();
      rows_ = nullptr;
      return 1;
    }
    const std::size_t before = out.arena().footprint();
    bool more = true;
    while (n < room && (more = rows_->next(context, out.arena(), values_))) {
      for (const auto& [column, slot] : step_.yields) out.column(slot)[at + n] = values_[column];
      ++n;
      if ((n & 63) == 0) context.check();
      if (out.arena().footprint() - before > most_bytes) break;  // large rows go up a few at a time
    }
    any_ = any_ || n > 0;
    context.db_hits += n;
    if (n < room && (more || rows_->paused())) return pause(n);
    if (n < room) rows_ = nullptr;
    if (!rows_ && !any_ && step_.optional) {
      for (const auto& [column, slot] : step_.yields) out.column(slot)[at] = Value();
      n = 1;
    }
    return n;
  }

 private:
  RowIndex pause(RowIndex made = 0) {
    paused_ = true;
    return made;
  }

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
