#include <string>
#include <vector>

#include "cypher/exec/expressions/factories.hpp"

namespace packhouse::cypher {
namespace {

/// Items of a list operand; null stays null, anything else is a TypeError.
bool items_of(const Value& list, std::span<const Value>& items) {
  if (list.is_null()) return false;
  if (!list.is(Kind::list)) {
    throw QueryError(Status::type_error, "Type mismatch: expected List<T> but was " + std::string(type_name(list.kind())));
  }
  items = list.as_list();
  return true;
}

/// True, false or null (1, 0, -1) of a predicate's value.
int truth(const Value& v) {
  if (v.is(Kind::boolean)) return v.as_boolean() ? 1 : 0;
  if (v.is_null()) return -1;
  throw QueryError(Status::type_error, "Type mismatch: expected Boolean but was " + std::string(type_name(v.kind())));
}

/// Puts a value in a loop variable's slot and restores what was there: the same slot may be live in an outer
/// evaluation of the same expression (recursion through sub-plans reuses the row).
class LoopVariable {
 public:
  LoopVariable(Batch& batch, Slot slot, RowIndex row) : value_(&batch.column(slot)[row]), saved_(*value_) {}
  ~LoopVariable() { *value_ = saved_; }
  LoopVariable(const LoopVariable&) = delete;
  LoopVariable& operator=(const LoopVariable&) = delete;
  void set(const Value& v) { *value_ = v; }

 private:
  Value* value_;
  Value saved_;
};

/// [x IN list WHERE p | f]
class Comprehension final : public Expression {
 public:
  Comprehension(Slot slot, ExpressionPtr list, ExpressionPtr where, ExpressionPtr map)
      : slot_(slot), list_(std::move(list)), where_(std::move(where)), map_(std::move(map)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    std::span<const Value> items;
    if (!items_of(list_->eval(c, b, r), items)) return Value();
    const auto out = b.arena().array<Value>(items.size());
    std::size_t n = 0;
    LoopVariable variable(b, slot_, r);
    for (const Value& item : items) {
      if ((n & 1023) == 0) {
        c.check();
        bound_memory(c, b);
      }
      variable.set(item);
      if (where_ && truth(where_->eval(c, b, r)) != 1) continue;
      out[n++] = map_ ? map_->eval(c, b, r) : item;
    }
    return Value::list(out.first(n));
  }

 private:
  Slot slot_;
  ExpressionPtr list_, where_, map_;
};

/// all, any, none, single: three-valued, stopping as soon as the answer is certain.
class QuantifierOf final : public Expression {
 public:
  QuantifierOf(ast::QuantifierKind kind, Slot slot, ExpressionPtr list, ExpressionPtr where)
      : kind_(kind), slot_(slot), list_(std::move(list)), where_(std::move(where)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    std::span<const Value> items;
    if (!items_of(list_->eval(c, b, r), items)) return Value();
    std::size_t yes = 0, unknown = 0;
    LoopVariable variable(b, slot_, r);
    for (const Value& item : items) {
      variable.set(item);
      const int t = truth(where_->eval(c, b, r));
      if (t < 0) {
        ++unknown;
      } else if (t > 0) {
        ++yes;
        if (kind_ == ast::QuantifierKind::any) return Value::boolean(true);
        if (kind_ == ast::QuantifierKind::none || (kind_ == ast::QuantifierKind::single && yes > 1)) return Value::boolean(false);
      } else if (kind_ == ast::QuantifierKind::all) {
        return Value::boolean(false);
      }
    }
    if (unknown > 0) return Value();
    switch (kind_) {
      case ast::QuantifierKind::all: return Value::boolean(true);
      case ast::QuantifierKind::any: return Value::boolean(false);
      case ast::QuantifierKind::none: return Value::boolean(true);
      case ast::QuantifierKind::single: return Value::boolean(yes == 1);
    }
    return Value();
  }

 private:
  ast::QuantifierKind kind_;
  Slot slot_;
  ExpressionPtr list_, where_;
};

/// reduce(acc = initial, x IN list | step)
class ReduceOf final : public Expression {
 public:
  ReduceOf(const ast::Reduce& e, ExecContext& context)
      : accumulator_(e.accumulator.slot), variable_(e.variable.slot), initial_(compile(*e.initial, context)),
        list_(compile(*e.list, context)), step_(compile(*e.step, context)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    std::span<const Value> items;
    if (!items_of(list_->eval(c, b, r), items)) return Value();
    Value sum = initial_->eval(c, b, r);
    LoopVariable accumulator(b, accumulator_, r), variable(b, variable_, r);
    std::size_t n = 0;
    for (const Value& item : items) {
      if ((++n & 1023) == 0) c.check();
      accumulator.set(sum);
      variable.set(item);
      sum = step_->eval(c, b, r);
    }
    return sum;
  }

 private:
  Slot accumulator_, variable_;
  ExpressionPtr initial_, list_, step_;
};

}  // namespace

ExpressionPtr make_list_comprehension(const ast::ListComprehension& e, ExecContext& context) {
  return std::make_unique<Comprehension>(e.variable.slot, compile(*e.list, context),
                                         e.where ? compile(*e.where, context) : nullptr,
                                         e.map ? compile(*e.map, context) : nullptr);
}

ExpressionPtr make_quantifier(const ast::Quantifier& e, ExecContext& context) {
  return std::make_unique<QuantifierOf>(e.kind, e.variable.slot, compile(*e.list, context), compile(*e.where, context));
}

ExpressionPtr make_reduce(const ast::Reduce& e, ExecContext& context) { return std::make_unique<ReduceOf>(e, context); }

}  // namespace packhouse::cypher
