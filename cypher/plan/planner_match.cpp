#include <algorithm>
#include <numeric>

#include "cypher/plan/expressions.hpp"
#include "cypher/plan/planner_impl.hpp"

namespace packhouse::cypher::plan {

void Planner::prepare(Pattern& pattern, const SlotSet& bound) {
  SlotSet visible = bound;
  visible.add(pattern.introduced);
  for (const auto& n : pattern.nodes) entities_.add(n.slot);
  for (const auto& r : pattern.relationships) {
    if (!r.variable_length) entities_.add(r.slot);
    note_unknown(UnknownName::Kind::type, r.types);
    for (const auto& p : r.properties) prepare(p.value, visible);
  }
  for (const auto& c : pattern.conditions) {
    const auto* l = c.expr->as<ast::LabelPredicate>();
    if (l && variable_slot(*l->object) != ast::no_slot) {
      const bool of_node = std::any_of(pattern.nodes.begin(), pattern.nodes.end(),
                                       [&](const auto& n) { return n.slot == variable_slot(*l->object); });
      note_unknown(of_node ? UnknownName::Kind::label : UnknownName::Kind::type, l->labels);
    }
    prepare(c.expr, visible);
  }
  pattern.weigh();
}

void Planner::match(Chain& c, const ast::Match& m, ast::Span at) {
  const SlotSet before = c.bound;
  Pattern pattern(m.paths, m.where, before, arena_);
  prepare(pattern, before);
  warn_of_products(pattern, at);
  if (!m.optional) return solve(c, pattern);
  Chain inner = begin(true, before);
  inner.rows = 1;
  solve(inner, pattern);
  const double rows = c.rows * std::max(1.0, inner.rows);
  append(c, OptionalApply{pattern.introduced.list()}, rows, std::move(inner.node), inner.all);
  c.bound.add(pattern.introduced);
}

void Planner::solve(Chain& c, Pattern& pattern) {
  std::vector<bool> done(pattern.conditions.size());
  std::vector<std::size_t> solved;
  for (std::size_t i = 0; i < pattern.relationships.size(); ++i) {
    if (pattern.relationships[i].bound) solved.push_back(i);
  }
  for (const auto& n : pattern.nodes) {
    if (n.bound && !n.in_relationship) append(c, NotNull{n.slot}, c.rows);
  }
  const auto actions = order_pattern(pattern, c.bound, c.rows, statistics_);
  conditions(c, pattern, done, c.rows);
  for (const Action& a : actions) emit(c, pattern, a, done, solved);
  for (const auto& p : pattern.paths) {
    append(c, p.step, c.rows);
    c.bound.add(p.step.path);
  }
  conditions(c, pattern, done, c.rows);
}

void Planner::conditions(Chain& c, const Pattern& pattern, std::vector<bool>& done, double rows) {
  std::vector<std::pair<Slot, std::vector<std::string_view>>> labels;
  Filter cheap, nested;
  for (std::size_t i = 0; i < pattern.conditions.size(); ++i) {
    const auto& condition = pattern.conditions[i];
    if (done[i] || !condition.needs.within(c.bound)) continue;
    done[i] = true;
    if (condition.label_of == ast::no_slot) {
      const auto has_subplan = [](const auto& self, const ast::Expr& e) -> bool {
        bool found = inner_plan(e) != nullptr;
        for_each_operand(e, [&](const ast::Expr& x) { found = found || self(self, x); });
        return found;
      };
      (has_subplan(has_subplan, *condition.expr) ? nested : cheap).predicates.push_back(condition.expr);
      continue;
    }
    auto found = std::find_if(labels.begin(), labels.end(), [&](const auto& l) { return l.first == condition.label_of; });
    if (found == labels.end()) found = labels.insert(labels.end(), {condition.label_of, {}});
    if (std::find(found->second.begin(), found->second.end(), condition.label) == found->second.end()) {
      found->second.push_back(condition.label);
    }
  }
  for (auto& [slot, names] : labels) append(c, LabelFilter{slot, std::move(names)}, rows);
  for (const ast::Expr* e : nested.predicates) cheap.predicates.push_back(e);
  if (!cheap.predicates.empty()) append(c, std::move(cheap), rows);
}

void Planner::emit(Chain& c, const Pattern& pattern, const Action& a, std::vector<bool>& done, std::vector<std::size_t>& solved) {
  for (const auto i : a.access.settles) done[i] = true;
  const auto make_bound = [&](Slot s) { c.bound.add(s); };
  if (a.kind == Action::Kind::find) {
    append(c, a.access.step, a.rows);
    make_bound(pattern.nodes[a.number].slot);
    return conditions(c, pattern, done, a.rows);
  }
  if (a.kind == Action::Kind::join) {
    done[a.join_condition] = true;
    Chain inner;
    const Node* leaf = c.node.get();
    while (!leaf->children.empty()) leaf = leaf->children[0].get();
    inner.node = std::holds_alternative<Argument>(leaf->step) ? make(Argument{}) : make(Once{});
    inner.bound = c.bound;
    for (const Slot s : pattern.introduced.list()) inner.bound.remove(s);
    append(inner, a.access.step, a.access.rows);
    inner.bound.add(pattern.nodes[a.number].slot);
    conditions(inner, pattern, done, a.access.rows);
    const auto* b = pattern.conditions[a.join_condition].expr->as<ast::Binary>();
    append(c, HashJoin{a.from_left ? b->right : b->left, a.from_left ? b->left : b->right}, a.rows, std::move(inner.node), inner.all);
    make_bound(pattern.nodes[a.number].slot);
    return conditions(c, pattern, done, a.rows);
  }

  const auto& rel = pattern.relationships[a.number];
  const Slot left = pattern.nodes[rel.left].slot, right = pattern.nodes[rel.right].slot;
  Slots distinct;
  for (const auto i : solved) {
    const auto& other = pattern.relationships[i];
    if (i != a.number && other.kind == ast::PathKind::walk && Pattern::may_coincide(rel, other)) distinct.push_back(other.slot);
  }
  const Slot from = a.from_left ? left : right, to = a.from_left ? right : left;
  const auto turned = rel.direction == ast::Direction::both ? rel.direction
                      : rel.direction == ast::Direction::out ? ast::Direction::in
                                                             : ast::Direction::out;
  const auto direction = a.from_left ? rel.direction : turned;
  switch (a.kind) {
    case Action::Kind::expand:
    case Action::Kind::into: {
      const bool into = a.kind == Action::Kind::into;
      if (rel.variable_length) {
        append(c, VarLengthExpand{from, rel.slot, to, direction, rel.types, rel.min, rel.max, into, !a.from_left, rel.properties, distinct}, a.rows);
      } else {
        append(c, Expand{from, rel.slot, to, direction, rel.types, into, distinct}, a.rows);
      }
      break;
    }
    case Action::Kind::endpoints:
      append(c, Endpoints{rel.slot, left, right, rel.direction, rel.types, rel.variable_length, c.bound.contains(left),
                          c.bound.contains(right), rel.min, rel.max, distinct}, a.rows);
      break;
    case Action::Kind::scan: {
      Step step = a.access.step;
      if (auto* scan = std::get_if<RelationshipScan>(&step)) scan->distinct_from = distinct;
      append(c, std::move(step), a.rows);
      break;
    }
    case Action::Kind::shortest:
      if (rel.max == ~std::uint32_t{0}) plan_.warnings.push_back({Warning::Kind::unbounded_length, rel.at.begin, {}});
      append(c, ShortestPath{left, right, rel.slot, rel.direction, rel.types, rel.min, rel.max, rel.kind == ast::PathKind::all_shortest, rel.properties},
             a.rows);
      break;
    case Action::Kind::find:
    case Action::Kind::join: break;
  }
  solved.push_back(a.number);
  make_bound(rel.slot);
  make_bound(left);
  make_bound(right);
  conditions(c, pattern, done, a.rows);
}

void Planner::warn_of_products(const Pattern& pattern, ast::Span at) {
  // Parts of the pattern that hang together, by their lowest node.
  std::vector<std::size_t> part(pattern.nodes.size());
  std::iota(part.begin(), part.end(), std::size_t{0});
  const auto root = [&](std::size_t i) {
    while (part[i] != i) i = part[i];
    return i;
  };
  for (const auto& r : pattern.relationships) {
    const auto a = root(r.left), b = root(r.right);
    part[std::max(a, b)] = std::min(a, b);
  }
  std::vector<bool> anchored(pattern.nodes.size());
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (pattern.nodes[i].bound) anchored[root(i)] = true;
  }
  std::size_t loose = 0, last = 0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (root(i) == i && !anchored[i]) ++loose, last = i;
  }
  if (loose > 1) plan_.warnings.push_back({Warning::Kind::cartesian_product, at.begin, std::string(pattern.nodes[last].name)});
}

}  // namespace packhouse::cypher::plan
