#include <algorithm>
#include <memory>
#include <vector>

#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_table.hpp"
#include "cypher/functions/registry.hpp"

namespace packhouse::cypher {
namespace {

/// One aggregating call. Counts are kept as integers in the group's row, everything else in an Aggregator a group.
struct AggregateCall {
  enum class Form : std::uint8_t { rows, values, function } form = Form::rows;
  const Function* function = nullptr;
  std::vector<ExpressionPtr> arguments;
  Slot slot = ast::no_slot;
  std::unique_ptr<RowTable> seen;  ///< DISTINCT: (group, arguments) met so far

  std::vector<std::vector<Value>> values;  ///< of the batch, by argument and physical row
  std::vector<Value> row;                  ///< arguments of one row, behind the group's number
};

AggregateCall make_call(const ast::Aggregation& a, Builder& b) {
  AggregateCall c;
  c.slot = a.slot;
  const auto* call = a.call->as<ast::Call>();
  if (!call) {
    if (!a.call->as<ast::CountStar>()) throw QueryError(Status::internal, "an aggregation without a call");
    return c;
  }
  c.function = call->function;
  c.form = call->function->name == "count" ? AggregateCall::Form::values : AggregateCall::Form::function;
  for (const ast::Expr* e : call->arguments) c.arguments.push_back(b.compile(*e));
  c.values.resize(c.arguments.size());
  c.row.resize(c.arguments.size() + 1);
  if (call->distinct) c.seen = std::make_unique<RowTable>(c.row.size(), c.row.size());
  return c;
}

/// Groups rows by their keys and aggregates each group; without keys there is exactly one group.
class Aggregate final : public Operator {
 public:
  Aggregate(OperatorPtr input, const plan::Aggregate& step, Builder& b)
      : input_(std::move(input), b.slots), carried_(step.carried), groups_(step.keys.size(), step.keys.size() + carried_.size() + step.calls.size()) {
    for (const auto& k : step.keys) keys_.push_back({b.compile(*k.value), k.slot, {}});
    for (const auto& c : step.calls) calls_.push_back(make_call(c, b));
    key_.resize(keys_.size());
    first_call_ = keys_.size() + carried_.size();
    only_counts_rows_ = keys_.empty() && carried_.empty() &&
                        std::ranges::all_of(calls_, [](const auto& c) { return c.form == AggregateCall::Form::rows; });
  }

  void open(ExecContext& context) override {
    input_.open(context);
    groups_.clear(context);
    for (auto& c : calls_) {
      if (c.seen) c.seen->clear(context);
    }
    aggregators_.clear();
    context.release(accounted_);
    accounted_ = 0;
    complete_ = false;
    at_ = 0;
  }

  Progress next(ExecContext& context, Batch& out) override {
    while (!complete_) {
      context.check();
      if (context.out_of_budget()) return Progress::yield;
      const Progress p = input_.pull(context);
      if (p == Progress::yield) return p;
      if (p == Progress::done) {
        bool added = false;
        if (keys_.empty() && groups_.size() == 0) start_group(context, groups_.find_or_add(key_.data(), added), nullptr, 0);
        complete_ = true;
        break;
      }
      take(context);
    }
    return give(context, out);
  }

 private:
  struct Key {
    ExpressionPtr value;
    Slot slot;
    std::vector<Value> values;
  };

  void take(ExecContext& context) {
    Batch& batch = input_.batch();
    if (only_counts_rows_) {
      Value* row = groups_.store().row(group_of(context, batch, 0));
      for (std::size_t c = 0; c < calls_.size(); ++c) row[c] = Value::integer(row[c].as_integer() + batch.size());
      return;
    }
    for (Key& k : keys_) {
      if (k.values.size() < batch.rows()) k.values.resize(batch.rows());
      k.value->eval_all(context, batch, k.values.data());
    }
    for (auto& c : calls_) {
      for (std::size_t a = 0; a < c.arguments.size(); ++a) {
        if (c.values[a].size() < batch.rows()) c.values[a].resize(batch.rows());
        c.arguments[a]->eval_all(context, batch, c.values[a].data());
      }
    }
    for (RowIndex i = 0, n = batch.size(); i < n; ++i) {
      const RowIndex row = batch.row(i);
      const std::size_t group = group_of(context, batch, row);
      for (std::size_t c = 0; c < calls_.size(); ++c) add(context, calls_[c], group, first_call_ + c, row);
    }
    groups_.account(context);
    for (auto& c : calls_) {
      if (c.seen) c.seen->account(context);
    }
    const std::size_t held = aggregators_.size() * aggregator_bytes;
    if (held > accounted_) context.keep(held - std::exchange(accounted_, held));
  }

