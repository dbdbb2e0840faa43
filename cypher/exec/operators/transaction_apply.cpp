#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cypher/activity.hpp"
#include "cypher/exec/count_argument.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_store.hpp"

namespace packhouse::cypher {
namespace {

constexpr std::size_t default_rows = 1000;
constexpr std::uint32_t steps_a_batch = 64;  // most steps handle one row

/// CALL { … } IN TRANSACTIONS. Takes all outer rows in, then runs the inner plan for some of them at a time and commits.
/// Nothing is read across a commit: the outer steps are gone before the first one, the inner ones are built anew for
/// each part, and rows come out after the last one. While a part waits for a lock or for the disk, next() yields with
/// the transaction's wait pending, and the run pauses (StatementRun).
class TransactionApply final : public Operator {
 public:
  TransactionApply(const plan::TransactionApply& step, const plan::Node& node, Builder& b)
      : step_(step), inner_plan_(*node.children.at(1)), only_reads_(b.read_only), profile_(b.profile), profile_nested_(b.profile_nested),
        outer_steps_(std::in_place, b.input(node), b.slots), slots_(b.slots), kept_(node.kept),
        made_(node.produced.list()), taken_(taken(node)), size_(step.rows ? b.compile(*step.rows) : nullptr),
        outer_(taken_.size()), results_(kept_.size() + made_.size()), row_(b.slots), inner_rows_(b.slots) {
    for (const Slot s : kept_) kept_at_.push_back(static_cast<std::size_t>(std::ranges::find(taken_, s) - taken_.begin()));
    if (step.status == ast::no_slot) return;
    const auto at = std::ranges::find(made_, step.status);
    if (at != made_.end()) status_ = static_cast<std::size_t>(at - made_.begin());
  }

  void open(ExecContext& context) override {
    part_rows_ = default_rows;
    if (size_) part_rows_ = count_argument(*size_, "IN TRANSACTIONS OF", context, slots_);
    if (part_rows_ == 0) {
      throw QueryError(Status::argument_error,
                       "IN TRANSACTIONS OF: Invalid input. '0' is not a valid value. Must be a positive integer.");
    }
    outer_steps_->open(context);
  }

  Progress next(ExecContext& context, Batch& out) override {
    for (;;) {
      context.check();
      if (++steps_ % steps_a_batch == 0 && context.out_of_budget()) return Progress::yield;
      switch (phase_) {
        case Phase::input:
          if (const Progress p = take_in(context); p == Progress::yield) return p;
          break;
        case Phase::between: begin(context); break;
        case Phase::working:
          work(context);
          results_.account(context);
          break;
        case Phase::locked:
        case Phase::committing: resume(context); break;
        case Phase::output: return give(out);
      }
      if (context.tx.wait_pending()) return Progress::yield;
    }
  }

 private:
  enum class Phase : std::uint8_t { input, between, working, locked, committing, output };

  /// What has to be kept of an outer row: what goes on upwards and what the inner plan reads.
  static plan::Slots taken(const plan::Node& node) {
    plan::SlotSet all;
    all.add(node.kept);
    all.add(node.children.at(1)->arguments);
    return all.list();
  }

  Progress take_in(ExecContext& context) {
    const Progress p = outer_steps_->pull(context);
    if (p == Progress::rows) {
      outer_.append(outer_steps_->batch(), taken_);
      outer_.account(context);
    } else if (p == Progress::done) {
      outer_steps_.reset();
      phase_ = Phase::between;
    }
    return p;
  }

  void begin(ExecContext& context) {
    if (at_ == outer_.size()) {
      phase_ = Phase::output;
      return;
    }
    number_ = context.tx.begin_part();
    if (context.activity != nullptr)
      number_ = context.activity->next_number();  // of those that SHOW TRANSACTIONS counts
    begin_ = at_;
    end_ = at_ + std::min(part_rows_, outer_.size() - at_);
    results_begin_ = results_.size();
    Builder b(context, slots_, only_reads_);
    b.profile = profile_;
    b.profile_nested = profile_nested_;
    inner_ = b.build_inner(inner_plan_, argument_);
    inner_open_ = false;
    phase_ = Phase::working;
  }

  /// A batch of inner rows, or the step to the next outer row, or the end of the part.
  void work(ExecContext& context) {
    try {
      if (at_ == end_) {
        inner_.reset();
        context.tx.commit_part();
        phase_ = Phase::committing;
        return;
      }
      if (!inner_open_) start_row(context);
      inner_rows_.reset(capacity_);
      const Progress p = inner_->next(context, inner_rows_);
      if (p == Progress::yield) return;
      if (p == Progress::rows) {
        capacity_ = std::min<RowIndex>(Batch::max_rows, capacity_ * 4);
        found_ = true;
        if (step_.returns) keep_inner_rows();
      } else {
        if (!step_.returns || (step_.optional && !found_)) add_result(nulls);
        ++at_;
        inner_open_ = false;
      }
    } catch (QueryError& e) {
      inner_.reset();
      if (context.tx.wait_pending() && !context.stopping()) {
        context.tx.rollback_statement();
        start_over();
        phase_ = Phase::locked;
        return;
      }
      part_failed(context, e);
    }
  }

