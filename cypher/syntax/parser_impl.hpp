#pragma once
#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cypher/syntax/ast.hpp"
#include "cypher/syntax/error.hpp"
#include "cypher/syntax/limits.hpp"
#include "cypher/syntax/token.hpp"

namespace packhouse::cypher::syntax {

/// Recursive descent over the tokens of one statement: a function per grammar rule, named like it. `word(X)` and
/// `symbol(X)` take a token if it is next; `need…` take it or fail; `at…` only look. Leaves by QueryError from any
/// depth. The rules are spread over parse_*.cpp by subject. Only parser.cpp makes one.
class Parser {
 public:
  Parser(ast::Statement& statement, const std::vector<Token>& tokens)
      : statement_(statement), arena_(statement.arena), text_(statement.text), tokens_(tokens), now_(tokens.data()) {}

  void statement();

 private:
  using Expr = ast::Expr;
  template <class T, std::size_t N = 4>
  using Collected = boost::container::small_vector<T, N>;

  // ---- statements and queries: parse_query.cpp ----
  void prefixes();
  void cypher_options();
  void body();
  ast::Query* query();
  ast::SingleQuery single_query();
  bool at_clause() const;
  ast::Clause clause();
  ast::Clause optional_clause(std::uint32_t begin);
  ast::Clause delete_clause(std::uint32_t begin);
  template <class T>
  ast::Clause made(std::uint32_t begin, T&& node) {
    return {std::forward<T>(node), span(begin)};
  }

  // ---- reading clauses: parse_reading.cpp ----
  ast::Match match(bool optional);
  ast::Hint hint();
  void hints(Collected<ast::Hint, 1>& all);
  ast::Unwind unwind();
  ast::With with();
  ast::With order_by_clause();
  ast::Projection projection();
  void projection_tail(ast::Projection& p);
  ast::ProjectionItem projection_item();
  ast::SortKey sort_key();
  ast::LoadCsv load_csv();

  // ---- CALL: parse_call.cpp ----
  ast::Clause call_clause(std::uint32_t begin, bool optional);
  ast::CallProcedure call_procedure(bool optional);
  ast::CallSubquery call_subquery(bool optional);
  ast::InTransactions* in_transactions();
  ast::YieldItem yield_item();

  // ---- updating clauses: parse_updates.cpp ----
  ast::Merge merge();
  ast::Seq<ast::SetItem> set_items();
  ast::SetItem set_item();
  ast::RemoveItem remove_item();
  Expr* update_target();
  ast::Seq<ast::LabelExpr*> update_labels();
  ast::Foreach foreach_clause();

  // ---- patterns: parse_patterns.cpp ----
  ast::Seq<ast::Path> paths();
  ast::Path path();
  ast::Path path_steps();
  ast::Path shortest_path();
  ast::NodePattern node_pattern();
  ast::RelPattern rel_pattern();
  void rel_details(ast::RelPattern& rel);
  void length(ast::RelPattern& rel);
  std::uint32_t length_bound();
  Expr* pattern_properties();
  void refuse_quantifier();
  bool at_rel() const;
  bool path_ahead(const Token* t) const;
  const Token* matching(const Token* open) const;

  // ---- labels and types: parse_labels.cpp ----
  enum class LabelsOf : std::uint8_t { node, relationship, any };
  ast::LabelExpr* label_expression(LabelsOf of);
  ast::LabelExpr* label_conjunction(LabelsOf of);
  ast::LabelExpr* label_negation(LabelsOf of);
  ast::LabelExpr* label_atom(LabelsOf of);
  ast::LabelExpr* balanced(ast::LabelExpr::Form form, std::span<ast::LabelExpr*> operands);
  std::string_view type_text();
  void type_union(std::string& out);
  void one_type(std::string& out);
  std::string type_name();
  std::string timed_type(std::string_view first);

  // ---- expressions: parse_expressions.cpp ----
  Expr* expression();
  Expr* operators(int min_power);
  Expr* prefixed(int min_power);
  Expr* sign();
  Expr* postfix(bool labels);
  Expr* subscript(std::uint32_t begin, Expr* object);
  Expr* logical(std::uint32_t begin, Expr* first, ast::Op op, int power);
  Expr* comparison(std::uint32_t begin, Expr* first);
  Expr* is_predicate(std::uint32_t begin, Expr* operand);
  Expr* balanced(ast::Op op, std::span<Expr*> operands);

  // ---- atoms: parse_atoms.cpp ----
  Expr* atom();
  Expr* any_atom();
  Expr* word_atom();
  Expr* name_atom();
  Expr* parenthesized();
  Expr* map_literal();
  std::string_view setting_name();
  Expr* word_argument(std::string_view function, int n);
  Expr* map_projection(std::uint32_t begin, Expr* object);
  ast::MapProjection::Item map_projection_item();
  Expr* call(const Token* open);
  const Token* dotted_end() const;
  std::string_view dotted_name(const Token* end);
  void use_clause();
  Expr* trim_call();
  Expr* normalize_call();

  // ---- forms with their own grammar: parse_forms.cpp ----
  Expr* list_form();
  Expr* list_literal(std::uint32_t begin);
  Expr* list_comprehension();
  Expr* pattern_comprehension();
  Expr* case_form();
  Expr* quantifier(ast::QuantifierKind kind);
  Expr* reduce();
  Expr* exists_call();
  Expr* subquery(ast::SubqueryKind kind);
  Expr* shortest_path_form();
  Expr* pattern_predicate();

