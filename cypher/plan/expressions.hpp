#pragma once
#include <string>
#include <vector>

#include "cypher/plan/plan.hpp"
#include "cypher/plan/slot_set.hpp"

namespace packhouse::cypher::plan {

/// Calls f(const ast::Expr&) for each direct operand; patterns and queries inside are not entered (see their plans).
template <class F>
void for_each_operand(const ast::Expr& e, F&& f);

/// Slots an expression reads from its row, loop variables of its own included; of planned sub-queries, their arguments.
void add_slots(const ast::Expr& e, SlotSet& to);
SlotSet slots_of(const ast::Expr& e);
void add_slots(const ast::LabelExpr* e, SlotSet& to);

/// Splits at AND (and a < b < c into its pairs, made in `arena`).
void split_conjuncts(ast::Expr* e, Arena& arena, std::vector<ast::Expr*>& out);

/// The variable's slot if the expression is just a variable, else no_slot.
ast::Slot variable_slot(const ast::Expr& e);

ast::Expr* make_variable(Arena& arena, std::string_view name, ast::Slot slot, ast::Span at);
ast::Expr* make_binary(Arena& arena, ast::Op op, ast::Expr* left, ast::Expr* right);

/// The names of a label expression that is just A or A&B / A|B; false when it is anything else.
bool plain_names(const ast::LabelExpr* e, ast::LabelExpr::Form joined_by, std::vector<std::string_view>& out);

/// Text as a user would write it, for EXPLAIN.
std::string describe(const ast::Expr& e, std::string_view text);
std::string describe(const ast::LabelExpr* e);

template <class F>
void for_each_operand(const ast::Expr& e, F&& f) {
  const auto maybe = [&](const ast::Expr* x) {
    if (x) f(*x);
  };
  const auto all = [&](const auto& items) {
    for (const ast::Expr* x : items) maybe(x);
  };
  const auto labels = [&](const auto& self, const ast::LabelExpr* l) -> void {
    if (!l) return;
    maybe(l->expression);
    self(self, l->left);
    self(self, l->right);
  };
  std::visit(overloaded{
                 [](const ast::Literal&) {}, [](const ast::Parameter&) {}, [](const ast::Variable&) {},
                 [](const ast::CountStar&) {},
                 [&](const ast::Property& x) { maybe(x.object); },
                 [&](const ast::Index& x) { maybe(x.object), maybe(x.at); },
                 [&](const ast::Slice& x) { maybe(x.object), maybe(x.from), maybe(x.to); },
                 [&](const ast::Unary& x) { maybe(x.operand); },
                 [&](const ast::Binary& x) { maybe(x.left), maybe(x.right); },
                 [&](const ast::Chain& x) { all(x.operands); },
                 [&](const ast::ListLiteral& x) { all(x.items); },
                 [&](const ast::MapLiteral& x) {
                   for (const auto& entry : x.entries) maybe(entry.value);
                 },
                 [&](const ast::MapProjection& x) {
                   maybe(x.object);
                   for (const auto& item : x.items) maybe(item.value);
                 },
                 [&](const ast::Case& x) {
                   maybe(x.subject);
                   for (const auto& arm : x.arms) maybe(arm.when), maybe(arm.then);
                   maybe(x.otherwise);
                 },
                 [&](const ast::Call& x) { all(x.arguments); },
                 [&](const ast::ListComprehension& x) { maybe(x.list), maybe(x.where), maybe(x.map); },
                 [&](const ast::Quantifier& x) { maybe(x.list), maybe(x.where); },
                 [&](const ast::Reduce& x) { maybe(x.initial), maybe(x.list), maybe(x.step); },
                 [](const ast::PatternPredicate&) {}, [](const ast::PatternComprehension&) {},
                 [](const ast::SubqueryExpr&) {}, [](const ast::ShortestPathExpr&) {},
                 [&](const ast::LabelPredicate& x) { maybe(x.object), labels(labels, x.labels); },
                 [&](const ast::TypePredicate& x) { maybe(x.object); },
             },
             e.node);
}

/// The plan inside an expression node itself, or null.
const Node* inner_plan(const ast::Expr& e);

}  // namespace packhouse::cypher::plan
