#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "cypher/exec/compile.hpp"
#include "cypher/exec/operator.hpp"
#include "cypher/plan/plan.hpp"

namespace packhouse::cypher {

/// Where an Argument leaf finds the outer row. Set by the step that runs the inner plan.
struct ArgumentRow {
  Batch* batch = nullptr;
  RowIndex row = 0;
};

/// Rows and db hits of one plan step, for PROFILE.
struct StepProfile {
  std::int64_t rows = 0, db_hits = 0;
};

/// Turns an immutable plan into the operators of one run. One a run; operators may keep no reference to it.
class Builder {
 public:
  Builder(ExecContext& run_context, std::size_t slot_count, bool only_reads)
      : context(run_context), slots(slot_count), read_only(only_reads) {}

  OperatorPtr build(const plan::Node& node);
  /// The inner plan of a step; its Argument leaf reads from `row`.
  OperatorPtr build_inner(const plan::Node& node, ArgumentRow& row);
  ExpressionPtr compile(const ast::Expr& e) { return cypher::compile(e, context); }
  OperatorPtr input(const plan::Node& node) { return build(*node.children.at(0)); }

  ExecContext& context;
  std::size_t slots;
  bool read_only;  ///< nothing in this statement writes, so what the store says now stays true
  ArgumentRow* argument = nullptr;
  std::vector<StepProfile>* profile = nullptr;  ///< by plan::Node::id; null: not profiled
  std::uint64_t* profile_nested = nullptr;
};

/// Evaluates an expression that depends on no row (LIMIT, labels of a leaf).
Value evaluate_alone(const Expression& e, ExecContext& context, Batch& scratch);

/// The relationship types that a pattern accepts, as ids. `known` is false when nothing can match.
class TypeSet {
 public:
  TypeSet(const ast::LabelExpr* types, ExecContext& context);
  /// Looks the names up again if the store has learnt types since: this very statement may create what it matches.
  void refresh(ExecContext& context);

  std::vector<TypeId> types;  ///< empty with `known`: all types
  bool known = true;

 private:
  void resolve(ExecContext& context);

  const ast::LabelExpr* expression_;
  std::size_t store_knew_;
};

}  // namespace packhouse::cypher
