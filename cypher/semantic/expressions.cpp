#include <algorithm>

#include "cypher/semantic/analyser.hpp"
#include "cypher/syntax/walk.hpp"

// Variables, parameters, operators, calls: names become slots, and types that can't fit are found.

namespace packhouse::cypher::semantic {

using namespace ast;

/// `predicate`: the value only decides yes or no, so a pattern may stand for whether it can be found.
/// Walks down the left side with a loop, because that may be long.
Static Analyser::resolve(Expr* e, bool predicate) {
  boost::container::small_vector<Expr*, 8> spine;
  while (Expr* next = left_operand(*e)) {
    const auto* b = e->as<Binary>();
    const auto* u = e->as<Unary>();
    predicate = (b != nullptr && (b->op == Op::and_ || b->op == Op::or_ || b->op == Op::xor_)) ||
                (u != nullptr && u->op == Op::not_);
    spine.push_back(e);
    e = next;
  }
  Static t = resolve_leaf(e, predicate);
  for (; !spine.empty(); spine.pop_back()) t = combine(spine.back(), t);
  return t;
}

Static Analyser::predicate(Expr* e) {
  const Static t = resolve(e, true);
  if (!fits(t, Type::boolean)) mismatch(e->at.begin, "Boolean", t);
  return of(Type::boolean);
}

/// `e` on top of its left operand, whose type is known.
Static Analyser::combine(Expr* e, Static left) {
  const auto checked = [&](const Operation& o, const Expr* l, Static lt, const Expr* r, Static rt) {
    if (!o.ok) mismatch((o.left_at_fault ? l : r)->at.begin, o.expected, o.left_at_fault ? lt : rt);
    return o.result;
  };
  if (auto* b = e->as<Binary>()) {
    const bool logic = b->op == Op::and_ || b->op == Op::or_ || b->op == Op::xor_;
    const Static right = resolve(b->right, logic);
    return checked(type_of(b->op, left, right), b->left, left, b->right, right);
  }
  if (auto* u = e->as<Unary>()) return checked(type_of(u->op, left), u->operand, left, u->operand, left);
  if (auto* p = e->as<Property>()) return property(*p, left, e->at);
  if (auto* i = e->as<Index>()) return index(*i, left);
  if (auto* s = e->as<Slice>()) {
    if (!fits(left, Type::list)) mismatch(s->object->at.begin, "List<T>", left);
    for (Expr* bound : {s->from, s->to}) {
      if (bound == nullptr) continue;
      const Static t = resolve(bound);
      if (!fits(t, Type::integer)) mismatch(bound->at.begin, "Integer", t);
    }
    return left.type == Type::list ? left : of(Type::list);
  }
  if (auto* l = e->as<LabelPredicate>()) {
    if (!fits(left, Type::entity)) mismatch(l->object->at.begin, "Node or Relationship", left);
    dynamic_labels(l->labels);
  }
  return of(Type::boolean);
}

Static Analyser::property(const Property& p, Static object, Span) {
  constexpr Type owners = Type::map | Type::entity | Type::point | Type::temporal | Type::duration;
  if (!fits(object, owners)) {
    mismatch(p.object->at.begin,
             "Map, Node, Relationship, Point, Duration, Date, Time, LocalTime, LocalDateTime or DateTime", object,
             Status::type_error);
  }
  expect_type(*p.object, owners);
  return {};
}

Static Analyser::index(const Index& i, Static object) {
  if (!fits(object, Type::list | Type::map | Type::entity))
    mismatch(i.object->at.begin, "List<T>", object, Status::type_error);
  const Static at = resolve(i.at);
  const bool list = object.type == Type::list;
  if (list && !(fits(at, Type::integer))) {
    fail(i.at->at.begin, "Type mismatch: list index must be given as Integer, but was " + describe(at),
         gql::type_mismatch, Status::type_error);
  }
  if (only(object, Type::map | Type::entity) && object.type != Type::null && !fits(at, Type::string)) {
    fail(i.at->at.begin, "Type mismatch: map key must be given as String, but was " + describe(at), gql::type_mismatch,
         Status::type_error);
  }
  return list ? of(object.items) : Static{};
}

Static Analyser::resolve_leaf(Expr* e, bool predicate) {
  return std::visit(
      overloaded{
          [](const Literal& l) { return type_of(l.value); }, [&](Parameter& p) { return parameter(p); },
          [&](Variable& v) { return variable(v, e->at); },
          [&](Chain& c) {
            for (Expr* x : c.operands) (void)resolve(x);
            return of(Type::boolean);
          },
          [&](ListLiteral& l) {
            Static items{Type::none, Type::any};
            for (Expr* x : l.items) items = join(items, resolve(x));
            return list_of(items_of(items.type));
          },
          [&](MapLiteral& m) {
            for (Entry& x : m.entries) (void)resolve(x.value);
            return of(Type::map);
          },
          [&](MapProjection& m) { return map_projection(m); }, [&](Case& c) { return case_form(c); },
          [&](Call& c) { return call(e, c); }, [&](CountStar&) { return aggregate(e, nullptr), of(Type::integer); },
          [&](ListComprehension& c) { return comprehension(c, e->at); },
          [&](Quantifier& q) { return quantifier(q, e->at); }, [&](Reduce& r) { return reduce(r, e->at); },
          [&](PatternPredicate& p) { return pattern_predicate(p, e->at, predicate); },
          [&](PatternComprehension& c) { return pattern_comprehension(c); },
          [&](SubqueryExpr& s) { return subquery(s, e->at); }, [&](ShortestPathExpr& s) { return shortest_path(s); },
          [](const auto&) { return Static{}; },  // the rest has a left operand
      },
      e->node);
}

Static Analyser::variable(Variable& v, Span at) {
  if (v.slot != no_slot) {  // put there when a projection was taken apart
    for (const Scope* s = scope_; s != nullptr; s = s->outer()) {
      for (const Symbol& x : s->own()) {
        if (x.slot == v.slot) return x.type;
      }
    }
    return {};
  }
  if (const Symbol* s = scope().find(v.name)) {
    v.slot = s->slot;
    return s->type;
  }
  if (lost_ != nullptr && lost_->find(v.name) != nullptr) {
    fail(at.begin,
         "In a WITH/RETURN with DISTINCT or an aggregation, it is not possible to access variables declared before the "
         "WITH/RETURN: " +
             std::string(v.name),
         gql::undefined_variable);
  }
  fail(at.begin, "Variable `" + std::string(v.name) + "` not defined", gql::undefined_variable);
}

Static Analyser::parameter(Parameter& p) {
  auto& names = statement_.parameters;
  const auto it = std::ranges::find(names, p.name);
  p.index = static_cast<std::uint32_t>(it - names.begin());
  if (it == names.end()) names.emplace_back(p.name);
  return {};
}

/// Of what type a parameter is, is only known when the statement runs: it is checked then (engine.cpp).
void Analyser::expect_type(const Expr& e, Type types) {
  if (const auto* p = e.as<Parameter>()) statement_.parameter_uses.push_back({p->index, types});
}

Static Analyser::case_form(Case& c) {
  if (c.subject != nullptr) (void)resolve(c.subject);
  Static result{Type::none, Type::any};
  for (std::size_t i = 0; i < c.arms.size(); ++i) {
    if (c.subject != nullptr)
      (void)resolve(c.arms[i].when);
    else
      (void)predicate(c.arms[i].when);
    const bool shared = i + 1 < c.arms.size() && c.arms[i + 1].then == c.arms[i].then;
    if (!shared) result = join(result, resolve(c.arms[i].then));
  }
  return join(result, c.otherwise != nullptr ? resolve(c.otherwise) : of(Type::null));
}

// ---- calls ----

/// Checks that an aggregating call may stand here and notes it down.
void Analyser::aggregate(Expr* e, const Function* f) {
  const std::string name = f == nullptr ? "count(*)" : std::string(f->display) + "(...)";
  if (aggregates_.inside)
    fail(e->at.begin, "Can't use aggregate functions inside of aggregate functions.", gql::aggregation);
  if (aggregates_.in_list)
    fail(e->at.begin, "Can't use aggregating expressions inside of expressions executing over lists", gql::aggregation);
  if (aggregates_.found == nullptr)
    fail(e->at.begin, "Invalid use of aggregating function " + name + " in this context", gql::aggregation);
  // A copy, because a variable will take the call's place in its expression.
  aggregates_.found->push_back({arena_.make<Expr>(*e), no_slot});
}

Static Analyser::call(Expr* e, Call& c) {
  const Function* f = context_.functions.find(c.name);
  if (f == nullptr) fail(e->at.begin, "Unknown function '" + std::string(c.name) + "'", gql::unknown_function);
  c.function = f;
  if (f->aggregating())
    aggregate(e, f);
  else if (c.distinct)
    fail(e->at.begin, "Invalid use of DISTINCT with function '" + std::string(c.name) + "'");
  if (aggregates_.inside && f->name == "rand") {
    fail(e->at.begin, "Can't use non-deterministic (random) functions inside of aggregate functions.",
         gql::aggregation);
  }
  std::vector<Static> types;
  types.reserve(c.arguments.size());
  {
    Aggregates within = aggregates_;
    if (f->aggregating()) within.inside = true;
    const Restore restore(aggregates_, within);
    for (Expr* a : c.arguments) types.push_back(resolve(a));
  }
  call_arguments(c, *f, types, e->at);
  return result_of(*f, types);
}

void Analyser::call_arguments(const Call& c, const Function& f, const std::vector<Static>& types, Span at) {
  if (types.size() < f.required) {
    fail(at.begin, "Insufficient parameters for function '" + std::string(c.name) + "'", gql::argument_count);
  }
  if (types.size() > f.arguments.size() && !f.variadic) {
    fail(at.begin, "Too many parameters for function '" + std::string(c.name) + "'", gql::argument_count);
  }
  for (std::size_t i = 0; i < types.size() && !f.arguments.empty(); ++i) {
    const Type wanted = f.arguments[std::min(i, f.arguments.size() - 1)].type;
    if (!fits(types[i], wanted)) mismatch(c.arguments[i]->at.begin, describe(of(wanted)), types[i]);
    expect_type(*c.arguments[i], wanted);
  }
}

/// What the registry says, made finer where the result has the type of an argument.
Static Analyser::result_of(const Function& f, const std::vector<Static>& types) const {
  const Static first = types.empty() ? Static{} : types[0];
  const bool list = first.type == Type::list;
  if (f.name == "collect") return list_of(first.type);
  if (f.name == "nodes") return list_of(Type::node);
  if (f.name == "relationships") return list_of(Type::relationship);
  if (f.name == "range") return list_of(Type::integer);
  if (f.name == "labels" || f.name == "keys" || f.name == "split") return list_of(Type::string);
  if (f.name == "head" || f.name == "last") return list ? of(first.items) : Static{};
  if (f.name == "min" || f.name == "max") return first;
  if (f.name == "tail") return list ? first : of(Type::list);
  if (f.name == "reverse") return list ? first : of(f.result);
  if (f.name == "coalesce") {
    Static t{Type::none, Type::any};
    for (const Static& a : types) t = join(t, a);
    return t;
  }
  return of(f.result);
}

}  // namespace packhouse::cypher::semantic