  std::size_t group_of(ExecContext& context, Batch& batch, RowIndex row) {
    if (keys_.empty() && groups_.size() > 0) return 0;
    for (std::size_t k = 0; k < keys_.size(); ++k) key_[k] = keys_[k].values[row];
    bool added = false;
    const std::size_t group = groups_.find_or_add(key_.data(), added);
    if (added) start_group(context, group, &batch, row);
    return group;
  }

  void start_group(ExecContext&, std::size_t group, Batch* batch, RowIndex row) {
    RowStore& store = groups_.store();
    Value* to = store.row(group) + keys_.size();
    for (const Slot s : carried_) *to++ = batch ? keep_value(batch->at(s, row), store.arena()) : Value();
    for (auto& c : calls_) {
      std::int64_t start = 0;
      if (c.form == AggregateCall::Form::function) {
        for (std::size_t a = 0; a < c.arguments.size(); ++a) c.row[a + 1] = batch ? c.values[a][row] : Value();
        start = static_cast<std::int64_t>(aggregators_.size());
        aggregators_.push_back(c.function->aggregate(std::span(c.row).subspan(1)));
      }
      *to++ = Value::integer(start);
    }
  }

  void add(ExecContext& context, AggregateCall& c, std::size_t group, std::size_t column, RowIndex row) {
    if (c.form != AggregateCall::Form::rows) {
      for (std::size_t a = 0; a < c.arguments.size(); ++a) c.row[a + 1] = c.values[a][row];
      if (c.form == AggregateCall::Form::values && c.row[1].is_null()) return;
      if (c.seen) {
        if (c.row[1].is_null()) return;
        c.row[0] = Value::integer(static_cast<std::int64_t>(group));
        bool added = false;
        c.seen->find_or_add(c.row.data(), added);
        if (!added) return;
      }
    }
    Value& state = groups_.store().row(group)[column];
    if (c.form == AggregateCall::Form::function) {
      aggregators_[static_cast<std::size_t>(state.as_integer())]->add(context, std::span(c.row).subspan(1));
    } else {
      state = Value::integer(state.as_integer() + 1);
    }
  }

  Progress give(ExecContext& context, Batch& out) {
    const auto n = static_cast<RowIndex>(std::min<std::size_t>(out.capacity(), groups_.size() - at_));
    if (n == 0) return Progress::done;
    RowStore& store = groups_.store();
    const auto copy = [&](Slot slot, std::size_t column) {
      Value* to = out.column(slot);
      for (RowIndex i = 0; i < n; ++i) to[i] = store.row(at_ + i)[column];
    };
    for (std::size_t k = 0; k < keys_.size(); ++k) copy(keys_[k].slot, k);
    for (std::size_t i = 0; i < carried_.size(); ++i) copy(carried_[i], keys_.size() + i);
    for (std::size_t c = 0; c < calls_.size(); ++c) {
      copy(calls_[c].slot, first_call_ + c);
      if (calls_[c].form != AggregateCall::Form::function) continue;
      Value* to = out.column(calls_[c].slot);
      for (RowIndex i = 0; i < n; ++i) {
        to[i] = aggregators_[static_cast<std::size_t>(to[i].as_integer())]->result(context, out.arena());
      }
    }
    at_ += n;
    out.set_rows(n);
    return Progress::rows;
  }

  static constexpr std::size_t aggregator_bytes = 96;  // an object, its allocation and a pointer, roughly

  Input input_;
  std::vector<Key> keys_;
  plan::Slots carried_;
  std::vector<AggregateCall> calls_;
  RowTable groups_;
  std::vector<std::unique_ptr<Aggregator>> aggregators_;
  std::vector<Value> key_;
  std::size_t first_call_ = 0, accounted_ = 0, at_ = 0;
  bool only_counts_rows_ = false, complete_ = false;
};

}  // namespace

OperatorPtr make_operator(const plan::Aggregate& step, const plan::Node& node, Builder& b) {
  return std::make_unique<Aggregate>(b.input(node), step, b);
}

}  // namespace packhouse::cypher
