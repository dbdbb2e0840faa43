#include <algorithm>

#include "cypher/functions/registry.hpp"
#include "cypher/plan/expressions.hpp"
#include "cypher/plan/liveness.hpp"
#include "cypher/plan/planner_impl.hpp"

namespace packhouse::cypher::plan {

const Node* Planner::keep_subplan(NodePtr root, const SlotSet& needed, const SlotSet& visible, Effects effects) {
  root->arguments = annotate(*root, needed, visible).list();
  subplan_effects_.emplace(root.get(), std::move(effects));
  plan_.subplans.push_back(std::move(root));
  return plan_.subplans.back().get();
}

const Node* Planner::plan_path(ast::Path& path, ast::Expr* where, const ast::Expr* map, Slot slot, const SlotSet& visible) {
  Chain c = begin(true, visible);
  Pattern pattern({&path, 1}, where, c.bound, arena_);
  prepare(pattern, c.bound);
  solve(c, pattern);
  SlotSet needed;
  if (map) {
    prepare(map, c.bound);
    append(c, Project{{{map, slot}}}, c.rows);
  }
  needed.add(slot);
  return keep_subplan(std::move(c.node), needed, visible, std::move(c.all));
}

void Planner::prepare(const ast::LabelExpr* e, const SlotSet& visible) {
  if (!e) return;
  prepare(e->expression, visible);
  prepare(e->left, visible);
  prepare(e->right, visible);
}

void Planner::prepare(const ast::Expr* expr, const SlotSet& visible) {
  if (!expr) return;
  note_unknown(*expr);
  auto& e = const_cast<ast::Expr&>(*expr);
  if (auto* x = e.as<ast::PatternPredicate>()) {
    if (!x->plan) x->plan = plan_path(*x->path, nullptr, nullptr, ast::no_slot, visible);
  } else if (auto* y = e.as<ast::PatternComprehension>()) {
    if (!y->plan) y->plan = plan_path(*y->path, y->where, y->map, y->slot, visible);
  } else if (auto* s = e.as<ast::ShortestPathExpr>()) {
    if (!s->plan) s->plan = plan_path(*s->path, nullptr, nullptr, s->path->variable.slot, visible);
  } else if (auto* q = e.as<ast::SubqueryExpr>()) {
    if (q->plan) return;
    Effects effects;
    double rows = 1;
    NodePtr root = query(*q->query, visible, true, effects, rows);
    SlotSet needed;
    if (q->kind == ast::SubqueryKind::collect) needed.add(q->column);
    q->plan = keep_subplan(std::move(root), needed, visible, std::move(effects));
  } else {
    SlotSet inside = visible;
    if (const auto* l = e.as<ast::ListComprehension>()) inside.add(l->variable.slot);
    if (const auto* n = e.as<ast::Quantifier>()) inside.add(n->variable.slot);
    if (const auto* r = e.as<ast::Reduce>()) inside.add(Slots{r->variable.slot, r->accumulator.slot});
    for_each_operand(e, [&](const ast::Expr& operand) { prepare(&operand, inside); });
  }
}

void Planner::note_unknown(UnknownName::Kind kind, const ast::LabelExpr* e) {
  if (!e) return;
  if (e->form == ast::LabelExpr::Form::name) {
    const auto& store = statistics_.store();
    const bool known = kind == UnknownName::Kind::label ? store.find_label(e->name).has_value() : store.find_type(e->name).has_value();
    const bool noted = std::any_of(plan_.unknown.begin(), plan_.unknown.end(),
                                   [&](const UnknownName& u) { return u.kind == kind && u.name == e->name; });
    if (!known && !noted) plan_.unknown.push_back({kind, e->name, e->at.begin});
  }
  note_unknown(kind, e->left);
  note_unknown(kind, e->right);
}

void Planner::note_unknown(const ast::Expr& e) {
  if (const auto* call = e.as<ast::Call>(); call && call->function && call->function->deprecated) {
    warn({Warning::Kind::deprecated_function, e.at.begin, std::string(call->function->display)});
  }
  if (const auto* p = e.as<ast::Property>()) {
    const bool noted = std::any_of(plan_.unknown.begin(), plan_.unknown.end(), [&](const UnknownName& u) {
      return u.kind == UnknownName::Kind::key && u.name == p->key;
    });
    if (noted || !entities_.contains(variable_slot(*p->object)) || statistics_.store().find_key(p->key)) return;
    plan_.unknown.push_back({UnknownName::Kind::key, p->key, e.at.end > p->key.size() ? e.at.end - static_cast<std::uint32_t>(p->key.size()) : 0});
  }
}

}  // namespace packhouse::cypher::plan
