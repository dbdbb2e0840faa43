#pragma once
#include <string>

#include "cypher/functions/registry.hpp"
#include "cypher/syntax/expression.hpp"

namespace packhouse::cypher::semantic {

/// What is known about a value before the statement runs: the kinds it may have and, if it is a list, the kinds its
/// items may have. Everything nullable passes for null too.
struct Static {
  Type type = Type::any;
  Type items = Type::any;
};

constexpr Static of(Type t) {
  return {t, Type::any};
}
constexpr Static list_of(Type items) {
  return {Type::list, items};
}

/// Either of the two.
Static join(Static a, Static b);
/// What is known about the items of a list that holds these kinds: nothing, if they are of several kinds (numbers are one).
Type items_of(Type kinds);

/// May a value of this type be passed where `wanted` is expected? Nulls may go anywhere, integers for floats.
bool fits(Static t, Type wanted);
bool only(Static t, Type these);  ///< certainly one of these (or null)

/// "Integer", "List<Node>", "Integer or Float", "Any".
std::string describe(Static t);

Static type_of(const Value& literal);

/// The type of `left op right`, or of `op operand`. `ok` tells whether any operands of these types will do; messages
/// say what would have: `expected` for the operand at fault.
struct Operation {
  Static result;
  bool ok = true;
  bool left_at_fault = false;
  std::string_view expected;
};
Operation type_of(ast::Op op, Static left, Static right);
Operation type_of(ast::Op op, Static operand);

}  // namespace packhouse::cypher::semantic
