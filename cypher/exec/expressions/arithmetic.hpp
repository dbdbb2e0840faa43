#pragma once
#include "cypher/error.hpp"
#include "cypher/syntax/expression.hpp"
#include "value/value.hpp"

namespace packhouse::cypher {

/// + - * / % ^ || on two values, null when either is null. Integer overflow and division by zero are
/// ArithmeticErrors, kinds that don't fit are TypeErrors. Strings, lists and temporals that are made live in `arena`.
Value arithmetic(ast::Op op, const Value& left, const Value& right, Arena& arena);

/// -x; +x is left to the caller.
Value negate(const Value& operand, Arena& arena);

/// Size-checked concatenation of two strings.
Value concatenate(std::string_view a, std::string_view b, Arena& arena);

}  // namespace packhouse::cypher
