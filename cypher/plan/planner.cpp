#include "cypher/plan/planner.hpp"

#include <algorithm>

#include "cypher/plan/expressions.hpp"
#include "cypher/plan/liveness.hpp"
#include "cypher/plan/planner_impl.hpp"

namespace packhouse::cypher::plan {
namespace {

template <class T>
bool is(const Step& s) {
  return std::holds_alternative<T>(s);
}

/// Steps after which everything below has run to its end.
bool drains(const Step& s) {
  return is<Sort>(s) || is<TopK>(s) || is<Aggregate>(s) || is<Eager>(s) || is<TransactionApply>(s);
}

/// May one row become several?
bool multiplies(const Step& s) {
  if (const auto* seek = std::get_if<IndexSeek>(&s)) return !(seek->unique && !seek->any_of && seek->equal.size() == seek->keys.size());
  if (const auto* by_id = std::get_if<NodeById>(&s)) return by_id->many;
  if (const auto* path = std::get_if<ShortestPath>(&s)) return path->all;
  return is<AllNodesScan>(s) || is<LabelScan>(s) || is<RelationshipById>(s) || is<RelationshipScan>(s) || is<Expand>(s) ||
         is<VarLengthExpand>(s) || is<Endpoints>(s) || is<Unwind>(s) || is<LoadCsv>(s) || is<Union>(s) || is<Apply>(s) || is<OptionalApply>(s) ||
         is<HashJoin>(s) || is<TransactionApply>(s) || is<ProcedureCall>(s) || is<Merge>(s);
}

/// Does a scan with this step open one cursor, which shows the graph as it was then? Not so a seek of several values, which
/// opens the next one later, nor a scan of relationships: it looks up their ends, which may be deleted by then.
bool opened_once(const Step& s) {
  const auto* seek = std::get_if<IndexSeek>(&s);
  return is<AllNodesScan>(s) || is<LabelScan>(s) || (seek && !seek->any_of);
}

std::uint32_t number(Node& n, std::uint32_t next) {
  n.id = next++;
  for (auto& child : n.children) next = number(*child, next);
  return next;
}

}  // namespace

Chain Planner::begin(bool nested, const SlotSet& visible) {
  Chain c;
  c.node = nested ? make(Argument{}) : make(Once{});
  c.bound = visible;
  return c;
}

void Planner::barrier(Chain& c) {
  c.node = make(Eager{}, std::move(c.node), c.rows);
  c.read = c.written = {};
  c.dirty = false;
}

void Planner::append(Chain& c, Step step, double rows) { append(c, std::move(step), rows, nullptr, {}); }

void Planner::append(Chain& c, Step step, double rows, NodePtr inner, const Effects& inner_effects) {
  Effects e = effects_of(step, subplan_effects_);
  e.add(inner_effects);
  if (const auto* seek = std::get_if<IndexSeek>(&step)) plan_.indexes.push_back(seek->index);
  // What the rows of such a scan lead to can't disturb it.
  const bool stable = opened_once(step) && is<Once>(c.node->step);
  c.all.add(e);
  if (!c.single && !is<TransactionApply>(step) && (disturbs(e, c.read) || disturbs(c.written, e) || collide(e, c.written))) barrier(c);
  // LIMIT cuts rows, not updates: everything below runs to its end even if no row is wanted.
  if (auto* limit = std::get_if<Limit>(&step)) limit->updates_below = c.all.writes();
  if (auto* top = std::get_if<TopK>(&step)) top->updates_below = c.all.writes();
  if ((is<Limit>(step) || is<TopK>(step)) && c.dirty) barrier(c);
  if (multiplies(step)) c.single = false;
  if (const auto* a = std::get_if<Aggregate>(&step); a && a->keys.empty()) c.single = true;
  c.dirty = c.dirty || e.writes();
  if (drains(step)) {
    c.read = c.written = {};
    c.dirty = false;
  } else if (!c.single && !stable) {
    c.read.add(e);
    if (e.writes()) c.written.add(e);
  }
  c.rows = rows;
  c.node = make(std::move(step), std::move(c.node), rows);
  if (inner) c.node->children.push_back(std::move(inner));
}

NodePtr Planner::query(ast::Query& q, const SlotSet& visible, bool nested, Effects& effects, double& rows) {
  std::vector<NodePtr> parts;
  Union all;
  rows = 0;
  for (auto& part : q.parts) {
    Chain c = begin(nested, visible);
    for (auto& cl : part.clauses) clause(c, cl);
    effects.add(c.all);
    rows += c.rows;
    if (q.parts.size() == 1) return std::move(c.node);
    Slots from, to;
    const auto* last = part.clauses.empty() ? nullptr : std::get_if<ast::Return>(&part.clauses.back().node);
    for (std::size_t i = 0; i < q.columns.size() && last; ++i) {
      for (const auto& item : last->body.items) {
        if (item.name != q.columns[i]) continue;
        from.push_back(item.slot);
        to.push_back(q.union_slots[i]);
        break;
      }
    }
    all.from_to.emplace_back(std::move(from), std::move(to));
    parts.push_back(std::move(c.node));
  }
  Slots columns(q.union_slots.begin(), q.union_slots.end());
  NodePtr node = make(std::move(all), nullptr, rows);
  // The parts of a UNION run one after the other, and each to its end.
  for (auto& p : parts) node->children.push_back(std::move(p));
  if (!q.union_all && !columns.empty()) node = make(Distinct{std::move(columns)}, std::move(node), rows);
  return node;
}

void Planner::clause(Chain& c, ast::Clause& clause) {
  std::visit(overloaded{
                 [&](ast::Match& x) { match(c, x, clause.at); },
                 [&](ast::Unwind& x) {
                   prepare(x.list, c.bound);
                   append(c, Unwind{x.list, x.variable.slot}, c.rows * 10);
                   c.bound.add(x.variable.slot);
                 },
                 [&](ast::With& x) { project(c, x.body, x.where); },
                 [&](ast::Return& x) { project(c, x.body, nullptr); },
                 [&](ast::Create& x) { create(c, x); },
                 [&](ast::Merge& x) { merge(c, x); },
                 [&](ast::Set& x) {
                   SetItems step;
                   set_items(c, x.items, c.bound, step.items);
                   append(c, std::move(step), c.rows);
                 },
                 [&](ast::Remove& x) {
                   RemoveItems step;
                   for (auto& item : x.items) {
                     prepare(item.target, c.bound);
                     for (const auto* l : item.labels) prepare(l, c.bound);
                     step.items.push_back(&item);
                   }
                   append(c, std::move(step), c.rows);
                 },
                 [&](ast::Delete& x) {
                   Delete step{{}, x.detach};
                   for (const auto* e : x.items) {
                     prepare(e, c.bound);
                     step.items.push_back(e);
                   }
                   append(c, std::move(step), c.rows);
                 },
                 [&](ast::Foreach& x) { foreach(c, x); },
                 [&](ast::CallProcedure& x) { call_procedure(c, x); },
                 [&](ast::CallSubquery& x) { call_subquery(c, x, clause.at); },
                 [&](ast::LoadCsv& x) {
                   prepare(x.url, c.bound);
                   append(c, LoadCsv{x.url, x.variable.slot, x.headers, x.field_terminator.empty() ? ',' : x.field_terminator[0]},
                          c.rows * 100);
                   c.bound.add(x.variable.slot);
                 },
                 [](ast::Finish&) {},
             },
             clause.node);
}

void Planner::run() {
  auto* q = std::get_if<ast::Query*>(&statement_.body);
  if (!q) throw QueryError(Status::internal, "only queries are planned");
  Effects effects;
  double rows = 1;
  NodePtr root = query(**q, {}, false, effects, rows);
  SlotSet needed;
  Result result;
  for (std::size_t i = 0; i < statement_.columns.size(); ++i) {
    result.columns.emplace_back(statement_.columns[i], statement_.column_slots.at(i));
  }
  root = make(std::move(result), std::move(root), rows);
  annotate(*root, needed, {});
  plan_.nodes = number(*root, 0);
  plan_.slots = statement_.slots.size();
  plan_.writes = statement_.writes || effects.writes();
  root->slot_count = plan_.slots;
  root->statement_writes = plan_.writes;
  for (auto& sub : plan_.subplans) {
    sub->slot_count = plan_.slots;
    sub->statement_writes = plan_.writes;
  }
  plan_.root = std::move(root);
}

Plan make_plan(ast::Statement& statement, storage::Transaction& tx) {
  Plan plan;
  Planner(statement, tx, plan).run();
  return plan;
}

}  // namespace packhouse::cypher::plan
