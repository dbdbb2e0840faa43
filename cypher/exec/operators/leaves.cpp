#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// One row without values.
class Once final : public Operator {
 public:
  void open(ExecContext&) override { done_ = false; }
  Progress next(ExecContext&, Batch& out) override {
    if (done_) return Progress::done;
    done_ = true;
    out.set_rows(1);
    return Progress::rows;
  }

 private:
  bool done_ = false;
};

/// The row of the outer plan, as far as the inner one reads it.
class Argument final : public Operator {
 public:
  Argument(ArgumentRow& row, plan::Slots slots) : row_(row), slots_(std::move(slots)) {}
  void open(ExecContext&) override { done_ = false; }
  Progress next(ExecContext&, Batch& out) override {
    if (done_) return Progress::done;
    done_ = true;
    for (const Slot s : slots_) out.column(s)[0] = row_.batch->column(s)[row_.row];
    out.set_rows(1);
    return Progress::rows;
  }

 private:
  ArgumentRow& row_;
  plan::Slots slots_;
  bool done_ = false;
};

}  // namespace

OperatorPtr make_operator(const plan::Once&, const plan::Node&, Builder&) { return std::make_unique<Once>(); }

OperatorPtr make_operator(const plan::Argument& step, const plan::Node&, Builder& b) {
  if (!b.argument) throw QueryError(Status::internal, "an Argument without an outer row");
  return std::make_unique<Argument>(*b.argument, step.slots);
}

}  // namespace packhouse::cypher
