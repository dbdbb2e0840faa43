#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cypher/plan/fwd.hpp"
#include "cypher/plan/slot_set.hpp"
#include "cypher/syntax/ast.hpp"

namespace packhouse::cypher::plan {

struct Node;
using NodePtr = std::unique_ptr<Node>;

// A plan is a tree of steps. Most have one child, their input, and pass its rows on, changed or multiplied: a scan with
// an input scans once for every row it gets. Steps with an inner plan (children[1]) run it once for each outer row; its
// leaf is an Argument, which yields that row. Names (labels, types, keys) become ids when operators are built.

// ---- leaves ------------------------------------------------------------------------------------
struct Once {};                    ///< one row without values
struct Argument { Slots slots; };  ///< the outer row; liveness fills in the slots

// ---- reading -------------------------------------------------------------------------------------
struct AllNodesScan { Slot node; };
struct LabelScan { Slot node; std::string_view label; };
/// elementId(n) = x, id(n) = x, or IN when `many`.
struct NodeById { Slot node; const ast::Expr* id; bool element_id, many; };
struct RelationshipById { Slot rel, from, to; ast::Direction direction; const ast::Expr* id; bool element_id, many; };
struct Bound { const ast::Expr* value = nullptr; bool inclusive = false; };
/// A range index: equality on the leading keys, then at most one of IN, a range or a prefix on the next.
struct IndexSeek {
  IndexId index{};
  Slot node = ast::no_slot;
  std::string_view label;
  std::vector<std::string_view> keys;  ///< all keys of the index
  std::vector<const ast::Expr*> equal;
  const ast::Expr* any_of = nullptr;
  Bound low, high;
  const ast::Expr* prefix = nullptr;
  bool unique = false;
};
struct RelationshipScan { Slot rel, from, to; ast::Direction direction; const ast::LabelExpr* types; Slots distinct_from; };
/// Follows one relationship. `into`: the other end is known already and must match.
struct Expand {
  Slot from, rel, to;
  ast::Direction direction;
  const ast::LabelExpr* types;  ///< null: all
  bool into = false;
  Slots distinct_from;          ///< relationships (or lists of them) of the same MATCH that must differ from this one
};
struct VarLengthExpand {
  Slot from, rel, to;           ///< rel: the list of relationships
  ast::Direction direction;
  const ast::LabelExpr* types;
  std::uint32_t min = 1, max = ~std::uint32_t{0};
  bool into = false, reversed = false;  ///< reversed: walked against the pattern's order, so the list is turned round
  std::vector<ast::Entry> properties;   ///< every relationship has these
  Slots distinct_from;
};
/// A pattern whose relationship (or list of them, when `list`) is bound already.
struct Endpoints {
  Slot rel, from, to;
  ast::Direction direction;
  const ast::LabelExpr* types;
  bool list = false, from_bound = false, to_bound = false;
  std::uint32_t min = 1, max = ~std::uint32_t{0};
  Slots distinct_from;
};
struct ShortestPath {
  Slot from, to, rel;  ///< rel: the list of relationships
  ast::Direction direction;
  const ast::LabelExpr* types;
  std::uint32_t min = 1, max = ~std::uint32_t{0};
  bool all = false;
  std::vector<ast::Entry> properties;
};
struct PathPart { Slot rel; bool list; Slot node; };
struct BuildPath { Slot path, start; std::vector<PathPart> parts; };

struct Filter { std::vector<const ast::Expr*> predicates; };
/// A node's labels, all of them: the common case of Filter.
struct LabelFilter { Slot node; std::vector<std::string_view> labels; };
struct NotNull { Slot slot; };  ///< drops rows in which a bound node of a pattern is null

// ---- rows ------------------------------------------------------------------------------------------
struct ProjectItem { const ast::Expr* value; Slot slot; };
struct Project { std::vector<ProjectItem> items; };
struct Aggregate {
  std::vector<ProjectItem> keys;
  std::vector<ast::Aggregation> calls;
  Slots carried;  ///< liveness: slots that later steps read from any row of the group
};
struct Distinct { Slots slots; };
struct Sort { std::vector<ast::SortKey> keys; };
struct TopK { std::vector<ast::SortKey> keys; const ast::Expr* skip; const ast::Expr* limit; bool updates_below = false; };
struct Skip { const ast::Expr* count; };
struct Limit { const ast::Expr* count; bool updates_below = false; };
struct Unwind { const ast::Expr* list; Slot slot; };
struct LoadCsv { const ast::Expr* url; Slot slot; bool headers; char separator; };
struct Eager {};
/// count(*), count(n), count(r) of everything, a label or a type.
struct CountFromStore {
  std::vector<Slot> slots;
  bool relationships = false;
  std::vector<std::string_view> names;  ///< one label, or any of these types; empty: all
};
struct Union { std::vector<std::pair<Slots, Slots>> from_to; };  ///< children: the parts; what to copy where

// ---- plans inside plans (children[1] is the inner one) ---------------------------------------------------
struct Apply {};
struct OptionalApply { Slots nullable; };
/// The inner plan gives the other half of the rows and depends on nothing of the outer row: it runs once.
struct HashJoin { const ast::Expr* outer_key; const ast::Expr* inner_key; };
struct UnitSubquery {};  ///< runs the inner plan for its effects, passes the row
struct Foreach { const ast::Expr* list; Slot slot; };
/// CALL { … } IN TRANSACTIONS: takes all rows in, runs the inner plan for so many of them at a time and commits.
struct TransactionApply {
  const ast::Expr* rows;  ///< null: 1,000
  ast::OnError on_error;
  Slot status;            ///< no_slot: not asked for
  bool returns, optional; ///< whether the inner plan gives rows
};

// ---- writing ------------------------------------------------------------------------------------------
struct NewNode { Slot slot; const ast::LabelExpr* labels; const ast::Expr* properties; };
struct NewRelationship { Slot slot, start, end; const ast::LabelExpr* type; const ast::Expr* properties; };
struct Create { std::vector<NewNode> nodes; std::vector<NewRelationship> relationships; };
struct Merge {
  Create create;
  std::vector<const ast::SetItem*> on_create, on_match;
};
struct SetItems { std::vector<const ast::SetItem*> items; };
struct RemoveItems { std::vector<const ast::RemoveItem*> items; };
struct Delete { std::vector<const ast::Expr*> items; bool detach; };

// ---- the rest -------------------------------------------------------------------------------------------
struct ProcedureCall {
  const Procedure* procedure;
  std::vector<const ast::Expr*> arguments;
  std::vector<std::pair<std::uint32_t, Slot>> yields;  ///< output column, slot
  bool optional;
};
struct Result { std::vector<std::pair<std::string_view, Slot>> columns; };

using Step = std::variant<Once, Argument, AllNodesScan, LabelScan, NodeById, RelationshipById, IndexSeek, RelationshipScan,
                          Expand, VarLengthExpand, Endpoints, ShortestPath, BuildPath, Filter, LabelFilter, NotNull, Project,
                          Aggregate, Distinct, Sort, TopK, Skip, Limit, Unwind, LoadCsv, Eager, CountFromStore, Union, Apply,
                          OptionalApply, HashJoin, UnitSubquery, Foreach, TransactionApply, Create, Merge, SetItems, RemoveItems, Delete,
                          ProcedureCall, Result>;

/// A plan step and its inputs. The set of steps is closed: EXPLAIN, liveness, effects and build() all visit it, so a new
/// step that one of them forgets does not compile. Immutable once planned.
struct Node {
  Step step;
  std::vector<NodePtr> children;
  double rows = 1;     ///< estimated
  std::uint32_t id = 0;
  /// Liveness: what the step hands on from its input unchanged (row-multiplying steps copy just these).
  Slots kept;
  /// Liveness: what the step makes and somebody above reads. The rest need not be written.
  SlotSet produced;
  bool produces(Slot s) const { return produced.contains(s); }
  /// Of the root of an inner plan: slots it needs from outside; of every root in an expression: how many slots there are.
  Slots arguments;
  std::size_t slot_count = 0;
  bool statement_writes = false;
};

inline NodePtr make(Step step, NodePtr input = nullptr, double rows = 1) {
  auto n = std::make_unique<Node>();
  n->step = std::move(step);
  if (input) n->children.push_back(std::move(input));
  n->rows = rows;
  return n;
}

/// A name in the statement that the store did not know when it was planned.
struct UnknownName {
  enum class Kind : std::uint8_t { label, type, key } kind;
  std::string_view name;
  std::uint32_t at;  ///< byte offset
};
/// Something worth telling about how a statement is written. See exec/run/notifications.cpp for the words.
struct Warning {
  enum class Kind : std::uint8_t {
    cartesian_product,     ///< detail: a variable; pattern: all parts
    unbounded_length,      ///< of a shortest path; pattern: it
    deprecated_function,   ///< detail: its name
    deprecated_subquery,   ///< CALL { } without (); detail: what it imports
    hinted_index_missing,  ///< detail: the index as CREATE INDEX names it; pattern: as the hint does
    hinted_join_missing,   ///< detail: the variable
  } kind;
  std::uint32_t at;
  std::string detail, pattern = {};
};

/// A planned query. Points into its statement, which must outlive it.
struct Plan {
  NodePtr root;
  std::vector<NodePtr> subplans;  ///< of expressions; the tree points to them
  std::vector<IndexId> indexes;   ///< that it uses
  std::uint32_t nodes = 0;        ///< steps of the main tree, whose ids are 0 ..
  std::vector<UnknownName> unknown;
  std::vector<Warning> warnings;
  std::size_t slots = 0;
  bool writes = false;
};

}  // namespace packhouse::cypher::plan
