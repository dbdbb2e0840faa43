#pragma once
#include <vector>

#include "cypher/error.hpp"
#include "cypher/plan/effects.hpp"
#include "cypher/plan/ordering.hpp"
#include "cypher/plan/pattern.hpp"
#include "cypher/plan/plan.hpp"
#include "cypher/plan/statistics.hpp"

namespace packhouse::cypher::plan {

/// The plan of one query part while its clauses are added one after the other.
struct Chain {
  NodePtr node;
  SlotSet bound;
  double rows = 1;
  bool single = true;   ///< at most one row, so that no two rows can get in each other's way
  bool dirty = false;   ///< something below writes and is not drained by a barrier
  /// Since the last barrier, and by more than one row:
  Effects read, written;
  Effects all;          ///< of the whole chain
};

/// Plans one statement. The methods are spread over planner_*.cpp by kind of clause.
class Planner {
 public:
  Planner(ast::Statement& statement, storage::Transaction& tx, Plan& plan)
      : statement_(statement), arena_(statement.arena), statistics_(tx), plan_(plan) {}

  void run();

 private:
  // planner.cpp
  NodePtr query(ast::Query& q, const SlotSet& visible, bool nested, Effects& effects, double& rows);
  Chain begin(bool nested, const SlotSet& visible);
  void clause(Chain& c, ast::Clause& clause);
  void append(Chain& c, Step step, double rows);
  void append(Chain& c, Step step, double rows, NodePtr inner, const Effects& inner_effects);
  void barrier(Chain& c);

  // planner_expression.cpp
  void prepare(const ast::Expr* e, const SlotSet& visible);
  void prepare(const ast::LabelExpr* e, const SlotSet& visible);
  const Node* keep_subplan(NodePtr root, const SlotSet& needed, const SlotSet& visible, Effects effects);
  const Node* plan_path(ast::Path& path, ast::Expr* where, const ast::Expr* map, Slot slot, const SlotSet& visible);
  void note_unknown(const ast::Expr& e);
  void note_unknown(UnknownName::Kind kind, const ast::LabelExpr* e);

  // planner_match.cpp
  void match(Chain& c, const ast::Match& m, ast::Span at);
  void solve(Chain& c, Pattern& pattern);
  void prepare(Pattern& pattern, const SlotSet& bound);
  void emit(Chain& c, const Pattern& pattern, const Action& a, std::vector<bool>& done, std::vector<std::size_t>& solved);
  void conditions(Chain& c, const Pattern& pattern, std::vector<bool>& done, double rows);
  void warn_of_products(const Pattern& pattern, const ast::Match& m, ast::Span at);
  void check_hints(const ast::Match& m, const Pattern& pattern, ast::Span at);
  bool has_index(const ast::Hint& h, bool of_node) const;
  void warn(Warning w);
  std::string_view text_of(ast::Span at) const;

  // planner_projection.cpp
  void project(Chain& c, const ast::Projection& p, const ast::Expr* where);
  bool count_from_store(Chain& c, const ast::Projection& p);
  void aggregate(Chain& c, const ast::Projection& p);
  void distinct_early(Chain& c, const std::vector<ProjectItem>& items);
  void order_and_limit(Chain& c, const ast::Projection& p);

  // planner_update.cpp
  void create(Chain& c, const ast::Create& clause);
  void merge(Chain& c, const ast::Merge& clause);
  void add_path(const ast::Path& path, const SlotSet& bound, Create& to, SlotSet& made);
  void set_items(Chain& c, ast::Seq<ast::SetItem> items, const SlotSet& visible, std::vector<const ast::SetItem*>& out);
  void foreach(Chain& c, const ast::Foreach& clause);
  void call_procedure(Chain& c, const ast::CallProcedure& clause);
  void call_subquery(Chain& c, const ast::CallSubquery& clause, ast::Span at);

  ast::Statement& statement_;
  Arena& arena_;
  Statistics statistics_;
  Plan& plan_;
  SubplanEffects subplan_effects_;
  SlotSet entities_;  ///< slots that hold nodes or relationships
  SlotSet relationships_;  ///< of them, those that hold relationships
};

/// The path of a pattern, for a step that puts it together.
BuildPath path_step(const ast::Path& path);

}  // namespace packhouse::cypher::plan
