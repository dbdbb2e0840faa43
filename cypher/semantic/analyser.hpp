#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cypher/semantic/analyse.hpp"
#include "cypher/semantic/scope.hpp"
#include "cypher/semantic/types.hpp"
#include "cypher/syntax/ast.hpp"
#include "cypher/syntax/error.hpp"

namespace packhouse::cypher::semantic {

namespace gql = syntax::gql;

/// Why a query is analysed: what it may contain and how it must end.
enum class QueryKind : std::uint8_t { top, call, exists, count, collect };

/// Whether it is an updating clause itself (not one that holds updates).
bool is_update(const ast::Clause& c);

enum class PatternUse : std::uint8_t { match, create, merge, predicate, comprehension, shortest };

/// Result columns of a query or of one of its parts.
struct Column {
  std::string_view name;
  ast::Slot slot;
  Static type;
};
using Columns = boost::container::small_vector<Column, 6>;

/// Where aggregating calls may stand: what collects them while an expression is resolved.
struct Aggregates {
  std::vector<ast::Aggregation>* found = nullptr;  ///< null: none are allowed
  bool inside = false;                             ///< within the argument of an aggregating call
  bool in_list = false;                            ///< within an expression that runs once for each item of a list
};

/// Walks one statement in the order in which its variables come to be. Methods are grouped by file. Leaves by
/// QueryError.
class Analyser {
 public:
  Analyser(ast::Statement& statement, const AnalysisContext& context)
      : statement_(statement), context_(context), arena_(statement.arena), text_(statement.text) {}

  void statement();  // analyse.cpp

 private:
  using Expr = ast::Expr;

  // ---- analyse.cpp: commands ----
  void parameters_of(const ast::NameOrParameter& name);
  void constant(Expr* e);
  void administration(ast::Administration& a);

  // ---- show.cpp ----
  ast::Query* show(ast::Show& s);
  void show_command(ast::Show& s, std::vector<std::string_view>& names, std::vector<ast::Clause>& clauses);
  const Procedure& show_table(const ast::Show& s);
  ast::CallProcedure show_call(ast::Show& s, const Procedure& table);
  ast::Seq<ast::ProjectionItem> show_names(std::span<const std::string_view> names, ast::Span at);
  ast::Projection show_columns(const ast::Show& s, const Procedure& table, bool all);
  Expr* variable_expr(std::string_view name, ast::Span at);

  // ---- queries.cpp ----
  Columns query(ast::Query& q, QueryKind kind, const Scope* outer, const Scope* importable);
  Columns part(ast::SingleQuery& p, QueryKind kind, const Scope* outer, const Scope* importable);
  void check_order(const ast::SingleQuery& p, QueryKind kind);
  void check_end(const ast::SingleQuery& p, QueryKind kind);
  void unite(ast::Query& q, std::vector<Columns>& parts);
  bool is_import(const ast::Clause& c, const Scope& importable) const;
  void clause(ast::Clause& c, QueryKind kind, Columns& result);

  // ---- clauses.cpp ----
  void match(ast::Match& m);
  void unwind(ast::Unwind& u, ast::Span at);
  void set_item(ast::SetItem& item);
  void remove_item(ast::RemoveItem& item);
  void target(Expr* e);
  void labelled(Expr* e, ast::Seq<ast::LabelExpr*> labels);
  void delete_items(ast::Delete& d);
  void foreach_clause(ast::Foreach& f, ast::Span at);
  void load_csv(ast::LoadCsv& l, ast::Span at);

  // ---- calls.cpp ----
  void call_procedure(ast::CallProcedure& c, ast::Span at, Columns& result);
  void procedure_arguments(ast::CallProcedure& c, const Procedure& p, ast::Span at);
  void procedure_yields(ast::CallProcedure& c, const Procedure& p, ast::Span at);
  void call_subquery(ast::CallSubquery& c, ast::Span at, QueryKind kind);
  void in_transactions(ast::InTransactions& t, ast::Span at, QueryKind kind);

  // ---- projections.cpp ----
  Columns projection(ast::Projection& p, Expr* where, bool is_return, bool importing);
  void expand_star(ast::Projection& p, bool is_return);
  void items(ast::Projection& p, bool is_return, std::vector<ast::Aggregation>& calls, Columns& columns);
  void count_expression(Expr* e, std::string_view clause);
  void after_projection(Expr* e, ast::Projection& p, const Scope& old, bool is_where, bool is_return,
                        std::vector<ast::Aggregation>& calls);