  void start_row(ExecContext& context) {
    row_.reset(1);
    for (std::size_t c = 0; c < taken_.size(); ++c) row_.column(taken_[c])[0] = outer_.row(at_)[c];
    row_.set_rows(1);
    argument_ = {&row_, 0};
    inner_->open(context);
    inner_open_ = true;
    found_ = false;
    capacity_ = 16;
  }

  void start_over() {
    at_ = begin_;
    while (results_.size() > results_begin_) results_.pop();
  }

  /// After the wait: for a lock, the part begins again; for the disk, it is done.
  void resume(ExecContext& context) {
    auto outcome = context.tx.resume_after_wait();
    if (!outcome && context.tx.wait_pending()) return;  // woken too early
    const bool committing = std::exchange(phase_, Phase::between) == Phase::committing;
    if (!outcome) {
      QueryError e(std::move(outcome).error());
      return part_failed(context, e);
    }
    if (committing) report(context, true, "");
  }

  void part_failed(ExecContext& context, QueryError& e) {
    if (step_.on_error == ast::OnError::fail || context.stopping()) throw std::move(e);
    or_throw(context.tx.rollback_part());
    start_over();
    for (; at_ < end_; ++at_) add_result(nulls);
    report(context, false, e.error.message());
    phase_ = Phase::between;
    if (step_.on_error != ast::OnError::break_) return;
    for (; at_ < outer_.size(); ++at_) add_result(nulls);
    phase_ = Phase::output;
    results_begin_ = results_.size();
  }

  // ---- results ---------------------------------------------------------------------------------
  static constexpr RowIndex nulls = ~RowIndex{0};

  /// One result row of the current outer row with the values of an inner one.
  void add_result(RowIndex inner) {
    Value* to = results_.add();
    Value* outer = outer_.row(at_);
    for (const std::size_t c : kept_at_) *to++ = outer[c];  // lives as long as this operator
    for (std::size_t m = 0; m < made_.size(); ++m, ++to) {
      if (m == status_) *to = not_started();
      else *to = inner == nulls ? Value() : keep_value(inner_rows_.column(made_[m])[inner], results_.arena());
    }
  }
  void keep_inner_rows() {
    for (RowIndex i = 0, n = inner_rows_.size(); i < n; ++i) add_result(inner_rows_.row(i));
  }

  Value status(bool started, bool committed, Value id, Value message) {
    const auto entries = results_.arena().array<MapEntry>(4);
    entries[0] = {"started", Value::boolean(started)};
    entries[1] = {"committed", Value::boolean(committed)};
    entries[2] = {"transactionId", id};
    entries[3] = {"errorMessage", message};
    return Value::map(entries);
  }
  Value not_started() {
    if (not_started_.is_null()) not_started_ = status(false, false, Value(), Value());
    return not_started_;
  }
  /// Tells the rows of the part that just ended how it ended.
  void report(const ExecContext& context, bool committed, std::string_view message) {
    if (status_ == none) return;
    Arena& arena = results_.arena();
    const Value id = Value::string(arena.copy(fmt::format("{}-transaction-{}", context.database, number_)));
    const Value how = status(true, committed, id, committed ? Value() : Value::string(arena.copy(message)));
    for (std::size_t i = results_begin_; i < results_.size(); ++i) results_.row(i)[kept_.size() + status_] = how;
  }

  Progress give(Batch& out) {
    const auto n = static_cast<RowIndex>(std::min<std::size_t>(out.capacity(), results_.size() - given_));
    if (n == 0) return Progress::done;
    for (RowIndex i = 0; i < n; ++i) {
      const Value* from = results_.row(given_ + i);
      for (const Slot s : kept_) out.column(s)[i] = *from++;
      for (const Slot s : made_) out.column(s)[i] = *from++;
    }
    given_ += n;
    out.set_rows(n);
    return Progress::rows;
  }

  static constexpr std::size_t none = ~std::size_t{0};

  const plan::TransactionApply step_;
  const plan::Node& inner_plan_;
  const bool only_reads_;
  std::vector<StepProfile>* profile_;
  std::uint64_t* profile_nested_;
  std::optional<Input> outer_steps_;
  const std::size_t slots_;
  const plan::Slots kept_, made_, taken_;
  std::vector<std::size_t> kept_at_;  ///< where in an outer row
  ExpressionPtr size_;
  std::uint32_t steps_ = 0;

  Phase phase_ = Phase::input;
  RowStore outer_, results_;
  std::size_t part_rows_ = default_rows, at_ = 0, begin_ = 0, end_ = 0, results_begin_ = 0, given_ = 0;
  std::size_t status_ = none;
  std::uint64_t number_ = 0;
  Value not_started_;

  ArgumentRow argument_;
  Batch row_, inner_rows_;
  OperatorPtr inner_;
  bool inner_open_ = false, found_ = false;
  RowIndex capacity_ = 16;
};

}  // namespace

OperatorPtr make_operator(const plan::TransactionApply& step, const plan::Node& node, Builder& b) {
  return std::make_unique<TransactionApply>(step, node, b);
}

}  // namespace packhouse::cypher