  // ---- schema: parse_schema.cpp ----
  bool schema_or_administration_ahead() const;
  void create_command();
  void drop_command();
  ast::CreateIndex* create_index(ast::CreateIndex::Type type);
  void index_target(ast::CreateIndex& index);
  void index_keys(ast::CreateIndex& index, std::string_view variable);
  ast::CreateConstraint* create_constraint();
  void constraint_kind(ast::CreateConstraint& constraint);
  std::string_view schema_entity(bool& relationship, ast::Seq<std::string_view>& labels, bool needs_label);
  ast::NameOrParameter schema_name();
  bool if_not_exists();
  bool if_exists();
  std::string_view key_of(std::string_view variable);
  Expr* options();

  // ---- SHOW: parse_show.cpp ----
  ast::Show* show();
  ast::Show* show_command();
  void show_what(ast::Show& s);
  void show_arguments(ast::Show& s);
  void show_tail(ast::Show& s);

  // ---- administration: parse_admin.cpp ----
  bool administration();
  ast::Administration* user_command(std::string_view command);
  ast::Administration* alter_current_user();
  void user_settings(Collected<ast::Entry>& arguments);
  ast::Administration* rename_command();
  bool role_command_ahead() const;
  ast::Administration* role_command();
  ast::Administration* database_command(std::string_view command);
  ast::Administration* other_command();
  Expr* name_value();
  Expr* flag(bool b);
  Expr* text_value(std::string_view s);

  // ---- tokens ----
  const Token& peek(std::size_t n) const {  ///< stays on the last token, which is end or bad
    return static_cast<std::size_t>(tokens_.data() + tokens_.size() - 1 - now_) < n ? tokens_.back() : now_[n];
  }
  const Token* next_of(const Token* t) const { return t == &tokens_.back() ? t : t + 1; }
  bool at(Kind k) const { return now_->kind == k; }
  bool at(Word w) const { return now_->word == w; }
  bool at_text(std::string_view upper) const { return now_->kind == Kind::word && same_word(spelled(*now_), upper); }
  static bool is_name(const Token& t) { return t.kind == Kind::word || t.kind == Kind::quoted_name; }
  bool at_name() const { return is_name(*now_); }
  void advance() {
    last_end_ = now_->end;
    if (now_ != &tokens_.back()) ++now_;
  }
  bool symbol(Kind k) { return at(k) ? (advance(), true) : false; }
  bool word(Word w) { return at(w) ? (advance(), true) : false; }
  bool text_word(std::string_view upper) { return at_text(upper) ? (advance(), true) : false; }
  void need(Kind k) {
    if (!symbol(k)) [[unlikely]]
      expected(name_of(k));
  }
  void need(Word w) {
    if (!word(w)) [[unlikely]]
      expected_word(name_of(w));
  }
  void need_text(std::string_view upper) {
    if (!text_word(upper)) [[unlikely]]
      expected_word(upper);
  }
  std::string_view spelled(const Token& t) const { return text_.substr(t.begin, t.end - t.begin); }
  std::string_view name(std::string_view what);
  ast::Variable variable(std::string_view what = "a variable name") { return {name(what)}; }
  ast::Span span(std::uint32_t begin) const { return {begin, last_end_}; }

  // ---- making ----
  template <class T>
  Expr* make(std::uint32_t begin, T&& node) {
    return arena_.make<Expr>(Expr{std::forward<T>(node), span(begin)});
  }
  template <class V>
  ast::Seq<typename V::value_type> keep(const V& collected) {
    auto kept = arena_.array<typename V::value_type>(collected.size());
    std::uninitialized_copy(collected.begin(), collected.end(), kept.begin());
    return kept;
  }
  template <class F>
  auto list_of(F one) {
    Collected<decltype(one())> all;
    do {
      all.push_back(one());
    } while (symbol(Kind::comma));
    return keep(all);
  }

  // ---- errors ----
  [[noreturn, gnu::cold]] void expected(std::string_view what);       ///< "Invalid input 'x': expected " + what
  [[noreturn, gnu::cold]] void expected_word(std::string_view word);  ///< the same with the word in quotes
  [[noreturn, gnu::cold]] void fail_at(std::uint32_t offset, std::string what,
                                       std::string_view cause = gql::invalid_syntax);
  [[noreturn, gnu::cold]] void unsupported(std::uint32_t offset, std::string what);

  /// Counts brackets or queries that are open; the guard closes them.
  struct Nest {
    int& depth;
    explicit Nest(int& d) : depth(d) { ++depth; }
    ~Nest() { --depth; }
    Nest(const Nest&) = delete;
  };
  void check_nesting() {
    if (nesting_ > ast::max_nesting) [[unlikely]]
      fail_at(now_->begin, "The statement is nested too deeply");
  }
  void grow(int height) {
    if (height > ast::max_height) [[unlikely]]
      fail_at(now_->begin, "The expression has too many terms");
    height_ = height;
    if (height > statement_.height) statement_.height = height;
  }

  ast::Statement& statement_;
  Arena& arena_;
  std::string_view text_;
  const std::vector<Token>& tokens_;
  const Token* now_;
  std::uint32_t last_end_ = 0;
  int nesting_ = 0, queries_ = 0;
  int height_ = 0;          ///< of the expression made last
  int tallest_inside_ = 0;  ///< of the expressions made since the innermost atom began
  Expr* given_ = nullptr;   ///< an operand that was read ahead: the next one asked for
  bool bar_ends_ = false;   ///< a `|` here ends a label expression or type: it belongs to a comprehension
  bool dotted_keys_ = false;  ///< in OPTIONS
};

}  // namespace packhouse::cypher::syntax
