#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/arena.hpp"
#include "base/error.hpp"
#include "cypher/syntax/expression.hpp"

namespace packhouse::cypher::ast {

// ---- projections ------------------------------------------------------------------------------

struct ProjectionItem {
  Expr* value;
  std::string_view name;  ///< the alias, or the expression's text as written (column name)
  bool aliased = false;
  Slot slot = no_slot;      ///< semantic: the new variable's slot (a bare variable passed on keeps its slot)
  bool aggregates = false;  ///< semantic: contains an aggregating call (which is by then replaced, see below)
};
struct SortKey { Expr* value; bool descending; };

/// One aggregating call, taken out of the items' and sort keys' expressions by semantic/, which leaves a Variable
/// with this slot in its place.
struct Aggregation {
  Expr* call;  ///< holds a Call of an aggregating function, or CountStar
  Slot slot;
};

struct Projection {
  bool distinct = false, star = false;  ///< semantic expands the star into items
  Seq<ProjectionItem> items;
  Seq<SortKey> order;  ///< semantic: refers to item slots wherever an item's expression occurs
  Expr* skip = nullptr;
  Expr* limit = nullptr;
  bool aggregating = false;           ///< semantic
  Seq<Aggregation> aggregations;      ///< semantic; items with !aggregates are the grouping keys
  Span at;
};

// ---- clauses -----------------------------------------------------------------------------------

struct Hint {
  enum class Form : std::uint8_t { index, scan, join } form;
  Variable variable;
  std::string_view label;
  Seq<std::string_view> keys;
};
struct Match { bool optional; Seq<Path> paths; Expr* where; Seq<Hint> hints; };
struct Unwind { Expr* list; Variable variable; };
struct With { Projection body; Expr* where; };
struct Return { Projection body; };
struct Create { Seq<Path> paths; };

struct SetItem {
  enum class Form : std::uint8_t {
    property,          ///< target (a Property or Index expression) = value; null value removes
    replace,           ///< variable = map or entity
    merge,             ///< variable += map or entity
    labels,            ///< variable :A:B (label names and dynamic labels only)
  };
  Form form;
  Expr* target;        ///< property: Property or Index; otherwise an expression giving the entity (a Variable)
  Expr* value;         ///< null pointer for labels
  Seq<LabelExpr*> labels;
  Span at;
};
struct RemoveItem {
  Expr* target;        ///< Property or Index; or the entity when labels is not empty
  Seq<LabelExpr*> labels;
  Span at;
};
struct Merge { Path path; Seq<SetItem> on_create, on_match; };
struct Set { Seq<SetItem> items; };
struct Remove { Seq<RemoveItem> items; };
struct Delete { bool detach; Seq<Expr*> items; };

struct Clause;
struct Foreach { Variable variable; Expr* list; Seq<Clause> updates; };

struct YieldItem { std::string_view column; Variable variable; };
struct CallProcedure {
  std::string_view name;
  bool implicit_arguments = false;  ///< written without parentheses: arguments come from parameters of the same names
  Seq<Expr*> arguments;
  bool has_yield = false, yield_star = false;
  Seq<YieldItem> yields;            ///< semantic: filled for YIELD *, and for standalone calls without YIELD
  Expr* where = nullptr;
  bool standalone = false;          ///< the whole query is this call
  bool optional = false;
  const Procedure* procedure = nullptr;  ///< semantic
};

enum class OnError : std::uint8_t { fail, continue_, break_ };
struct InTransactions { Expr* rows; OnError on_error; Variable status; };
struct CallSubquery {
  bool optional = false;
  bool scoped = false;               ///< CALL (…) { }: `imports` says what is visible; else an importing WITH does
  bool import_all = false;           ///< CALL (*) { }
  Seq<Variable> imports;
  Query* query = nullptr;
  InTransactions* in_transactions = nullptr;
};
struct LoadCsv { bool headers; Expr* url; Variable variable; std::string_view field_terminator; };
struct Finish {};

struct Clause {
  std::variant<Match, Unwind, With, Return, Create, Merge, Set, Remove, Delete, Foreach, CallProcedure, CallSubquery,
               LoadCsv, Finish>
      node;
  Span at;
};

struct SingleQuery { Seq<Clause> clauses; };

/// One or more parts joined by UNION [ALL]; all parts return the same column names.
struct Query {
  Seq<SingleQuery> parts;
  bool union_all = false;                    ///< mixing both is a compile-time error
  Seq<std::string_view> columns;             ///< semantic; empty when nothing is returned
  Seq<Slot> union_slots;                     ///< semantic: output slots of a UNION, one a column
  bool writes = false;                       ///< semantic: contains an updating clause
};

// ---- schema and administration --------------------------------------------------------------------

struct NameOrParameter { std::string_view name; Expr* parameter = nullptr; };

struct CreateIndex {
  enum class Type : std::uint8_t { range, text, point, fulltext, vector, lookup } type;
  NameOrParameter name;
  bool if_not_exists = false;
  bool on_relationship = false;
  Seq<std::string_view> labels;      ///< one, or several for fulltext
  Seq<std::string_view> keys;
  Expr* options = nullptr;           ///< a map or parameter
};
struct DropIndex { NameOrParameter name; bool if_exists; };
struct CreateConstraint {
  enum class Type : std::uint8_t { unique, existence, key, property_type } type;
  NameOrParameter name;
  bool if_not_exists = false;
  bool on_relationship = false;
  std::string_view label;
  Seq<std::string_view> keys;
  std::string_view property_type;
  Expr* options = nullptr;
};
struct DropConstraint { NameOrParameter name; bool if_exists; };

/// SHOW INDEXES / CONSTRAINTS / FUNCTIONS / PROCEDURES / DATABASES / TRANSACTIONS / SETTINGS / USERS / CURRENT USER …, or
/// TERMINATE TRANSACTIONS ids (which yields what became of them),
/// [YIELD … [WHERE …] [RETURN …]] | [WHERE …]. `what` is upper case, blanks single, e.g. "INDEXES"; `filter` e.g.
/// "VECTOR", "UNIQUE", "DEFAULT", or empty. semantic/ turns the tail into ordinary clauses in `rest`.
inline constexpr std::string_view terminate_transactions = "TERMINATE TRANSACTIONS";  ///< Show::what
struct Show {
  std::string_view what, filter;
  std::uint32_t at = 0;              ///< offset of its first word
  Seq<Expr*> arguments;              ///< names or ids: SHOW TRANSACTIONS 'a', 'b'; SHOW DATABASE name
  bool has_yield = false;
  Projection yield;                  ///< items are column names with aliases; star for YIELD *
  Expr* where = nullptr;
  Return* rest = nullptr;            ///< RETURN after YIELD, or null; only of the last command
  Show* next = nullptr;              ///< SHOW TRANSACTIONS … TERMINATE TRANSACTIONS …: the command for each row of this one
  const Procedure* procedure = nullptr;  ///< semantic: the table function behind it
};
/// CREATE/ALTER/DROP USER, CREATE/DROP/START/STOP DATABASE, GRANT …: parsed into words so that
/// the administration handler can answer (or refuse) by name.
struct Administration {
  std::string_view command;          ///< e.g. "CREATE USER", "CREATE DATABASE"
  Seq<Entry> arguments;              ///< named parts: name, password, change_required, if_not_exists, if_exists, ids, status …
};

enum class ExplainMode : std::uint8_t { none, explain, profile };

/// A parameter is an argument of a function, or has a property taken: it must have one of these types, or be null.
struct ParameterUse {
  std::uint32_t index;
  Type types;
};

/// One parsed statement. Movable: everything, the text too, lives in the arena, whose blocks never move.
///
/// Bounds that every consumer may rely on (syntax/limits.hpp): no expression or label expression is taller than
/// `max_height` (an arithmetic chain a + b + c … is a left-deep tree; chains of AND, OR and XOR are built balanced,
/// in the order written), brackets nest at most `max_nesting` deep, queries at most `max_queries` deep.
struct Statement {
  Arena arena{4096};
  std::string_view text;             ///< what the spans point into; in the arena
  ExplainMode explain = ExplainMode::none;
  std::string_view use;              ///< database that USE names; empty: the session's
  int height = 0;                    ///< of its highest expression, at most max_height
  std::variant<Query*, CreateIndex*, DropIndex*, CreateConstraint*, DropConstraint*, Show*, Administration*> body;

  // semantic:
  std::vector<std::string> parameters;  ///< names, by Parameter::index
  std::vector<ParameterUse> parameter_uses;  ///< parameters whose type matters where they stand
  std::vector<std::string_view> slots;  ///< name of each slot ("" for anonymous), size = number of slots
  std::vector<std::string> columns;     ///< result columns in order; empty when nothing is returned
  std::vector<Slot> column_slots;       ///< where the result columns are found
  bool writes = false;                  ///< an updating clause occurs somewhere
  bool in_transactions = false;         ///< CALL { … } IN TRANSACTIONS occurs
  std::vector<std::shared_ptr<const Procedure>> procedures;  ///< keeps what the tree points to alive
};

/// Line and column (from 1, in code points) and code-point offset of a byte offset in a query text.
Position position_of(std::string_view text, std::uint32_t byte_offset);

}  // namespace packhouse::cypher::ast