  // ---- aggregation.cpp ----
  void take_out(ast::ProjectionItem& item, const ast::Projection& p, const std::vector<ast::Aggregation>& calls,
                const Scope& old);
  void check_grouping(Expr* e, const ast::Projection& p, const std::vector<ast::Aggregation>& calls, const Scope& old,
                      bool sorting);
  bool replace_grouping_key(Expr* e, const ast::Projection& p) const;
  void use_projected(Expr* root, const ast::Projection& p, std::vector<ast::Aggregation>& calls,
                     std::vector<std::string_view>& hidden, bool simple_only);
  bool aggregates(const Expr& e) const;
  void put_variable(Expr* e, std::string_view name, ast::Slot slot);

  // ---- patterns.cpp ----
  void paths(ast::Seq<ast::Path> all, PatternUse use);
  void declare(ast::Path& p, PatternUse use, std::vector<ast::Slot>& rels);
  void declare(ast::NodePattern& n, PatternUse use);
  void declare(ast::RelPattern& r, PatternUse use, std::vector<ast::Slot>& rels);
  void declare_path(ast::Path& p);
  void details(ast::Path& p, PatternUse use);
  void created(ast::Path& p, PatternUse use);
  void created_node(ast::NodePattern& n, const ast::Path& p, PatternUse use);
  void created_rel(ast::RelPattern& r, PatternUse use);
  void created_labels(const ast::LabelExpr* l, PatternUse use);
  void pattern_properties(Expr* e, PatternUse use);
  void dynamic_labels(const ast::LabelExpr* l);
  const Symbol* bound_entity(const ast::Variable& v, Type wanted, ast::Span at, std::string_view wanted_name);

  // ---- expressions.cpp ----
  Static resolve(Expr* e, bool predicate = false);
  Static resolve_leaf(Expr* e, bool predicate);
  Static combine(Expr* e, Static left);
  Static property(const ast::Property& p, Static object, ast::Span at);
  Static index(const ast::Index& i, Static object);
  Static variable(ast::Variable& v, ast::Span at);
  Static parameter(ast::Parameter& p);
  void expect_type(const ast::Expr& e, Type types);
  Static predicate(Expr* e);
  Static case_form(ast::Case& c);
  Static call(Expr* e, ast::Call& c);
  void aggregate(Expr* e, const Function* f);
  void call_arguments(const ast::Call& c, const Function& f, const std::vector<Static>& types, ast::Span at);
  Static result_of(const Function& f, const std::vector<Static>& types) const;

  // ---- forms.cpp ----
  Static comprehension(ast::ListComprehension& c, ast::Span at);
  Static quantifier(ast::Quantifier& q, ast::Span at);
  Static reduce(ast::Reduce& r, ast::Span at);
  Static map_projection(ast::MapProjection& m);
  Static pattern_predicate(ast::PatternPredicate& p, ast::Span at, bool predicate);
  Static pattern_comprehension(ast::PatternComprehension& c);
  Static subquery(ast::SubqueryExpr& s, ast::Span at);
  Static shortest_path(ast::ShortestPathExpr& s);
  template <class F>
  void with_loop_variable(ast::Variable& v, Static type, F&& f);

  // ---- common ----
  ast::Slot new_slot(std::string_view name) {
    statement_.slots.push_back(name);
    return static_cast<ast::Slot>(statement_.slots.size() - 1);
  }
  void declare(ast::Variable& v, Static type, ast::Span at);  ///< a name of the query's own that must be new
  Scope& scope() { return *scope_; }
  [[noreturn, gnu::cold]] void fail(std::uint32_t at, std::string what, std::string_view cause = gql::invalid_syntax,
                                    Status status = Status::syntax_error) const;
  [[noreturn, gnu::cold]] void mismatch(std::uint32_t at, std::string_view expected, Static found,
                                        Status status = Status::syntax_error) const;
  void writes() {
    if (query_ != nullptr) query_->writes = true;
    statement_.writes = true;
  }

  template <class T>
  struct Restore {  ///< sets a member for as long as the guard lives
    T& place;
    T saved;
    Restore(T& p, T value) : place(p), saved(std::exchange(p, value)) {}
    ~Restore() { place = saved; }
    Restore(const Restore&) = delete;
  };

  ast::Statement& statement_;
  const AnalysisContext& context_;
  Arena& arena_;
  std::string_view text_;
  Scope* scope_ = nullptr;
  ast::Query* query_ = nullptr;  ///< the innermost one
  Aggregates aggregates_;
  const Scope* lost_ = nullptr;  ///< variables that a projection has just left behind, for a better message
  bool in_transactions_ = false;
};

}  // namespace packhouse::cypher::semantic
