#include <fmt/format.h>

#include <algorithm>

#include "cypher/exec/count_argument.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

[[noreturn, gnu::cold]] void bad_count(std::string_view word, const Value& v) {
  std::string shown;
  switch (v.kind()) {
    case Kind::integer: shown = std::to_string(v.as_integer()); break;
    case Kind::real: shown = fmt::format("{}", v.as_real()); break;
    case Kind::string: shown = v.as_string(); break;
    default: shown = type_name(v.kind());
  }
  throw QueryError(Status::argument_error,
                   fmt::format("{}: Invalid input. '{}' is not a valid value. Must be a non-negative integer.", word, shown));
}

class Skip final : public Operator {
 public:
  Skip(OperatorPtr input, ExpressionPtr count, std::size_t slots)
      : input_(std::move(input)), count_(std::move(count)), slots_(slots) {}
  void open(ExecContext& context) override {
    left_ = count_argument(*count_, "SKIP", context, slots_);
    input_->open(context);
  }
  Progress next(ExecContext& context, Batch& out) override {
    for (;;) {
      const Progress p = input_->next(context, out);
      if (p != Progress::rows || left_ == 0) return p;
      const RowIndex n = out.size();
      if (n > left_) {
        out.drop_first(static_cast<RowIndex>(left_));
        left_ = 0;
        return p;
      }
      left_ -= n;
      context.check();
      out.reset(out.capacity());
      if (context.out_of_budget()) return Progress::yield;
    }
  }

 private:
  OperatorPtr input_;
  ExpressionPtr count_;
  std::size_t slots_, left_ = 0;
};

/// Lets the first rows through and then asks its input no more.
class Limit final : public Operator {
 public:
  Limit(OperatorPtr input, ExpressionPtr count, std::size_t slots, bool updates_below)
      : input_(std::move(input)), count_(std::move(count)), slots_(slots), updates_below_(updates_below) {}
  void open(ExecContext& context) override {
    left_ = count_argument(*count_, "LIMIT", context, slots_);
    unasked_ = updates_below_;
    input_->open(context);
  }
  Progress next(ExecContext& context, Batch& out) override {
    if (left_ == 0) return unasked_ ? run_updates(context, out) : Progress::done;
    // No need to compute much more than is asked for; a little more lets filters below work on several rows at once.
    const std::size_t enough = std::max<std::size_t>(left_, 16);
    if (enough < out.capacity()) out.reset(static_cast<RowIndex>(enough));
    const Progress p = input_->next(context, out);
    if (p != Progress::rows) return p;
    unasked_ = false;
    if (out.size() > left_) out.keep_first(static_cast<RowIndex>(left_));
    left_ -= out.size();
    return p;
  }

 private:
  /// LIMIT 0 above updates: the barrier between them does all of them before its first row.
  Progress run_updates(ExecContext& context, Batch& out) {
    const Progress p = input_->next(context, out);
    if (p == Progress::yield) return p;
    unasked_ = false;
    return Progress::done;
  }

  OperatorPtr input_;
  ExpressionPtr count_;
  std::size_t slots_, left_ = 0;
  bool updates_below_, unasked_ = false;
};

}  // namespace

std::size_t count_argument(const Expression& e, std::string_view word, ExecContext& context, std::size_t slots) {
  Value v;
  if (const Value* known = e.constant()) {
    v = *known;
  } else {
    Batch scratch(slots);
    v = evaluate_alone(e, context, scratch);
    if (!v.is(Kind::integer)) bad_count(word, v);
  }
  if (!v.is(Kind::integer) || v.as_integer() < 0) bad_count(word, v);
  return static_cast<std::size_t>(v.as_integer());
}

OperatorPtr make_operator(const plan::Skip& step, const plan::Node& node, Builder& b) {
  return std::make_unique<Skip>(b.input(node), b.compile(*step.count), b.slots);
}

OperatorPtr make_operator(const plan::Limit& step, const plan::Node& node, Builder& b) {
  return std::make_unique<Limit>(b.input(node), b.compile(*step.count), b.slots, step.updates_below);
}

}  // namespace packhouse::cypher
