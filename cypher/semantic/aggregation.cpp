#include <algorithm>

#include "cypher/semantic/analyser.hpp"
#include "cypher/syntax/print.hpp"
#include "cypher/syntax/walk.hpp"

// Taking aggregating calls out of expressions, and what may stand beside them.

namespace packhouse::cypher::semantic {

using namespace ast;

void Analyser::put_variable(Expr* e, std::string_view name, Slot slot) {
  e->node = Variable{name, slot};
}

/// Is there an aggregating call anywhere in it?
bool Analyser::aggregates(const Expr& root) const {
  std::vector<const Expr*> todo{&root};
  while (!todo.empty()) {
    const Expr* e = todo.back();
    todo.pop_back();
    if (e->as<CountStar>() != nullptr) return true;
    if (const auto* c = e->as<Call>()) {
      const Function* f = c->function != nullptr ? c->function : context_.functions.find(c->name);
      if (f != nullptr && f->aggregating()) return true;
    }
    for_each_operand(*e, [&](Expr* x) { todo.push_back(x); });
  }
  return false;
}

namespace {

const Aggregation* find_call(const Expr& e, const std::vector<Aggregation>& calls, std::string_view text) {
  if (e.as<CountStar>() == nullptr && e.as<Call>() == nullptr) return nullptr;
  const auto it = std::ranges::find_if(calls, [&](const Aggregation& a) { return same_expression(e, *a.call, text); });
  return it == calls.end() ? nullptr : &*it;
}

bool is_simple(const Expr* e) {
  while (const auto* p = e->as<Property>()) e = p->object;
  return e->as<Variable>() != nullptr;
}

/// Does a variable of one of these names occur in it?
bool mentions(const Expr& root, const std::vector<std::string_view>& names) {
  if (names.empty()) return false;
  std::vector<const Expr*> todo{&root};
  while (!todo.empty()) {
    const Expr* e = todo.back();
    todo.pop_back();
    const auto* v = e->as<Variable>();
    if (v != nullptr && std::ranges::find(names, v->name) != names.end()) return true;
    for_each_operand(*e, [&](Expr* x) { todo.push_back(x); });
  }
  return false;
}

}  // namespace

/// Leaves variables in place of the item's aggregating calls and of the grouping keys beside them.
void Analyser::take_out(ProjectionItem& item, const Projection& p, const std::vector<Aggregation>& calls,
                        const Scope& old) {
  // The call list keeps its own copies: what the item's expression holds is overwritten.
  check_grouping(item.value, p, calls, old, false);
  std::vector<Expr*> todo{item.value};
  while (!todo.empty()) {
    Expr* e = todo.back();
    todo.pop_back();
    if (const Aggregation* a = find_call(*e, calls, text_)) {
      const std::string_view name = statement_.slots[a->slot];
      put_variable(e, name, a->slot);
      continue;
    }
    for_each_operand(*e, [&](Expr* x) { todo.push_back(x); });
  }
}

bool Analyser::replace_grouping_key(Expr* e, const Projection& p) const {
  for (const ProjectionItem& i : p.items) {
    if (i.aggregates || !is_simple(i.value) || !same_expression(*e, *i.value, text_)) continue;
    e->node = Variable{i.name, i.slot};
    return true;
  }
  return false;
}

/// Beside an aggregating call only constants and grouping keys (variables or their properties) may stand.
void Analyser::check_grouping(Expr* root, const Projection& p, const std::vector<Aggregation>& calls, const Scope& old,
                              bool sorting) {
  std::vector<Expr*> todo{root};
  while (!todo.empty()) {
    Expr* e = todo.back();
    todo.pop_back();
    if (find_call(*e, calls, text_) != nullptr) continue;
    if (is_simple(e)) {
      const Expr* base = e;
      while (const auto* x = base->as<Property>()) base = x->object;
      const auto* v = base->as<Variable>();
      const bool ready = sorting && v->slot != no_slot;  // put there by use_projected()
      const Symbol* s = old.find_own(v->name);
      const bool grouped = s != nullptr && (v->slot == no_slot || v->slot == s->slot);
      if (ready || !grouped || replace_grouping_key(e, p)) continue;
      const bool key = std::ranges::any_of(p.items, [&](const ProjectionItem& i) {
        const auto* item = i.value->as<Variable>();
        return !i.aggregates && item != nullptr && item->slot == s->slot;
      });
      if (key || (sorting && scope().find_own(v->name) != nullptr)) continue;
      if (sorting) {
        fail(e->at.begin,
             "In a WITH/RETURN with DISTINCT or an aggregation, it is not possible to access variables declared before "
             "the "
             "WITH/RETURN: " +
                 std::string(v->name),
             gql::undefined_variable);
      }
      fail(e->at.begin,
           "Aggregation column contains implicit grouping expressions. For example, in 'RETURN n.a, n.a + n.b + "
           "count(*)' the "
           "aggregation expression 'n.a + n.b + count(*)' includes the implicit grouping key 'n.b'. It may be possible "
           "to "
           "rewrite the query by extracting these grouping/aggregation expressions into a preceding WITH clause. "
           "Illegal "
           "expression(s): " +
               print(*e),
           gql::aggregation);
    }
    for_each_operand(*e, [&](Expr* x) { todo.push_back(x); });
  }
}

/// Puts the variables of projected values and of aggregating calls where an expression behind the projection repeats
/// them. `hidden`: loop variables around. With `simple_only`, beside aggregating calls, only variables and properties
/// of variables are taken for repetitions.
void Analyser::use_projected(Expr* root, const Projection& p, std::vector<Aggregation>& calls,
                             std::vector<std::string_view>& hidden, bool simple_only) {
  std::vector<Expr*> todo{root};
  const auto inner = [&](std::string_view name, Expr* body) {
    if (body == nullptr) return;
    hidden.push_back(name);
    use_projected(body, p, calls, hidden, simple_only);
    hidden.pop_back();
  };
  const auto replaced = [&](Expr* e) {
    const auto* v = e->as<Variable>();
    if (v != nullptr && (v->slot != no_slot || scope().find_own(v->name) != nullptr))
      return true;  // the new name counts
    if (e->as<Literal>() != nullptr || e->as<Parameter>() != nullptr) return true;
    if (mentions(*e, hidden)) return false;
    for (const ProjectionItem& i : p.items) {
      if (simple_only && e != root && !is_simple(i.value)) continue;
      if (!same_expression(*e, *i.value, text_)) continue;
      put_variable(e, i.name, i.slot);
      return true;
    }
    if (!p.aggregating) return false;
    const Aggregation* a = find_call(*e, calls, text_);
    if (a != nullptr) put_variable(e, statement_.slots[a->slot], a->slot);
    return a != nullptr;
  };
  while (!todo.empty()) {
    Expr* e = todo.back();
    todo.pop_back();
    if (replaced(e)) continue;
    if (e->as<CountStar>() != nullptr) {  // needs nothing that was lost
      calls.push_back({arena_.make<Expr>(*e), new_slot("count(*)")});
      put_variable(e, "count(*)", calls.back().slot);
    } else if (const auto* c = e->as<ListComprehension>()) {
      todo.push_back(c->list);
      inner(c->variable.name, c->where), inner(c->variable.name, c->map);
    } else if (const auto* q = e->as<Quantifier>()) {
      todo.push_back(q->list);
      inner(q->variable.name, q->where);
    } else {
      for_each_operand(*e, [&](Expr* x) { todo.push_back(x); });
    }
  }
}

}  // namespace packhouse::cypher::semantic
