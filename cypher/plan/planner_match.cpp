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
    if (!r.variable_length) entities_.add(r.slot), relationships_.add(r.slot);
    note_unknown(UnknownName::Kind::type, r.types);
    for (const auto& p : r.properties) prepare(p.value, visible);
  }
  for (const auto& c : pattern.conditions) {
    const auto* l = c.expr->as<ast::LabelPredicate>();
    if (l && variable_slot(*l->object) != ast::no_slot) {
      note_unknown(relationships_.contains(variable_slot(*l->object)) ? UnknownName::Kind::type : UnknownName::Kind::label, l->labels);
    }
    prepare(c.expr, visible);
  }
  pattern.weigh();
}

void Planner::match(Chain& c, const ast::Match& m, ast::Span at) {
  const SlotSet before = c.bound;
  Pattern pattern(m.paths, m.where, before, arena_);
  prepare(pattern, before);
  warn_of_products(pattern, m, at);
  check_hints(m, pattern, at);
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
      if (rel.max == ~std::uint32_t{0}) {
        const auto node = [&](std::size_t n) { return "(" + std::string(pattern.nodes[n].name) + ")"; };
        warn({Warning::Kind::unbounded_length, rel.at.begin, {}, node(rel.left) + std::string(text_of(rel.at)) + node(rel.right)});
      }
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

void Planner::warn_of_products(const Pattern& pattern, const ast::Match& m, ast::Span at) {
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
  if (loose < 2) return;
  std::string parts;
  for (const ast::Path& p : m.paths) parts += (parts.empty() ? "" : ", ") + std::string(text_of(p.at));
  warn({Warning::Kind::cartesian_product, at.begin, std::string(pattern.nodes[last].name), std::move(parts)});
}

/// The planner takes the cheapest way whatever the hints say, but tells of hints that could not be followed.
void Planner::check_hints(const ast::Match& m, const Pattern& pattern, ast::Span at) {
  for (const ast::Hint& h : m.hints) {
    const std::string name(h.variable.name);
    const bool of_node = std::ranges::any_of(pattern.nodes, [&](const auto& n) { return n.slot == h.variable.slot; });
    if (h.form == ast::Hint::Form::join) {
      const bool bound = std::ranges::any_of(pattern.nodes, [&](const auto& n) { return n.slot == h.variable.slot && n.bound; });
      if (bound) warn({Warning::Kind::hinted_join_missing, at.begin, name});
    }
    if (h.form != ast::Hint::Form::index || has_index(h, of_node)) continue;
    const std::string label = "`" + name + "`:`" + std::string(h.label) + "`";
    std::string keys, plain;
    for (const std::string_view key : h.keys) {
      keys += (keys.empty() ? "`" : ", `") + name + "`.`" + std::string(key) + "`";
      plain += (plain.empty() ? "" : ", ") + std::string(key);
    }
    warn({Warning::Kind::hinted_index_missing, at.begin,
          "INDEX FOR " + (of_node ? "(" + label + ")" : "()-[" + label + "]-()") + " ON (" + keys + ")",
          "INDEX :" + std::string(h.label) + "(" + plain + ")"});
  }
}

bool Planner::has_index(const ast::Hint& h, bool of_node) const {
  const auto& store = statistics_.store();
  std::optional<std::uint32_t> token;
  if (of_node) {
    if (const auto id = store.find_label(h.label)) token = raw(*id);
  } else if (const auto id = store.find_type(h.label)) {
    token = raw(*id);
  }
  std::vector<KeyId> keys;
  for (const std::string_view key : h.keys) {
    if (const auto id = store.find_key(key)) keys.push_back(*id);
  }
  if (!token || keys.size() != h.keys.size()) return false;
  return std::ranges::any_of(statistics_.schema().indexes, [&](const storage::Index& i) {
    return (i.entity == storage::EntityType::node) == of_node && i.token == *token && std::ranges::equal(i.keys, keys);
  });
}

/// One a place and kind; and not endless lists of them.
void Planner::warn(Warning w) {
  constexpr std::size_t most = 100;
  const bool known = std::ranges::any_of(plan_.warnings, [&](const Warning& o) {
    return o.kind == w.kind && o.at == w.at && o.detail == w.detail;
  });
  if (!known && plan_.warnings.size() < most) plan_.warnings.push_back(std::move(w));
}

std::string_view Planner::text_of(ast::Span at) const {
  const std::string_view text = statement_.text;
  if (at.begin >= text.size() || at.end <= at.begin) return {};
  std::string_view part = text.substr(at.begin, at.end - at.begin);
  while (!part.empty() && (part.back() == ' ' || part.back() == '\n' || part.back() == '\t')) part.remove_suffix(1);
  return part;
}

}  // namespace packhouse::cypher::plan
