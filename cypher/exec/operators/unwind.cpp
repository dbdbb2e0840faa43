#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/functions/registry.hpp"

namespace packhouse::cypher {
namespace {

/// One row a list item; null gives no row, any other value counts as a list of itself.
class Unwind final : public Multiplier {
 public:
  Unwind(OperatorPtr input, std::size_t slots, const plan::Slots& kept, ExpressionPtr list, Slot slot)
      : Multiplier(std::move(input), slots, kept), list_(std::move(list)), slot_(slot) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    single_ = list_->eval(context, in, row);
    at_ = 0;
    if (single_.is(Kind::list)) {
      items_ = single_.as_list();
    } else {
      items_ = {&single_, single_.is_null() ? 0U : 1U};
    }
  }
  RowIndex fill(ExecContext&, Batch& out, RowIndex at, RowIndex room) override {
    const auto n = static_cast<RowIndex>(std::min<std::size_t>(room, items_.size() - at_));
    std::copy_n(items_.begin() + static_cast<std::ptrdiff_t>(at_), n, out.column(slot_) + at);
    at_ += n;
    return n;
  }

 private:
  ExpressionPtr list_;
  Slot slot_;
  Value single_;
  std::span<const Value> items_;
  std::size_t at_ = 0;
};

/// UNWIND range(a, b[, step]) without making the list.
class UnwindRange final : public Multiplier {
 public:
  UnwindRange(OperatorPtr input, std::size_t slots, const plan::Slots& kept, std::vector<ExpressionPtr> arguments,
              ExpressionPtr whole, Slot slot)
      : Multiplier(std::move(input), slots, kept), arguments_(std::move(arguments)), whole_(std::move(whole)), slot_(slot) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    std::int64_t v[3] = {0, 0, 1};
    items_ = {};
    bool plain = true;
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      const Value a = arguments_[i]->eval(context, in, row);
      plain = plain && a.is(Kind::integer);
      if (plain) v[i] = a.as_integer();
    }
    left_ = 0;
    if (!plain || v[2] == 0) {  // the function itself knows what to say
      list_ = whole_->eval(context, in, row);
      if (list_.is(Kind::list)) items_ = list_.as_list();
      return;
    }
    value_ = v[0];
    step_ = v[2];
    const bool up = step_ > 0;
    if (up ? v[0] > v[1] : v[0] < v[1]) return;
    const auto distance = up ? static_cast<std::uint64_t>(v[1]) - static_cast<std::uint64_t>(v[0])
                             : static_cast<std::uint64_t>(v[0]) - static_cast<std::uint64_t>(v[1]);
    const auto stride = up ? static_cast<std::uint64_t>(step_) : std::uint64_t{0} - static_cast<std::uint64_t>(step_);
    left_ = distance / stride + 1;
    if (left_ == 0) left_ = ~std::uint64_t{0};  // all 2^64 integers; nobody will see the last
  }
  RowIndex fill(ExecContext&, Batch& out, RowIndex at, RowIndex room) override {
    Value* to = out.column(slot_) + at;
    if (!items_.empty()) {
      const auto n = std::min<std::size_t>(room, items_.size());
      std::copy_n(items_.begin(), n, to);
      items_ = items_.subspan(n);
      return static_cast<RowIndex>(n);
    }
    const auto n = static_cast<RowIndex>(std::min<std::uint64_t>(room, left_));
    for (RowIndex i = 0; i < n; ++i) {
      to[i] = Value::integer(value_);
      value_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(value_) + static_cast<std::uint64_t>(step_));
    }
    left_ -= n;
    return n;
  }

 private:
  std::vector<ExpressionPtr> arguments_;
  ExpressionPtr whole_;
  Slot slot_;
  Value list_;
  std::span<const Value> items_;
  std::uint64_t left_ = 0;
  std::int64_t value_ = 0, step_ = 1;
};

bool is_range(const ast::Expr& e) {
  const auto* call = e.as<ast::Call>();
  return call && call->function && call->function->name == "range" && (call->arguments.size() == 2 || call->arguments.size() == 3);
}

}  // namespace

OperatorPtr make_operator(const plan::Unwind& step, const plan::Node& node, Builder& b) {
  if (is_range(*step.list)) {
    std::vector<ExpressionPtr> arguments;
    for (const ast::Expr* a : step.list->as<ast::Call>()->arguments) arguments.push_back(b.compile(*a));
    return std::make_unique<UnwindRange>(b.input(node), b.slots, node.kept, std::move(arguments), b.compile(*step.list),
                                         step.slot);
  }
  return std::make_unique<Unwind>(b.input(node), b.slots, node.kept, b.compile(*step.list), step.slot);
}

}  // namespace packhouse::cypher
