#include <algorithm>

#include "cypher/plan/expressions.hpp"
#include "cypher/plan/planner_impl.hpp"
#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher::plan {

namespace {

/// "a, b" of CALL { WITH a, b … }.
std::string imported(const ast::CallSubquery& c) {
  const auto* with = std::get_if<ast::With>(&c.query->parts[0].clauses[0].node);
  std::string names;
  if (with == nullptr) return names;
  if (with->body.star) return "*";
  for (const ast::ProjectionItem& i : with->body.items) {
    if (variable_slot(*i.value) == ast::no_slot) return {};  // not an import
    names += (names.empty() ? "" : ", ") + std::string(i.name);
  }
  return names;
}

}  // namespace

BuildPath path_step(const ast::Path& path) {
  BuildPath step{path.variable.slot, path.start.variable.slot, {}};
  for (const auto& s : path.steps) step.parts.push_back({s.rel.variable.slot, false, s.node.variable.slot});
  return step;
}

void Planner::add_path(const ast::Path& path, const SlotSet& bound, Create& to, SlotSet& made) {
  const auto node = [&](const ast::NodePattern& n) {
    const Slot slot = n.variable.slot;
    if (bound.contains(slot) || made.contains(slot)) return;
    prepare(n.properties, bound);
    prepare(n.labels, bound);
    to.nodes.push_back({slot, n.labels, n.properties});
    made.add(slot);
    entities_.add(slot);
  };
  node(path.start);
  Slot left = path.start.variable.slot;
  for (const auto& s : path.steps) {
    node(s.node);
    const Slot right = s.node.variable.slot, slot = s.rel.variable.slot;
    prepare(s.rel.properties, bound);
    prepare(s.rel.types, bound);
    const bool backwards = s.rel.direction == ast::Direction::in;
    to.relationships.push_back({slot, backwards ? right : left, backwards ? left : right, s.rel.types, s.rel.properties});
    made.add(slot);
    entities_.add(slot);
    relationships_.add(slot);
    left = right;
  }
}

void Planner::create(Chain& c, const ast::Create& clause) {
  Create step;
  SlotSet made, visible = c.bound;
  for (const auto& path : clause.paths) {
    // Properties of a later path may mention what an earlier one created.
    add_path(path, visible, step, made);
  }
  append(c, std::move(step), c.rows);
  c.bound.add(made);
  for (const auto& path : clause.paths) {
    if (path.variable.slot == ast::no_slot) continue;
    append(c, path_step(path), c.rows);
    c.bound.add(path.variable.slot);
  }
}

void Planner::set_items(Chain&, ast::Seq<ast::SetItem> items, const SlotSet& visible, std::vector<const ast::SetItem*>& out) {
  for (auto& item : items) {
    const std::size_t unknown = plan_.unknown.size();
    prepare(item.target, visible);
    for (const auto* l : item.labels) prepare(l, visible);
    plan_.unknown.resize(unknown);  // SET makes the keys and labels it names
    prepare(item.value, visible);
    out.push_back(&item);
  }
}

void Planner::merge(Chain& c, const ast::Merge& clause) {
  const SlotSet before = c.bound;
  Pattern pattern({const_cast<ast::Path*>(&clause.path), 1}, nullptr, before, arena_);
  // The path is put together above, from what was found or created.
  pattern.paths.clear();
  pattern.introduced.remove(clause.path.variable.slot);
  const std::size_t unknown = plan_.unknown.size();
  prepare(pattern, before);
  plan_.unknown.resize(unknown);  // MERGE may create what it names
  Chain inner = begin(true, before);
  solve(inner, pattern);
  // What the pattern binds was in inner.bound; it is bound here from now on.
  Merge step;
  SlotSet made;
  add_path(clause.path, before, step.create, made);
  c.bound.add(made);
  set_items(c, clause.on_create, c.bound, step.on_create);
  set_items(c, clause.on_match, c.bound, step.on_match);
  append(c, std::move(step), c.rows, std::move(inner.node), inner.all);
  if (clause.path.variable.slot == ast::no_slot) return;
  append(c, path_step(clause.path), c.rows);
  c.bound.add(clause.path.variable.slot);
}

void Planner::foreach(Chain& c, const ast::Foreach& clause) {
  prepare(clause.list, c.bound);
  SlotSet inside = c.bound;
  inside.add(clause.variable.slot);
  Chain inner = begin(true, inside);
  for (auto& u : clause.updates) this->clause(inner, u);
  append(c, Foreach{clause.list, clause.variable.slot}, c.rows, std::move(inner.node), inner.all);
}

void Planner::call_procedure(Chain& c, const ast::CallProcedure& clause) {
  ProcedureCall step{clause.procedure, {}, {}, clause.optional};
  for (const auto* e : clause.arguments) {
    prepare(e, c.bound);
    step.arguments.push_back(e);
  }
  const auto& columns = clause.procedure->columns;
  for (const auto& y : clause.yields) {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& x) { return x.name == y.column; });
    if (found == columns.end()) throw QueryError(Status::internal, "the procedure has no column " + std::string(y.column));
    step.yields.emplace_back(static_cast<std::uint32_t>(found - columns.begin()), y.variable.slot);
    c.bound.add(y.variable.slot);
  }
  append(c, std::move(step), columns.empty() ? c.rows : c.rows * 10);
  if (!clause.where) return;
  prepare(clause.where, c.bound);
  append(c, Filter{{clause.where}}, c.rows * 0.5);
}

namespace {

/// What the rows of a subquery bring along.
SlotSet returned(const ast::Query& query) {
  SlotSet made;
  if (query.columns.empty()) return made;
  if (query.parts.size() > 1) {
    made.add(Slots(query.union_slots.begin(), query.union_slots.end()));
  } else {
    const auto* last = std::get_if<ast::Return>(&query.parts[0].clauses.back().node);
    for (const auto& item : last->body.items) made.add(item.slot);
  }
  return made;
}

Step subquery_step(const ast::CallSubquery& clause, const SlotSet& made) {
  const bool returns = !clause.query->columns.empty();
  if (const auto* t = clause.in_transactions) {
    return TransactionApply{t->rows, t->on_error, t->status.slot, returns, clause.optional};
  }
  if (!returns) return UnitSubquery{};
  if (clause.optional) return OptionalApply{made.list()};
  return Apply{};
}

}  // namespace

void Planner::call_subquery(Chain& c, const ast::CallSubquery& clause, ast::Span at) {
  if (!clause.scoped) warn({Warning::Kind::deprecated_subquery, at.begin, imported(clause)});
  Effects effects;
  double rows = 1;
  NodePtr inner = query(*clause.query, c.bound, true, effects, rows);
  SlotSet made = returned(*clause.query);
  rows = clause.query->columns.empty() ? c.rows : c.rows * std::max(rows, 1.0);
  if (const auto* t = clause.in_transactions) {
    if (t->rows) prepare(t->rows, c.bound);
    if (t->status.slot != ast::no_slot) made.add(t->status.slot);
  }
  append(c, subquery_step(clause, made), rows, std::move(inner), effects);
  c.bound.add(made);
}

}  // namespace packhouse::cypher::plan
