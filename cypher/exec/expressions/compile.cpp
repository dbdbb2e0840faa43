#include "cypher/exec/compile.hpp"

#include <algorithm>

#include "cypher/exec/expressions/factories.hpp"

namespace packhouse::cypher {
namespace {

class Constant final : public Expression {
 public:
  explicit Constant(Value v) : value_(v) {}
  Value eval(ExecContext&, Batch&, RowIndex) const override { return value_; }
  void eval_all(ExecContext&, Batch& batch, Value* out) const override {
    for (RowIndex i = 0, n = batch.size(); i < n; ++i) out[batch.row(i)] = value_;
  }
  const Value* constant() const override { return &value_; }

 private:
  Value value_;
};

class FromSlot final : public Expression {
 public:
  explicit FromSlot(Slot slot) : slot_(slot) {}
  Value eval(ExecContext&, Batch& batch, RowIndex row) const override { return batch.at(slot_, row); }
  void eval_all(ExecContext&, Batch& batch, Value* out) const override {
    const Value* from = batch.column(slot_);
    for (RowIndex i = 0, n = batch.size(); i < n; ++i) out[batch.row(i)] = from[batch.row(i)];
  }

 private:
  Slot slot_;
};

ExpressionPtr visit(const ast::Expr& expr, ExecContext& c) {
  return std::visit(
      overloaded{
          [&](const ast::Literal& e) -> ExpressionPtr { return std::make_unique<Constant>(e.value); },
          [&](const ast::Parameter& e) -> ExpressionPtr {
            return std::make_unique<Constant>(c.parameters[e.index]);
          },
          [&](const ast::Variable& e) -> ExpressionPtr { return std::make_unique<FromSlot>(e.slot); },
          [&](const ast::Property& e) { return make_property(e, c); },
          [&](const ast::Index& e) { return make_index(e, c); },
          [&](const ast::Slice& e) { return make_slice(e, c); },
          [&](const ast::Unary& e) { return make_unary(e, c); },
          [&](const ast::Binary& e) { return make_binary(e, c); },
          [&](const ast::Chain& e) { return make_chain(e, c); },
          [&](const ast::ListLiteral& e) { return make_list(e, c); },
          [&](const ast::MapLiteral& e) { return make_map(e, c); },
          [&](const ast::MapProjection& e) { return make_projection(e, c); },
          [&](const ast::Case& e) { return make_case(e, c); },
          [&](const ast::Call& e) { return make_call(e, c); },
          [&](const ast::CountStar&) -> ExpressionPtr {
            throw QueryError(Status::internal, "count(*) outside of an aggregation");
          },
          [&](const ast::ListComprehension& e) { return make_list_comprehension(e, c); },
          [&](const ast::Quantifier& e) { return make_quantifier(e, c); },
          [&](const ast::Reduce& e) { return make_reduce(e, c); },
          [&](const ast::PatternPredicate& e) { return make_pattern_predicate(e, c); },
          [&](const ast::PatternComprehension& e) { return make_pattern_comprehension(e, c); },
          [&](const ast::SubqueryExpr& e) { return make_subquery(e, c); },
          [&](const ast::ShortestPathExpr& e) { return make_shortest_path(e, c); },
          [&](const ast::LabelPredicate& e) { return make_label_predicate(e, c); },
          [&](const ast::TypePredicate& e) { return make_type_predicate(e, c); },
      },
      expr.node);
}

bool all_constant(ast::Seq<ast::Expr*> items) {
  return std::ranges::all_of(items, [](const ast::Expr* e) { return is_constant(*e); });
}

// Folding must not move an error from run time to compile time, so only shapes that can't fail are folded.
bool foldable(const ast::Expr& e) {
  return (e.as<ast::ListLiteral>() || e.as<ast::MapLiteral>()) && is_constant(e);
}

}  // namespace

bool is_constant(const ast::Expr& expr) {
  return std::visit(overloaded{
                        [](const ast::Literal&) { return true; },
                        [](const ast::Parameter&) { return true; },
                        [](const ast::ListLiteral& e) { return all_constant(e.items); },
                        [](const ast::MapLiteral& e) {
                          return std::ranges::all_of(e.entries, [](const ast::Entry& x) { return is_constant(*x.value); });
                        },
                        [](const auto&) { return false; },
                    },
                    expr.node);
}

ExpressionPtr compile(const ast::Expr& expr, ExecContext& context) {
  ExpressionPtr made = visit(expr, context);
  if (!foldable(expr)) return made;
  Batch scratch(0);
  scratch.reset(1);
  const Value v = made->eval(context, scratch, 0);
  return std::make_unique<Constant>(deep_copy(v, context.arena));
}

std::vector<Term> flatten(const ast::Binary& e, bool (*belongs)(ast::Op)) {
  std::vector<Term> terms{{e.op, e.right}};
  const ast::Expr* left = e.left;
  while (const auto* inner = left->as<ast::Binary>()) {
    if (!belongs(inner->op)) break;
    terms.push_back({inner->op, inner->right});
    left = inner->left;
  }
  terms.push_back({e.op, left});
  std::ranges::reverse(terms);
  return terms;
}

}  // namespace packhouse::cypher
