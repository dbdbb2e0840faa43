#include <algorithm>
#include <bit>
#include <vector>

#include "base/ascii.hpp"
#include "cypher/syntax/walk.hpp"

namespace packhouse::cypher::ast {
namespace {

bool same_value(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::null: return true;
    case Kind::boolean: return a.as_boolean() == b.as_boolean();
    case Kind::integer: return a.as_integer() == b.as_integer();
    case Kind::real: return std::bit_cast<std::uint64_t>(a.as_real()) == std::bit_cast<std::uint64_t>(b.as_real());
    case Kind::string: return a.as_string() == b.as_string();
    default: return false;
  }
}

/// What the two nodes themselves say, without their operands; both hold the same alternative.
bool same_node(const Expr& a, const Expr& b) {
  const auto keys = [](const auto& x, const auto& y) {
    if (x.size() != y.size()) return false;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (x[i].key != y[i].key) return false;
    }
    return true;
  };
  if (const auto* x = a.as<Literal>()) return same_value(x->value, b.as<Literal>()->value);
  if (const auto* x = a.as<Parameter>()) return x->name == b.as<Parameter>()->name;
  if (const auto* x = a.as<Variable>()) return x->name == b.as<Variable>()->name;
  if (const auto* x = a.as<Property>()) return x->key == b.as<Property>()->key;
  if (const auto* x = a.as<Slice>()) return (x->from == nullptr) == (b.as<Slice>()->from == nullptr);
  if (const auto* x = a.as<Unary>()) return x->op == b.as<Unary>()->op;
  if (const auto* x = a.as<Binary>()) return x->op == b.as<Binary>()->op;
  if (const auto* x = a.as<Chain>()) {
    const auto& y = b.as<Chain>()->ops;
    return std::equal(x->ops.begin(), x->ops.end(), y.begin(), y.end());
  }
  if (const auto* x = a.as<MapLiteral>()) return keys(x->entries, b.as<MapLiteral>()->entries);
  if (const auto* x = a.as<MapProjection>()) {
    const auto* y = b.as<MapProjection>();
    if (!keys(x->items, y->items)) return false;
    for (std::size_t i = 0; i < x->items.size(); ++i) {
      if (x->items[i].form != y->items[i].form) return false;
    }
    return true;
  }
  if (const auto* x = a.as<Case>()) {
    const auto* y = b.as<Case>();
    return x->arms.size() == y->arms.size() && (x->subject == nullptr) == (y->subject == nullptr);
  }
  if (const auto* x = a.as<Call>())
    return same_ignoring_case(x->name, b.as<Call>()->name) && x->distinct == b.as<Call>()->distinct;
  return a.as<CountStar>() != nullptr || a.as<Index>() != nullptr || a.as<ListLiteral>() != nullptr;
}

}  // namespace

bool same_expression(const Expr& first, const Expr& second, std::string_view text) {
  std::vector<std::pair<const Expr*, const Expr*>> todo{{&first, &second}};
  std::vector<const Expr*> left, right;
  while (!todo.empty()) {
    const auto [a, b] = todo.back();
    todo.pop_back();
    if (a->node.index() != b->node.index()) return false;
    if (!same_node(*a, *b)) {
      // Forms with loop variables or patterns: the same text is the same expression.
      const bool leaf = left_operand(*a) != nullptr || a->as<Literal>() != nullptr || a->as<Variable>() != nullptr;
      if (leaf ||
          text.substr(a->at.begin, a->at.end - a->at.begin) != text.substr(b->at.begin, b->at.end - b->at.begin))
        return false;
      continue;
    }
    left.clear(), right.clear();
    for_each_operand(*a, [&](const Expr* x) { left.push_back(x); });
    for_each_operand(*b, [&](const Expr* x) { right.push_back(x); });
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) todo.emplace_back(left[i], right[i]);
  }
  return true;
}

}  // namespace packhouse::cypher::ast
