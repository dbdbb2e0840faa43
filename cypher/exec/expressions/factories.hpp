#pragma once
#include "cypher/exec/compile.hpp"

namespace packhouse::cypher {

// One maker per family of expressions; compile() visits the tree and calls them. Each compiles its own operands.

ExpressionPtr make_property(const ast::Property& e, ExecContext& context);
ExpressionPtr make_index(const ast::Index& e, ExecContext& context);
ExpressionPtr make_slice(const ast::Slice& e, ExecContext& context);
ExpressionPtr make_unary(const ast::Unary& e, ExecContext& context);
ExpressionPtr make_binary(const ast::Binary& e, ExecContext& context);
ExpressionPtr make_chain(const ast::Chain& e, ExecContext& context);
ExpressionPtr make_list(const ast::ListLiteral& e, ExecContext& context);
ExpressionPtr make_map(const ast::MapLiteral& e, ExecContext& context);
ExpressionPtr make_projection(const ast::MapProjection& e, ExecContext& context);
ExpressionPtr make_case(const ast::Case& e, ExecContext& context);
ExpressionPtr make_call(const ast::Call& e, ExecContext& context);
ExpressionPtr make_list_comprehension(const ast::ListComprehension& e, ExecContext& context);
ExpressionPtr make_quantifier(const ast::Quantifier& e, ExecContext& context);
ExpressionPtr make_reduce(const ast::Reduce& e, ExecContext& context);
ExpressionPtr make_pattern_predicate(const ast::PatternPredicate& e, ExecContext& context);
ExpressionPtr make_pattern_comprehension(const ast::PatternComprehension& e, ExecContext& context);
ExpressionPtr make_subquery(const ast::SubqueryExpr& e, ExecContext& context);
ExpressionPtr make_shortest_path(const ast::ShortestPathExpr& e, ExecContext& context);
ExpressionPtr make_label_predicate(const ast::LabelPredicate& e, ExecContext& context);
ExpressionPtr make_type_predicate(const ast::TypePredicate& e, ExecContext& context);

ExpressionPtr make_logic(ast::Op op, const ast::Binary& e, ExecContext& context);  ///< AND, OR, XOR
ExpressionPtr make_not(ExpressionPtr operand);

/// True when `e` gives the same value for every row of a run, whatever the graph holds.
bool is_constant(const ast::Expr& e);

/// The operands of a left-deep chain of one class of binary operators, first to last, so that a sum of 5,000 terms
/// needs no recursion. `belongs` says which operators are of the class.
struct Term {
  ast::Op op;  ///< unused in the first
  const ast::Expr* operand;
};
std::vector<Term> flatten(const ast::Binary& e, bool (*belongs)(ast::Op));

/// What expressions make lives in their batch's arena, which no operator accounts: call it after making something whose
/// size a client can choose. Throws out_of_memory.
inline void bound_memory(const ExecContext& c, Batch& b) { c.bound(b.arena().footprint()); }

}  // namespace packhouse::cypher
