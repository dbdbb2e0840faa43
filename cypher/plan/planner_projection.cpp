#include <algorithm>
#include <cmath>

#include "cypher/functions/registry.hpp"
#include "cypher/plan/expressions.hpp"
#include "cypher/plan/planner_impl.hpp"

namespace packhouse::cypher::plan {
namespace {

bool deterministic(const ast::Expr& e) {
  if (const auto* c = e.as<ast::Call>(); c && c->function && !c->function->deterministic) return false;
  if (inner_plan(e)) return false;
  bool all = true;
  for_each_operand(e, [&](const ast::Expr& x) { all = all && deterministic(x); });
  return all;
}

double constant_or(const ast::Expr* e, double otherwise) {
  const auto* l = e ? e->as<ast::Literal>() : nullptr;
  return l && l->value.is(Kind::integer) ? static_cast<double>(l->value.as_integer()) : otherwise;
}

}  // namespace

void Planner::project(Chain& c, const ast::Projection& p, const ast::Expr* where) {
  SlotSet visible = c.bound, made;
  for (const auto& item : p.items) {
    if (!item.aggregates) prepare(item.value, c.bound);
    made.add(item.slot);
  }
  visible.add(made);
  for (const auto& a : p.aggregations) {
    prepare(a.call, c.bound);
    visible.add(a.slot);
  }
  for (const auto& item : p.items) {
    if (item.aggregates) prepare(item.value, visible);
  }
  for (const auto& k : p.order) prepare(k.value, visible);
  prepare(p.skip, {});
  prepare(p.limit, {});
  if (where) prepare(where, visible);

  std::vector<ProjectItem> now, later;
  SlotSet for_order;
  for (const auto& k : p.order) add_slots(*k.value, for_order);
  const bool plain = !p.aggregating && !p.distinct;
  for (const auto& item : p.items) {
    if (p.aggregating && !item.aggregates) continue;  // a grouping key, which Aggregate makes
    if (variable_slot(*item.value) == item.slot) continue;
    // What ORDER BY doesn't ask for is computed only for the rows that remain.
    const bool wait = plain && !p.order.empty() && !for_order.contains(item.slot);
    (wait ? later : now).push_back({item.value, item.slot});
  }

  if (p.aggregating && !count_from_store(c, p)) aggregate(c, p);
  const bool limit_first = plain && p.order.empty();
  if (limit_first) order_and_limit(c, p);
  if (p.distinct && !p.aggregating) distinct_early(c, now);
  if (!now.empty()) append(c, Project{std::move(now)}, c.rows);
  if (p.distinct) append(c, Distinct{made.list()}, std::max(1.0, c.rows * 0.7));
  if (!limit_first) order_and_limit(c, p);
  if (!later.empty()) append(c, Project{std::move(later)}, c.rows);
  if (where) append(c, Filter{{where}}, std::max(1.0, c.rows * 0.5));
  c.bound = made;
}

void Planner::aggregate(Chain& c, const ast::Projection& p) {
  Aggregate step;
  for (const auto& item : p.items) {
    if (!item.aggregates) step.keys.push_back({item.value, item.slot});
  }
  step.calls.assign(p.aggregations.begin(), p.aggregations.end());
  const double rows = step.keys.empty() ? 1 : std::max(1.0, std::pow(c.rows, 0.6));
  append(c, std::move(step), rows);
}

void Planner::order_and_limit(Chain& c, const ast::Projection& p) {
  const double skip = constant_or(p.skip, 0), limit = constant_or(p.limit, 100);
  if (!p.order.empty()) {
    std::vector<ast::SortKey> keys(p.order.begin(), p.order.end());
    if (p.limit) return append(c, TopK{std::move(keys), p.skip, p.limit}, std::min(c.rows, limit));
    append(c, Sort{std::move(keys)}, c.rows);
  }
  if (p.skip) append(c, Skip{p.skip}, std::max(0.0, c.rows - skip));
  if (p.limit) append(c, Limit{p.limit}, std::min(c.rows, limit));
}

bool Planner::count_from_store(Chain& c, const ast::Projection& p) {
  CountFromStore step;
  SlotSet countable;  // slots that are never null below
  const Node* n = c.node.get();
  const auto is_leaf = [](const Node& x) { return x.children.size() == 1 && std::holds_alternative<Once>(x.children[0]->step); };
  const auto plain_types = [&](const ast::LabelExpr* types) {
    return !types || plain_names(types, ast::LabelExpr::Form::or_, step.names);
  };
  if (const auto* all = std::get_if<AllNodesScan>(&n->step); all && is_leaf(*n)) {
    countable.add(all->node);
  } else if (const auto* label = std::get_if<LabelScan>(&n->step); label && is_leaf(*n)) {
    countable.add(label->node);
    step.names.push_back(label->label);
  } else if (const auto* scan = std::get_if<RelationshipScan>(&n->step);
             scan && is_leaf(*n) && scan->direction != ast::Direction::both && scan->distinct_from.empty()) {
    step.relationships = true;
    if (!plain_types(scan->types)) return false;
    countable.add(Slots{scan->rel, scan->from, scan->to});
  } else if (const auto* expand = std::get_if<Expand>(&n->step);
             expand && !expand->into && expand->direction != ast::Direction::both && expand->distinct_from.empty() &&
             std::holds_alternative<AllNodesScan>(n->children[0]->step) && is_leaf(*n->children[0])) {
    // Every relationship has one start and one end, so expanding all nodes finds each once.
    step.relationships = true;
    if (!plain_types(expand->types)) return false;
    countable.add(Slots{expand->rel, expand->from, expand->to});
  } else {
    return false;
  }
  for (const auto& item : p.items) {
    if (!item.aggregates) return false;
    SlotSet others = slots_of(*item.value);
    for (const auto& a : p.aggregations) others.remove(a.slot);
    if (!others.empty()) return false;
  }
  for (const auto& a : p.aggregations) {
    const auto* call = a.call->as<ast::Call>();
    if (!call && !a.call->as<ast::CountStar>()) return false;
    if (call && (call->distinct || !call->function || call->function->name != "count" || call->arguments.size() != 1 ||
                 !countable.contains(variable_slot(*call->arguments[0])))) {
      return false;
    }
    step.slots.push_back(a.slot);
  }
  c.node = nullptr;
  c.single = true;
  c.read = {};
  c.all.add(effects_of(step, subplan_effects_));
  c.node = make(std::move(step));
  c.rows = 1;
  return true;
}

void Planner::distinct_early(Chain& c, const std::vector<ProjectItem>& items) {
  SlotSet used;
  for (const auto& i : items) {
    if (!deterministic(*i.value)) return;
    add_slots(*i.value, used);
  }
  const Slots one = used.list();
  if (one.size() != 1 || !entities_.contains(one[0])) return;
  NodePtr* at = &c.node;
  for (;;) {
    const auto* filter = std::get_if<Filter>(&(*at)->step);
    const auto* labels = std::get_if<LabelFilter>(&(*at)->step);
    if (labels && labels->node != one[0]) return;
    if (filter) {
      SlotSet read;
      for (const auto* e : filter->predicates) {
        if (!deterministic(*e)) return;
        add_slots(*e, read);
      }
      if (!read.within(used)) return;
    }
    if (!filter && !labels) break;
    at = &(*at)->children[0];
  }
  if (!std::holds_alternative<Expand>((*at)->step) && !std::holds_alternative<VarLengthExpand>((*at)->step)) return;
  *at = make(Distinct{one}, std::move(*at), c.rows * 0.7);
}

}  // namespace packhouse::cypher::plan
