#include <algorithm>

#include "cypher/semantic/analyser.hpp"
#include "cypher/syntax/walk.hpp"

// Variables, labels and properties of patterns.

namespace packhouse::cypher::semantic {

using namespace ast;

namespace {

std::string_view name_of(PatternUse use) {
  return use == PatternUse::create ? "CREATE" : use == PatternUse::merge ? "MERGE" : "MATCH";
}

}  // namespace

void Analyser::paths(Seq<Path> all, PatternUse use) {
  if (use == PatternUse::create || use == PatternUse::merge) {
    for (Path& p : all) created(p, use);
    return;
  }
  // First all variables come to be, then expressions may use any of them.
  std::vector<Slot> rels;
  for (Path& p : all) declare(p, use, rels);
  for (Path& p : all) details(p, use);
}

/// The variable if it is bound already; then it must be able to hold what the pattern wants.
const Symbol* Analyser::bound_entity(const Variable& v, Type wanted, Span at, std::string_view wanted_name) {
  if (v.name.empty()) return nullptr;
  const Symbol* s = scope().find(v.name);
  if (s == nullptr) return nullptr;
  const bool list = wanted == Type::list;
  const bool right =
      fits(s->type, wanted) && (!list || s->type.type != Type::list || fits(of(s->type.items), Type::relationship));
  if (!right) {
    fail(at.begin,
         "Type mismatch: `" + std::string(v.name) + "` already defined with conflicting type " + describe(s->type) +
             " (expected " + std::string(wanted_name) + ")",
         gql::type_mismatch);
  }
  return s;
}

void Analyser::declare(Path& p, PatternUse use, std::vector<Slot>& rels) {
  declare(p.start, use);
  for (Step& s : p.steps) {
    declare(s.rel, use, rels);
    declare(s.node, use);
  }
  declare_path(p);
}

void Analyser::declare_path(Path& p) {
  if (p.variable.name.empty()) return;
  if (scope().find(p.variable.name) != nullptr) {
    fail(p.at.begin, "Variable `" + std::string(p.variable.name) + "` already declared", gql::variable_bound);
  }
  declare(p.variable, of(Type::path), p.at);
}

void Analyser::declare(NodePattern& n, PatternUse use) {
  if (const Symbol* s = bound_entity(n.variable, Type::node, n.at, "Node")) {
    n.variable.slot = s->slot;
    n.bound = true;
    return;
  }
  if (use == PatternUse::predicate && !n.variable.name.empty()) {
    fail(n.at.begin + 1,
         "PatternExpressions are not allowed to introduce new variables: '" + std::string(n.variable.name) + "'.",
         gql::undefined_variable);
  }
  n.variable.slot = new_slot(n.variable.name);
  if (!n.variable.name.empty()) scope().add({n.variable.name, n.variable.slot, of(Type::node)});
}

void Analyser::declare(RelPattern& r, PatternUse use, std::vector<Slot>& rels) {
  const bool list = r.variable_length;
  if (const Symbol* s = bound_entity(r.variable, list ? Type::list : Type::relationship, r.at,
                                     list ? "List<Relationship>" : "Relationship")) {
    r.variable.slot = s->slot;
    r.bound = true;
    if (std::ranges::find(rels, s->slot) != rels.end()) {
      fail(
          r.at.begin,
          "Cannot use the same relationship variable '" + std::string(r.variable.name) + "' for multiple relationships",
          gql::variable_bound);
    }
    rels.push_back(s->slot);
    return;
  }
  if (use == PatternUse::predicate && !r.variable.name.empty()) {
    fail(r.at.begin,
         "PatternExpressions are not allowed to introduce new variables: '" + std::string(r.variable.name) + "'.",
         gql::undefined_variable);
  }
  r.variable.slot = new_slot(r.variable.name);
  rels.push_back(r.variable.slot);
  if (!r.variable.name.empty())
    scope().add({r.variable.name, r.variable.slot, list ? list_of(Type::relationship) : of(Type::relationship)});
}

void Analyser::details(Path& p, PatternUse use) {
  const auto node = [&](NodePattern& n) {
    dynamic_labels(n.labels);
    pattern_properties(n.properties, use);
    if (n.where != nullptr) (void)predicate(n.where);
  };
  node(p.start);
  for (Step& s : p.steps) {
    dynamic_labels(s.rel.types);
    pattern_properties(s.rel.properties, use);
    if (s.rel.where != nullptr) {
      if (s.rel.variable_length)
        fail(s.rel.where->at.begin,
             "Relationship pattern predicates are not supported for variable-length relationships.");
      (void)predicate(s.rel.where);
    }
    node(s.node);
  }
}

void Analyser::pattern_properties(Expr* e, PatternUse use) {
  if (e == nullptr) return;
  if (const auto* p = e->as<Parameter>(); p != nullptr && use != PatternUse::create) {
    fail(e->at.begin,
         "Parameter maps cannot be used in `" + std::string(name_of(use)) +
             "` patterns (use a literal map instead, e.g. `{id: $" + std::string(p->name) + ".id}`)",
         gql::parameter_map);
  }
  (void)resolve(e);
}

void Analyser::dynamic_labels(const LabelExpr* l) {
  for_each_dynamic(l, [this](Expr* e) {
    const Static t = resolve(e);
    if (!fits(t, Type::string | Type::list)) mismatch(e->at.begin, "String or List<String>", t);
  });
}

// ---- CREATE and MERGE: what is made may be used by what follows ----

void Analyser::created(Path& p, PatternUse use) {
  if (p.kind != PathKind::walk) {
    fail(p.at.begin, std::string(p.kind == PathKind::shortest ? "shortestPath" : "allShortestPaths") +
                         "(...) cannot be used to " + std::string(name_of(use)));
  }
  if (!p.variable.name.empty() && scope().find(p.variable.name) != nullptr) {
    fail(p.at.begin, "Variable `" + std::string(p.variable.name) + "` already declared", gql::variable_bound);
  }
  created_node(p.start, p, use);
  for (Step& s : p.steps) {
    // The relationship is checked behind both of its nodes: that is when it is made.
    created_node(s.node, p, use);
    created_rel(s.rel, use);
  }
  declare_path(p);
}

void Analyser::created_node(NodePattern& n, const Path& p, PatternUse use) {
  if (n.where != nullptr)
    fail(n.where->at.begin, "Node pattern predicates are not allowed in a " + std::string(name_of(use)) +
                                " clause, but only in a MATCH clause or inside a pattern comprehension");
  if (const Symbol* s = bound_entity(n.variable, Type::node, n.at, "Node")) {
    const std::string name(n.variable.name);
    if (p.steps.empty()) fail(n.at.begin + 1, "Variable `" + name + "` already declared", gql::variable_bound);
    if (n.labels != nullptr || n.properties != nullptr) {
      fail(n.at.begin + 1,
           "Can't create node `" + name +
               "` with labels or properties here. The variable is already declared in this context",
           gql::variable_bound);
    }
    n.variable.slot = s->slot;
    n.bound = true;
    return;
  }
  created_labels(n.labels, use);
  pattern_properties(n.properties, use);
  n.variable.slot = new_slot(n.variable.name);
  if (!n.variable.name.empty()) scope().add({n.variable.name, n.variable.slot, of(Type::node)});
}

void Analyser::created_labels(const LabelExpr* l, PatternUse use) {
  if (l == nullptr) return;
  switch (l->form) {
    case LabelExpr::Form::name: return;
    case LabelExpr::Form::dynamic: return dynamic_labels(l);
    case LabelExpr::Form::and_:
      created_labels(l->left, use);
      created_labels(l->right, use);
      return;
    default:
      fail(l->at.begin, "Label expressions in patterns are not allowed in a " + std::string(name_of(use)) +
                            " clause, but only in a MATCH clause");
  }
}

void Analyser::created_rel(RelPattern& r, PatternUse use) {
  const std::string clause(name_of(use));
  if (r.variable_length) fail(r.at.begin, "Variable length relationships cannot be used in " + clause);
  const bool single =
      r.types != nullptr && (r.types->form == LabelExpr::Form::name || r.types->form == LabelExpr::Form::dynamic);
  if (r.types == nullptr) {
    fail(r.at.begin,
         "Exactly one relationship type must be specified for " + clause +
             ". Did you forget to prefix your relationship type with a ':'?",
         gql::no_relationship_type);
  }
  if (!single)
    fail(r.types->at.begin, "A single relationship type must be specified for " + clause, gql::no_relationship_type);
  if (r.direction == Direction::both && use == PatternUse::create)
    fail(r.at.begin, "Only directed relationships are supported in CREATE");
  if (r.where != nullptr)
    fail(r.where->at.begin, "Relationship pattern predicates are not allowed in a " + clause +
                                " clause, but only in a MATCH clause or inside a pattern comprehension");
  if (!r.variable.name.empty() && scope().find(r.variable.name) != nullptr) {
    fail(r.at.begin, "Variable `" + std::string(r.variable.name) + "` already declared", gql::variable_bound);
  }
  dynamic_labels(r.types);
  pattern_properties(r.properties, use);
  r.variable.slot = new_slot(r.variable.name);
  if (!r.variable.name.empty()) scope().add({r.variable.name, r.variable.slot, of(Type::relationship)});
}

}  // namespace packhouse::cypher::semantic
