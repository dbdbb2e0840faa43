#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "value/value.hpp"

namespace packhouse::cypher {
struct Function;   // functions/registry.hpp
enum class Type : std::uint32_t;  // functions/registry.hpp
struct Procedure;  // procedures/registry.hpp
namespace plan {
struct Node;  // plan/plan.hpp
}
}  // namespace packhouse::cypher

namespace packhouse::cypher::ast {

// The tree of one statement lives in the statement's arena and is freed as a whole; nothing in it has a
// destructor. Names are views of the query text (or, when escapes had to be undone, of the arena).
// The parser makes it; semantic/ checks it, fills the fields marked "semantic", and may rewrite parts in
// place; plan/ and exec/ only read it, except for fields marked "planner".

template <class T>
using Seq = std::span<T>;

/// Number of a variable; every variable of a statement has its own, names are not looked up after semantic/.
/// It is also the number of the batch column that holds the variable's values.
using Slot = std::uint32_t;
inline constexpr Slot no_slot = ~Slot{0};

/// Byte offsets in the query text.
struct Span {
  std::uint32_t begin = 0, end = 0;
};

struct Expr;
struct Path;
struct Query;
struct LabelExpr;

enum class Op : std::uint8_t {
  or_, xor_, and_, not_,
  eq, ne, lt, le, gt, ge,
  in, starts_with, ends_with, contains, regex,
  is_null, is_not_null,
  add, sub, mul, div, mod, pow, neg, pos, concat /* || */,
};

struct Literal { Value value; };  ///< null, boolean, integer, real or string
struct Parameter {
  std::string_view name;
  std::uint32_t index = 0;  ///< semantic: position in Statement::parameters
};
struct Variable {
  std::string_view name;
  Slot slot = no_slot;  ///< semantic
};
struct Property { Expr* object; std::string_view key; };
struct Index { Expr* object; Expr* at; };
struct Slice { Expr* object; Expr* from; Expr* to; };  ///< from and to may be null pointers
struct Unary { Op op; Expr* operand; };
struct Binary { Op op; Expr* left; Expr* right; };
/// a < b <= c: operands.size() == ops.size() + 1, at least two ops; true when every neighbouring pair is.
struct Chain { Seq<Expr*> operands; Seq<Op> ops; };
struct ListLiteral { Seq<Expr*> items; };
struct Entry { std::string_view key; Expr* value; };
struct MapLiteral { Seq<Entry> entries; };
/// n {.*, .name, age: expr, other}
struct MapProjection {
  enum class Form : std::uint8_t { all_properties, property, entry, variable };
  struct Item {
    Form form;
    std::string_view key;
    Expr* value;  ///< entry: as written; variable: an Expr holding that Variable; else null
  };
  Expr* object;  ///< a Variable
  Seq<Item> items;
};
struct CaseArm { Expr* when; Expr* then; };
struct Case { Expr* subject; Seq<CaseArm> arms; Expr* otherwise; };  ///< subject and otherwise may be null
struct Call {
  std::string_view name;  ///< as written, dots included, e.g. "date.truncate"
  bool distinct = false;
  Seq<Expr*> arguments;
  const Function* function = nullptr;  ///< semantic
};
struct CountStar {};
struct ListComprehension { Variable variable; Expr* list; Expr* where; Expr* map; };  ///< where and map may be null
enum class QuantifierKind : std::uint8_t { all, any, none, single };
struct Quantifier { QuantifierKind kind; Variable variable; Expr* list; Expr* where; };
struct Reduce { Variable accumulator; Expr* initial; Variable variable; Expr* list; Expr* step; };
/// (a)-->(b) used as a predicate, and exists((a)-->(b)); size() of it is rewritten to a subquery count.
struct PatternPredicate {
  Path* path;
  const plan::Node* plan = nullptr;  ///< planner
  bool in_exists = false;            ///< written exists((a)-->(b)), which may stand anywhere
};
struct PatternComprehension {
  Path* path;
  Expr* where;  ///< may be null
  Expr* map;
  const plan::Node* plan = nullptr;  ///< planner: yields `slot` once per match
  Slot slot = no_slot;               ///< semantic: holds the value of `map` for each match
};
enum class SubqueryKind : std::uint8_t { exists, count, collect };
/// EXISTS { … }, COUNT { … }, COLLECT { … }; the pattern form is parsed into a query of one MATCH (and a RETURN-less end).
struct SubqueryExpr {
  SubqueryKind kind;
  Query* query;
  Slot column = no_slot;             ///< semantic: COLLECT's result column in the query's rows
  const plan::Node* plan = nullptr;  ///< planner
};
/// shortestPath((a)-[*]-(b)) / allShortestPaths in an expression: a path, or null / a list of paths.
/// semantic gives path->variable a slot, in which the plan's rows hold the path.
struct ShortestPathExpr {
  Path* path;
  const plan::Node* plan = nullptr;  ///< planner
};
struct LabelPredicate { Expr* object; LabelExpr* labels; };  ///< n:A&B; a relationship's type likewise
/// x IS [NOT] :: INTEGER NOT NULL …; `type` is the normalized type text.
struct TypePredicate { Expr* object; std::string_view type; bool negated; };

struct Expr {
  std::variant<Literal, Parameter, Variable, Property, Index, Slice, Unary, Binary, Chain, ListLiteral, MapLiteral,
               MapProjection, Case, Call, CountStar, ListComprehension, Quantifier, Reduce, PatternPredicate,
               PatternComprehension, SubqueryExpr, ShortestPathExpr, LabelPredicate, TypePredicate>
      node;
  Span at;

  template <class T>
  T* as() { return std::get_if<T>(&node); }
  template <class T>
  const T* as() const { return std::get_if<T>(&node); }
};

/// :A, :A&B, :A|B, :!A, :%, :$(expr); `a:A:B` is parsed as A&B, `[:A|:B]` as A|B.
struct LabelExpr {
  enum class Form : std::uint8_t { name, any, not_, and_, or_, dynamic };
  Form form;
  std::string_view name;             ///< form name
  Expr* expression = nullptr;        ///< form dynamic: a string or a list of strings
  LabelExpr* left = nullptr;         ///< not_, and_, or_
  LabelExpr* right = nullptr;        ///< and_, or_
  Span at;
};

enum class Direction : std::uint8_t { out, in, both };

struct NodePattern {
  Variable variable;              ///< name empty when anonymous; semantic gives every node a slot
  bool bound = false;             ///< semantic: already bound before this pattern part
  LabelExpr* labels = nullptr;
  Expr* properties = nullptr;     ///< MapLiteral or Parameter
  Expr* where = nullptr;          ///< (n WHERE …)
  Span at;
};
struct Length {
  std::uint32_t min = 1;
  std::uint32_t max = ~std::uint32_t{0};  ///< all ones: unbounded
  bool max_given = false;                 ///< an upper bound was written
};
struct RelPattern {
  Variable variable;              ///< as in NodePattern; with a length the value is a list of relationships
  bool bound = false;             ///< semantic
  LabelExpr* types = nullptr;
  Expr* properties = nullptr;
  Expr* where = nullptr;
  Direction direction = Direction::both;
  bool variable_length = false;
  Length length;
  Span at;
};
struct Step { RelPattern rel; NodePattern node; };
enum class PathKind : std::uint8_t { walk, shortest, all_shortest };
struct Path {
  Variable variable;              ///< name empty and slot no_slot when the path isn't named
  PathKind kind = PathKind::walk;
  NodePattern start;
  Seq<Step> steps;
  Span at;
};

}  // namespace packhouse::cypher::ast
