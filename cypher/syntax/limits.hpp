#pragma once

namespace packhouse::cypher::ast {

// What a statement's tree may grow to. Whoever walks it recursively needs stack for this much; see Statement.

inline constexpr int max_height = 6000;  ///< nodes on the longest way from an expression's root to a leaf
inline constexpr int max_nesting = 600;  ///< brackets within brackets
inline constexpr int max_queries = 40;   ///< sub-queries within sub-queries

}  // namespace packhouse::cypher::ast
