#pragma once
#include "cypher/syntax/ast.hpp"

namespace packhouse::cypher::ast {

/// The operand that an expression hangs under on its left, or null: a in a + b, a.b, a[0], a IS NULL, NOT a … Chains
/// of these may be max_height long, so walk down them with a loop, not by recursion.
inline Expr* left_operand(const Expr& e) {
  if (const auto* b = e.as<Binary>()) return b->left;
  if (const auto* p = e.as<Property>()) return p->object;
  if (const auto* i = e.as<Index>()) return i->object;
  if (const auto* s = e.as<Slice>()) return s->object;
  if (const auto* u = e.as<Unary>()) return u->operand;
  if (const auto* l = e.as<LabelPredicate>()) return l->object;
  if (const auto* t = e.as<TypePredicate>()) return t->object;
  return nullptr;
}

/// Calls f(Expr*) for each $(expression) in a label expression.
template <class F>
void for_each_dynamic(const LabelExpr* l, F&& f) {
  if (l == nullptr) return;
  if (l->expression != nullptr) f(l->expression);
  for_each_dynamic(l->left, f);
  for_each_dynamic(l->right, f);
}

/// Calls f(Expr*) for each direct operand that is there. Patterns and queries inside are not entered.
template <class F>
void for_each_operand(const Expr& e, F&& f) {
  const auto maybe = [&](Expr* x) {
    if (x != nullptr) f(x);
  };
  const auto all = [&](const auto& items) {
    for (Expr* x : items) f(x);
  };
  std::visit(overloaded{
                 [](const Literal&) {},
                 [](const Parameter&) {},
                 [](const Variable&) {},
                 [](const CountStar&) {},
                 [](const PatternPredicate&) {},
                 [](const PatternComprehension&) {},
                 [](const SubqueryExpr&) {},
                 [](const ShortestPathExpr&) {},
                 [&](const Property& x) { f(x.object); },
                 [&](const Index& x) { f(x.object), f(x.at); },
                 [&](const Slice& x) { f(x.object), maybe(x.from), maybe(x.to); },
                 [&](const Unary& x) { f(x.operand); },
                 [&](const Binary& x) { f(x.left), f(x.right); },
                 [&](const Chain& x) { all(x.operands); },
                 [&](const ListLiteral& x) { all(x.items); },
                 [&](const MapLiteral& x) {
                   for (const Entry& entry : x.entries) f(entry.value);
                 },
                 [&](const MapProjection& x) {
                   f(x.object);
                   for (const auto& item : x.items) maybe(item.value);
                 },
                 [&](const Case& x) {
                   maybe(x.subject);
                   for (std::size_t i = 0; i < x.arms.size(); ++i) {
                     f(x.arms[i].when);
                     // WHEN 1, 2 THEN x makes arms that share their result.
                     if (i + 1 == x.arms.size() || x.arms[i + 1].then != x.arms[i].then) f(x.arms[i].then);
                   }
                   maybe(x.otherwise);
                 },
                 [&](const Call& x) { all(x.arguments); },
                 [&](const ListComprehension& x) { f(x.list), maybe(x.where), maybe(x.map); },
                 [&](const Quantifier& x) { f(x.list), f(x.where); },
                 [&](const Reduce& x) { f(x.initial), f(x.list), f(x.step); },
                 [&](const LabelPredicate& x) { f(x.object), for_each_dynamic(x.labels, f); },
                 [&](const TypePredicate& x) { f(x.object); },
             },
             e.node);
}

/// Do two expressions read the same? Variables are compared by name; patterns and queries by their text.
bool same_expression(const Expr& a, const Expr& b, std::string_view text);

}  // namespace packhouse::cypher::ast
