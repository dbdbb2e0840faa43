#pragma once
#include <string_view>
#include <vector>

#include "cypher/plan/plan.hpp"

namespace packhouse::cypher::plan {

/// The pattern of one MATCH (or MERGE) as a graph: every node once, whatever paths it occurs in, and all conditions as a
/// list of conjuncts that the planner places as early as possible.
struct Pattern {
  struct PatternNode {
    Slot slot;
    std::string_view name;
    bool bound = false;       ///< before this clause
    bool in_relationship = false;
  };
  struct PatternRelationship {
    Slot slot;
    std::string_view name;
    std::size_t left, right;  ///< node numbers
    ast::Direction direction;
    const ast::LabelExpr* types;
    std::vector<std::string_view> type_names;  ///< when `types` is a plain choice
    bool plain_types = true;
    bool bound = false, variable_length = false;
    ast::PathKind kind = ast::PathKind::walk;
    std::uint32_t min = 1, max = ~std::uint32_t{0};
    std::vector<ast::Entry> properties;        ///< variable length only; others are conjuncts
    ast::Span at;
  };
  struct Condition {
    ast::Expr* expr;
    SlotSet needs;                  ///< slots that this clause binds
    Slot label_of = ast::no_slot;   ///< it says that this node …
    std::string_view label;         ///< … has this label
  };
  struct NamedPath {
    BuildPath step;
    std::string_view name;
  };

  std::vector<PatternNode> nodes;
  std::vector<PatternRelationship> relationships;
  std::vector<Condition> conditions;
  std::vector<NamedPath> paths;
  SlotSet introduced;  ///< all slots that this clause binds

  /// `bound`: what is bound before. Conditions made here live in `arena`.
  Pattern(ast::Seq<ast::Path> parts, ast::Expr* where, const SlotSet& bound, Arena& arena);
  /// Works out what each condition needs; call once its sub-plans are made.
  void weigh();

  /// May the two be the same relationship, as far as types tell?
  static bool may_coincide(const PatternRelationship& a, const PatternRelationship& b);

 private:
  std::size_t node(const ast::NodePattern& n);
  void relationship(const ast::RelPattern& r, std::size_t left, std::size_t right, ast::PathKind kind);
  void path(const ast::Path& p);
  void condition(ast::Expr* e);
  void label_conditions(const ast::LabelExpr* labels, std::string_view name, Slot slot, ast::Span at);
  void property_conditions(ast::Expr* properties, std::string_view name, Slot slot, ast::Span at);

  const SlotSet& bound_;
  Arena& arena_;
};

}  // namespace packhouse::cypher::plan
