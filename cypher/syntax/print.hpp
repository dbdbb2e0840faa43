#pragma once
#include <string>

#include "cypher/syntax/ast.hpp"

namespace packhouse::cypher {

/// Text of an expression as EXPLAIN and error messages show it: normalized blanks and brackets, strings in double
/// quotes, names in backticks where they need them. Very deep parts are cut to "…".
std::string print(const ast::Expr& e);
std::string print(const ast::LabelExpr& labels);  ///< without the colon: A&!B
std::string print(const ast::NodePattern& node);  ///< (n:A {x: 1})
std::string print(const ast::RelPattern& rel);    ///< -[r:T*1..3]->
std::string print(const ast::Path& path);

/// A name, in backticks unless it is a plain word.
std::string quote_name(std::string_view name);

}  // namespace packhouse::cypher
