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
    if (!rows_ || room == 0) return 0;
    if (values_.empty()) {
      while (rows_->next(context, out.arena(), values_)) context.check();
      paused_ = rows_->paused();
      if (paused_) return 0;
      rows_ = nullptr;
      return 1;
    }
    const RowIndex n = take(context, out, at, room);
    any_ = any_ || n > 0;
    context.db_hits += n;
    if (rows_ || any_ || !step_.optional) return n;
    for (const auto& [column, slot] : step_.yields) out.column(slot)[at] = Value();
    return 1;
  }

 private:
  /// Rows until there is no room, none are left (then rows_ is null), or the rest is for later.
  RowIndex take(ExecContext& context, Batch& out, RowIndex at, RowIndex room) {
    const std::size_t before = out.arena().footprint();
    RowIndex n = 0;
    while (n < room && !paused_) {
      if (!rows_->next(context, out.arena(), values_)) {
        paused_ = rows_->paused();
        if (!paused_) rows_ = nullptr;
        break;
      }
      for (const auto& [column, slot] : step_.yields) out.column(slot)[at + n] = values_[column];
      ++n;
      if ((n & 63) == 0) context.check();
      paused_ = rows_->take_long() || out.arena().footprint() - before > most_bytes;  // large rows go up a few at a time
    }
    return n;
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
