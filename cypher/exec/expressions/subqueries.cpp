#include <vector>

#include "cypher/exec/expressions/factories.hpp"
#include "cypher/exec/subplan.hpp"

namespace packhouse::cypher {
namespace {

const plan::Node& planned(const plan::Node* plan) {
  if (!plan) throw QueryError(Status::internal, "a sub-query was not planned");
  return *plan;
}

/// EXISTS and pattern predicates: is there at least one row?
class Exists final : public Expression {
 public:
  Exists(const plan::Node& plan, ExecContext& c) : rows_(make_subplan(plan, c)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    rows_->start(c, b, r);
    return Value::boolean(rows_->next(c) != nullptr);
  }

 private:
  std::unique_ptr<Subplan> rows_;
};

class Count final : public Expression {
 public:
  Count(const plan::Node& plan, ExecContext& c) : rows_(make_subplan(plan, c)) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    rows_->start(c, b, r);
    std::int64_t n = 0;
    while (Batch* batch = rows_->next(c)) n += batch->size();
    return Value::integer(n);
  }

 private:
  std::unique_ptr<Subplan> rows_;
};

/// COLLECT and pattern comprehensions: the values of one slot, as a list. Values are copied, because the sub-plan's
/// batches are reused.
class Collect final : public Expression {
 public:
  Collect(const plan::Node& plan, Slot slot, ExecContext& c) : rows_(make_subplan(plan, c)), slot_(slot) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    std::vector<Value> found;
    rows_->start(c, b, r);
    while (Batch* batch = rows_->next(c)) {
      for (RowIndex i = 0, n = batch->size(); i < n; ++i) found.push_back(deep_copy(batch->at(slot_, batch->row(i)), b.arena()));
    }
    const auto out = b.arena().array<Value>(found.size());
    std::uninitialized_copy(found.begin(), found.end(), out.begin());
    return Value::list(out);
  }

 private:
  std::unique_ptr<Subplan> rows_;
  Slot slot_;
};

/// shortestPath(): the path or null.
class FirstOf final : public Expression {
 public:
  FirstOf(const plan::Node& plan, Slot slot, ExecContext& c) : rows_(make_subplan(plan, c)), slot_(slot) {}
  Value eval(ExecContext& c, Batch& b, RowIndex r) const override {
    rows_->start(c, b, r);
    Batch* batch = rows_->next(c);
    return batch ? deep_copy(batch->at(slot_, batch->row(0)), b.arena()) : Value();
  }

 private:
  std::unique_ptr<Subplan> rows_;
  Slot slot_;
};

}  // namespace

ExpressionPtr make_pattern_predicate(const ast::PatternPredicate& e, ExecContext& context) {
  return std::make_unique<Exists>(planned(e.plan), context);
}

ExpressionPtr make_pattern_comprehension(const ast::PatternComprehension& e, ExecContext& context) {
  return std::make_unique<Collect>(planned(e.plan), e.slot, context);
}

ExpressionPtr make_subquery(const ast::SubqueryExpr& e, ExecContext& context) {
  switch (e.kind) {
    case ast::SubqueryKind::exists: return std::make_unique<Exists>(planned(e.plan), context);
    case ast::SubqueryKind::count: return std::make_unique<Count>(planned(e.plan), context);
    case ast::SubqueryKind::collect: break;
  }
  if (e.column == ast::no_slot) throw QueryError(Status::internal, "COLLECT without a column");
  return std::make_unique<Collect>(planned(e.plan), e.column, context);
}

ExpressionPtr make_shortest_path(const ast::ShortestPathExpr& e, ExecContext& context) {
  const Slot slot = e.path->variable.slot;
  if (e.path->kind == ast::PathKind::shortest) return std::make_unique<FirstOf>(planned(e.plan), slot, context);
  return std::make_unique<Collect>(planned(e.plan), slot, context);
}

}  // namespace packhouse::cypher
