#include <algorithm>

#include "cypher/semantic/analyser.hpp"

// Queries: their parts, the order of clauses, UNION.

namespace packhouse::cypher::semantic {

using namespace ast;

namespace {

std::string_view name_of(const Clause& c) {
  return std::visit(
      overloaded{
          [](const Match& m) { return m.optional ? std::string_view("OPTIONAL MATCH") : std::string_view("MATCH"); },
          [](const Unwind&) { return std::string_view("UNWIND"); },
          [](const With&) { return std::string_view("WITH"); },
          [](const Return&) { return std::string_view("RETURN"); },
          [](const Create&) { return std::string_view("CREATE"); },
          [](const Merge&) { return std::string_view("MERGE"); },
          [](const Set&) { return std::string_view("SET"); },
          [](const Remove&) { return std::string_view("REMOVE"); },
          [](const Delete&) { return std::string_view("DELETE"); },
          [](const Foreach&) { return std::string_view("FOREACH"); },
          [](const CallProcedure&) { return std::string_view("CALL"); },
          [](const CallSubquery&) { return std::string_view("CALL"); },
          [](const LoadCsv&) { return std::string_view("LOAD CSV"); },
          [](const Finish&) { return std::string_view("FINISH"); },
      },
      c.node);
}

template <class... T>
bool is_one_of(const Clause& c) {
  return (std::holds_alternative<T>(c.node) || ...);
}

std::string_view name_of(QueryKind k) {
  return k == QueryKind::exists ? "Exists" : k == QueryKind::count ? "Count" : "Collect";
}

}  // namespace

bool is_update(const Clause& c) { return is_one_of<Create, Merge, Set, Remove, Delete, Foreach>(c); }

Columns Analyser::query(Query& q, QueryKind kind, const Scope* outer, const Scope* importable) {
  const Restore inner_query(query_, &q);
  std::vector<Columns> parts;
  parts.reserve(q.parts.size());
  for (SingleQuery& p : q.parts) parts.push_back(part(p, kind, outer, importable));
  if (parts.size() > 1) unite(q, parts);
  const Columns& columns = parts[0];
  auto names = arena_.array<std::string_view>(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) names[i] = columns[i].name;
  q.columns = names;
  if (inner_query.saved != nullptr && q.writes) inner_query.saved->writes = true;
  return columns;
}

Columns Analyser::part(SingleQuery& p, QueryKind kind, const Scope* outer, const Scope* importable) {
  check_order(p, kind);
  check_end(p, kind);
  Scope own(outer);
  const Restore inner_scope(scope_, &own);
  Columns result;
  std::size_t first = 0;
  if (importable != nullptr && is_import(p.clauses[0], *importable)) {
    // The importing WITH sees the outer variables, all else sees only what it takes.
    Scope visible;
    for (const Scope* s = importable; s != nullptr; s = s->outer()) {
      for (auto it = s->own().rbegin(); it != s->own().rend(); ++it) {
        if (visible.find_own(it->name) == nullptr) visible.add(*it);
      }
    }
    const Restore all(scope_, &visible);
    auto& with = std::get<With>(p.clauses[0].node);
    for (const Column& c : projection(with.body, nullptr, false, true)) own.add({c.name, c.slot, c.type});
    first = 1;
  }
  for (std::size_t i = first; i < p.clauses.size(); ++i) clause(p.clauses[i], kind, result);
  return result;
}

/// WITH a, b (or *) in front of a CALL { } brings outer variables in; nothing else may be in it.
bool Analyser::is_import(const Clause& c, const Scope& importable) const {
  const auto* with = std::get_if<With>(&c.node);
  if (with == nullptr) return false;
  const Projection& p = with->body;
  bool outside = p.star;
  bool simple = !p.distinct && p.order.empty() && p.skip == nullptr && p.limit == nullptr && with->where == nullptr;
  for (const ProjectionItem& i : p.items) {
    const auto* v = i.value->as<Variable>();
    const bool known = v != nullptr && importable.find(v->name) != nullptr;
    outside = outside || known;
    simple = simple && v != nullptr && (!i.aliased || i.name == v->name);
  }
  if (!outside) return false;
  if (!simple && !p.star) {
    fail(c.at.begin,
         "Importing WITH should consist only of simple references to outside variables. WHERE, ORDER BY, SKIP, LIMIT, "
         "DISTINCT, expressions and aliases are not allowed",
         gql::clause_order);
  }
  return simple;
}

void Analyser::check_order(const SingleQuery& p, QueryKind kind) {
  for (std::size_t i = 0; i < p.clauses.size(); ++i) {
    const Clause& c = p.clauses[i];
    const bool in_expression = kind == QueryKind::exists || kind == QueryKind::count || kind == QueryKind::collect;
    if (in_expression && is_update(c)) {
      fail(c.at.begin,
           (kind == QueryKind::exists ? "An " : "A ") + std::string(name_of(kind)) +
               " Expression cannot contain any updates",
           gql::clause_order);
    }
    if (i + 1 == p.clauses.size()) break;
    const Clause& next = p.clauses[i + 1];
    if (is_one_of<Return, Finish>(c))
      fail(c.at.begin, std::string(name_of(c)) + " can only be used at the end of the query", gql::clause_order);
    if (is_update(c) && !is_update(next) && !is_one_of<With, Return, Finish>(next)) {
      fail(next.at.begin, "WITH is required between " + std::string(name_of(c)) + " and " + std::string(name_of(next)),
           gql::clause_order);
    }
  }
}

void Analyser::check_end(const SingleQuery& p, QueryKind kind) {
  const Clause& last = p.clauses.back();
  if (is_one_of<Return, Finish>(last)) return;
  if (kind == QueryKind::exists || kind == QueryKind::count) return;
  if (kind == QueryKind::collect)
    fail(p.clauses[0].at.begin, "A Collect Expression must end with a single return column", gql::clause_order);
  if (is_update(last)) return;
  if (const auto* c = std::get_if<CallProcedure>(&last.node)) {
    if (c->standalone || !c->has_yield) return;  // that it is void is checked where its columns are known
  }
  if (const auto* c = std::get_if<CallSubquery>(&last.node)) {
    const auto& inner = c->query->parts[0].clauses;
    if (!std::holds_alternative<Return>(inner.back().node)) return;
  }
  fail(last.at.begin,
       "Query cannot conclude with " + std::string(name_of(last)) +
           " (must be a RETURN clause, a FINISH clause, an update clause, a unit subquery call, or a procedure call "
           "with no YIELD)",
       gql::clause_order);
}

/// All parts must have the same columns; later parts take the order of the first.
void Analyser::unite(Query& q, std::vector<Columns>& parts) {
  Columns& first = parts[0];
  for (std::size_t n = 1; n < parts.size(); ++n) {
    bool same = parts[n].size() == first.size();
    Columns sorted;
    auto* last = std::get_if<Return>(&q.parts[n].clauses.back().node);
    auto order = arena_.array<ProjectionItem>(last != nullptr ? first.size() : 0);
    for (std::size_t i = 0; same && i < first.size(); ++i) {
      const auto it = std::ranges::find(parts[n], first[i].name, &Column::name);
      same = it != parts[n].end();
      if (!same) break;
      sorted.push_back(*it);
      if (last != nullptr) order[i] = last->body.items[static_cast<std::size_t>(it - parts[n].begin())];
    }
    if (!same) {
      fail(q.parts[n].clauses[0].at.begin, "All sub queries in an UNION must have the same return column names",
           gql::union_columns);
    }
    if (last != nullptr) last->body.items = order;
    parts[n] = std::move(sorted);
  }
  auto slots = arena_.array<Slot>(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    for (std::size_t n = 1; n < parts.size(); ++n) first[i].type = join(first[i].type, parts[n][i].type);
    first[i].slot = slots[i] = new_slot(first[i].name);
  }
  q.union_slots = slots;
}

void Analyser::clause(Clause& c, QueryKind kind, Columns& result) {
  const auto replace_scope = [&](Scope next) { *scope_ = std::move(next); };
  if (is_update(c)) writes();
  std::visit(overloaded{
                 [&](Match& m) { match(m); },
                 [&](Unwind& u) { unwind(u, c.at); },
                 [&](With& w) {
                   const Columns columns = projection(w.body, w.where, false, false);
                   Scope next(scope().outer());
                   for (const Column& x : columns) next.add({x.name, x.slot, x.type});
                   replace_scope(std::move(next));
                 },
                 [&](Return& r) { result = projection(r.body, nullptr, true, false); },
                 [&](Create& x) { paths(x.paths, PatternUse::create); },
                 [&](Merge& m) {
                   paths({&m.path, 1}, PatternUse::merge);
                   for (SetItem& i : m.on_create) set_item(i);
                   for (SetItem& i : m.on_match) set_item(i);
                 },
                 [&](Set& s) {
                   for (SetItem& i : s.items) set_item(i);
                 },
                 [&](Remove& r) {
                   for (RemoveItem& i : r.items) remove_item(i);
                 },
                 [&](Delete& d) { delete_items(d); },
                 [&](Foreach& f) { foreach_clause(f, c.at); },
                 [&](CallProcedure& x) { call_procedure(x, c.at, result); },
                 [&](CallSubquery& x) { call_subquery(x, c.at, kind); },
                 [&](LoadCsv& l) { load_csv(l, c.at); },
                 [](Finish&) {},
             },
             c.node);
}

}  // namespace packhouse::cypher::semantic
