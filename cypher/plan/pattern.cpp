#include "cypher/plan/pattern.hpp"

#include <algorithm>

#include "cypher/error.hpp"
#include "cypher/plan/expressions.hpp"

namespace packhouse::cypher::plan {
namespace {

bool has_dynamic(const ast::LabelExpr* e) {
  return e && (e->form == ast::LabelExpr::Form::dynamic || has_dynamic(e->left) || has_dynamic(e->right));
}

}  // namespace

Pattern::Pattern(ast::Seq<ast::Path> parts, ast::Expr* where, const SlotSet& bound, Arena& arena) : bound_(bound), arena_(arena) {
  for (const auto& p : parts) path(p);
  if (where) {
    std::vector<ast::Expr*> conjuncts;
    split_conjuncts(where, arena_, conjuncts);
    for (ast::Expr* e : conjuncts) condition(e);
  }
}

void Pattern::weigh() {
  for (auto& c : conditions) {
    add_slots(*c.expr, c.needs);
    if (c.label_of != ast::no_slot) c.needs.add(c.label_of);
    if (const auto* p = c.expr->as<ast::LabelPredicate>()) add_slots(p->labels, c.needs);
    c.needs.keep(introduced);
  }
}

void Pattern::path(const ast::Path& p) {
  std::size_t left = node(p.start);
  NamedPath named{{p.variable.slot, nodes[left].slot, {}}, p.variable.name};
  for (const auto& s : p.steps) {
    const std::size_t right = node(s.node);
    relationship(s.rel, left, right, p.kind);
    const bool list = s.rel.variable_length || p.kind != ast::PathKind::walk;
    named.step.parts.push_back({s.rel.variable.slot, list, nodes[right].slot});
    left = right;
  }
  if (p.variable.slot == ast::no_slot) return;
  introduced.add(p.variable.slot);
  paths.push_back(std::move(named));
}

std::size_t Pattern::node(const ast::NodePattern& n) {
  const Slot slot = n.variable.slot;
  auto found = std::find_if(nodes.begin(), nodes.end(), [&](const auto& x) { return x.slot == slot; });
  if (found == nodes.end()) {
    nodes.push_back({slot, n.variable.name, bound_.contains(slot)});
    found = std::prev(nodes.end());
    if (!found->bound) introduced.add(slot);
  }
  const auto at = static_cast<std::size_t>(found - nodes.begin());
  label_conditions(n.labels, n.variable.name, slot, n.at);
  property_conditions(n.properties, n.variable.name, slot, n.at);
  if (n.where) condition(n.where);
  return at;
}

void Pattern::relationship(const ast::RelPattern& r, std::size_t left, std::size_t right, ast::PathKind kind) {
  PatternRelationship rel{r.variable.slot, r.variable.name, left, right, r.direction, r.types, {}};
  rel.bound = bound_.contains(rel.slot);
  rel.variable_length = r.variable_length || kind != ast::PathKind::walk;
  rel.kind = kind;
  rel.at = r.at;
  if (r.variable_length) {
    rel.min = r.length.min;
    rel.max = r.length.max;
  } else if (rel.variable_length) {
    rel.max = 1;
  }
  if (!rel.bound) introduced.add(rel.slot);
  rel.plain_types = plain_names(r.types, ast::LabelExpr::Form::or_, rel.type_names);
  if (!rel.plain_types) rel.type_names.clear();
  if (has_dynamic(r.types)) {
    if (rel.variable_length) {
      throw QueryError(Status::not_implemented, "Computed relationship types ($(…)) are not supported in variable-length patterns");
    }
    rel.types = nullptr;
    rel.plain_types = true;
    condition(arena_.make<ast::Expr>(
        ast::LabelPredicate{make_variable(arena_, rel.name, rel.slot, r.at), const_cast<ast::LabelExpr*>(r.types)}, r.types->at));
  }
  if (!rel.variable_length) {
    property_conditions(r.properties, rel.name, rel.slot, r.at);
    if (r.where) condition(r.where);
  } else {
    if (r.where) throw QueryError(Status::not_implemented, "WHERE inside a variable-length relationship pattern is not supported");
    if (r.properties) {
      const auto* map = r.properties->as<ast::MapLiteral>();
      if (!map) throw QueryError(Status::syntax_error, "Parameter maps cannot be used in MATCH patterns");
      rel.properties.assign(map->entries.begin(), map->entries.end());
    }
  }
  nodes[left].in_relationship = nodes[right].in_relationship = true;
  relationships.push_back(std::move(rel));
}

void Pattern::condition(ast::Expr* e) {
  Condition c{e, {}, ast::no_slot, {}};
  // n:A in WHERE is as good as in the pattern.
  if (const auto* p = e->as<ast::LabelPredicate>()) {
    const Slot slot = variable_slot(*p->object);
    std::vector<std::string_view> names;
    const bool is_node = std::any_of(nodes.begin(), nodes.end(), [&](const auto& n) { return n.slot == slot; });
    if (is_node && plain_names(p->labels, ast::LabelExpr::Form::and_, names)) {
      for (const auto name : names) conditions.push_back({e, {}, slot, name});
      return;
    }
  }
  conditions.push_back(std::move(c));
}

void Pattern::label_conditions(const ast::LabelExpr* labels, std::string_view name, Slot slot, ast::Span at) {
  if (!labels) return;
  auto* object = make_variable(arena_, name, slot, at);
  condition(arena_.make<ast::Expr>(ast::LabelPredicate{object, const_cast<ast::LabelExpr*>(labels)}, labels->at));
}

void Pattern::property_conditions(ast::Expr* properties, std::string_view name, Slot slot, ast::Span) {
  if (!properties) return;
  const auto* map = properties->as<ast::MapLiteral>();
  if (!map) throw QueryError(Status::syntax_error, "Parameter maps cannot be used in MATCH patterns");
  for (const auto& entry : map->entries) {
    auto* object = make_variable(arena_, name, slot, ast::Span{});
    auto* property = arena_.make<ast::Expr>(ast::Property{object, entry.key}, ast::Span{});
    condition(make_binary(arena_, ast::Op::eq, property, entry.value));
  }
}

bool Pattern::may_coincide(const PatternRelationship& a, const PatternRelationship& b) {
  if (!a.types || !b.types || !a.plain_types || !b.plain_types) return true;
  return std::any_of(a.type_names.begin(), a.type_names.end(), [&](std::string_view n) {
    return std::find(b.type_names.begin(), b.type_names.end(), n) != b.type_names.end();
  });
}

}  // namespace packhouse::cypher::plan
