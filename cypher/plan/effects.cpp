#include "cypher/plan/effects.hpp"

#include <algorithm>

#include "cypher/functions/registry.hpp"
#include "cypher/plan/expressions.hpp"
#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher::plan {

void NameSet::add(std::string_view name) {
  if (!all && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void NameSet::add(const NameSet& other) {
  all = all || other.all;
  for (const auto name : other.names) add(name);
}

bool NameSet::meets(const NameSet& other) const {
  if (empty() || other.empty()) return false;
  if (all || other.all) return true;
  return std::any_of(names.begin(), names.end(), [&](std::string_view n) {
    return std::find(other.names.begin(), other.names.end(), n) != other.names.end();
  });
}

void Effects::add(const Effects& o) {
  scans_all = scans_all || o.scans_all;
  scans.add(o.scans);
  tests.add(o.tests);
  expands.add(o.expands);
  keys.add(o.keys);
  creates_nodes = creates_nodes || o.creates_nodes;
  deletes = deletes || o.deletes;
  new_labels.add(o.new_labels);
  set_labels.add(o.set_labels);
  new_types.add(o.new_types);
  set_keys.add(o.set_keys);
}

bool disturbs(const Effects& w, const Effects& r) {
  if (w.deletes && r.reads()) return true;
  if (w.creates_nodes && (r.scans_all || r.scans.meets(w.new_labels))) return true;
  if (r.scans.meets(w.set_labels) || r.tests.meets(w.set_labels)) return true;
  return r.expands.meets(w.new_types) || r.keys.meets(w.set_keys);
}

bool collide(const Effects& a, const Effects& b) {
  if ((a.deletes && b.writes()) || (b.deletes && a.writes())) return true;
  return a.set_keys.meets(b.set_keys) || a.set_labels.meets(b.set_labels);
}

namespace {

void names_in(const ast::LabelExpr* e, NameSet& to) {
  if (!e) return;
  if (e->form == ast::LabelExpr::Form::name) to.add(e->name);
  if (e->form == ast::LabelExpr::Form::any || e->form == ast::LabelExpr::Form::dynamic) to.all = true;
  names_in(e->left, to);
  names_in(e->right, to);
}

/// Types that a pattern may follow: a NOT inside means any.
void types_in(const ast::LabelExpr* e, NameSet& to) {
  std::vector<std::string_view> names;
  if (e && plain_names(e, ast::LabelExpr::Form::or_, names)) {
    for (const auto n : names) to.add(n);
  } else {
    to.all = true;
  }
}

}  // namespace

void add_reads(const ast::Expr& e, const SubplanEffects& subplans, Effects& to) {
  if (const auto* p = e.as<ast::Property>()) to.keys.add(p->key);
  if (e.as<ast::Index>()) to.keys.all = true;
  if (const auto* m = e.as<ast::MapProjection>()) {
    for (const auto& item : m->items) {
      if (item.form == ast::MapProjection::Form::all_properties) to.keys.all = true;
      if (item.form == ast::MapProjection::Form::property) to.keys.add(item.key);
    }
  }
  if (const auto* c = e.as<ast::Call>(); c && c->function) {
    const auto name = c->function->name;
    if (name == "properties" || name == "keys") to.keys.all = true;
    if (name == "labels") to.tests.all = true;
    if (c->function->reads_graph) to.keys.all = to.tests.all = to.expands.all = true;
  }
  if (const auto* l = e.as<ast::LabelPredicate>()) names_in(l->labels, to.tests);
  if (const Node* inner = inner_plan(e)) {
    if (const auto found = subplans.find(inner); found != subplans.end()) to.add(found->second);
  }
  for_each_operand(e, [&](const ast::Expr& x) { add_reads(x, subplans, to); });
}

namespace {

struct StepEffects {
  const SubplanEffects& subplans;
  Effects out;

  void read(const ast::Expr* e) {
    if (e) add_reads(*e, subplans, out);
  }
  void read(const std::vector<const ast::Expr*>& es) {
    for (const auto* e : es) read(e);
  }
  void set(const ast::SetItem& s) {
    read(s.value);
    switch (s.form) {
      case ast::SetItem::Form::property:
        if (const auto* p = s.target->as<ast::Property>()) {
          out.set_keys.add(p->key);
          read(p->object);
        } else {
          out.set_keys.all = true;
          read(s.target);
        }
        break;
      case ast::SetItem::Form::replace:
      case ast::SetItem::Form::merge:
        out.set_keys.all = true;
        out.keys.all = out.keys.all || !s.value->as<ast::MapLiteral>();
        break;
      case ast::SetItem::Form::labels:
        for (const auto* l : s.labels) names_in(l, out.set_labels);
    }
  }
  void create(const Create& c) {
    for (const auto& n : c.nodes) {
      out.creates_nodes = true;
      names_in(n.labels, out.new_labels);
      read(n.properties);
    }
    for (const auto& r : c.relationships) {
      names_in(r.type, out.new_types);
      read(r.properties);
    }
  }

  void operator()(const AllNodesScan&) { out.scans_all = true; }
  void operator()(const LabelScan& s) { out.scans.add(s.label); }
  void operator()(const NodeById& s) {
    out.scans_all = true;
    read(s.id);
  }
  void operator()(const RelationshipById& s) {
    out.expands.all = true;
    read(s.id);
  }
  void operator()(const IndexSeek& s) {
    out.scans.add(s.label);
    for (const auto k : s.keys) out.keys.add(k);
    read(s.equal);
    read(s.any_of), read(s.low.value), read(s.high.value), read(s.prefix);
  }
  void operator()(const RelationshipScan& s) { types_in(s.types, out.expands); }
  void operator()(const Expand& s) { types_in(s.types, out.expands); }
  void operator()(const VarLengthExpand& s) {
    types_in(s.types, out.expands);
    for (const auto& p : s.properties) out.keys.add(p.key), read(p.value);
  }
  void operator()(const Endpoints& s) { types_in(s.types, out.expands); }
  void operator()(const ShortestPath& s) {
    types_in(s.types, out.expands);
    for (const auto& p : s.properties) out.keys.add(p.key), read(p.value);
  }
  void operator()(const Filter& s) { read(s.predicates); }
  void operator()(const LabelFilter& s) {
    for (const auto l : s.labels) out.tests.add(l);
  }
  void operator()(const Project& s) {
    for (const auto& i : s.items) read(i.value);
  }
  void operator()(const Aggregate& s) {
    for (const auto& k : s.keys) read(k.value);
    for (const auto& c : s.calls) read(c.call);
  }
  void operator()(const Sort& s) {
    for (const auto& k : s.keys) read(k.value);
  }
  void operator()(const TopK& s) {
    for (const auto& k : s.keys) read(k.value);
  }
  void operator()(const Unwind& s) { read(s.list); }
  void operator()(const LoadCsv& s) { read(s.url); }
  void operator()(const CountFromStore& s) {
    out.scans_all = !s.relationships;
    out.expands.all = s.relationships;
  }
  void operator()(const HashJoin& s) { read(s.outer_key), read(s.inner_key); }
  void operator()(const Foreach& s) { read(s.list); }
  void operator()(const Create& s) { create(s); }
  void operator()(const Merge& s) {
    create(s.create);
    for (const auto* i : s.on_create) set(*i);
    for (const auto* i : s.on_match) set(*i);
  }
  void operator()(const SetItems& s) {
    for (const auto* i : s.items) set(*i);
  }
  void operator()(const RemoveItems& s) {
    for (const auto* r : s.items) {
      for (const auto* l : r->labels) names_in(l, out.set_labels);
      if (const auto* p = r->target->as<ast::Property>()) {
        out.set_keys.add(p->key);
        read(p->object);
      } else if (r->labels.empty()) {
        out.set_keys.all = true;
        read(r->target);
      }
    }
  }
  void operator()(const Delete& s) {
    out.deletes = true;
    read(s.items);
  }
  void operator()(const ProcedureCall& s) {
    read(s.arguments);
    if (s.procedure->mode == ProcedureMode::read || s.procedure->mode == ProcedureMode::dbms) {
      out.scans_all = out.tests.all = out.expands.all = out.keys.all = true;
      return;
    }
    out.scans_all = out.creates_nodes = out.deletes = true;
    out.tests.all = out.expands.all = out.keys.all = out.new_labels.all = out.set_labels.all = out.new_types.all = out.set_keys.all = true;
  }
  void operator()(const Once&) {}
  void operator()(const Argument&) {}
  void operator()(const BuildPath&) {}
  void operator()(const NotNull&) {}
  void operator()(const Distinct&) {}
  void operator()(const Skip&) {}
  void operator()(const Limit&) {}
  void operator()(const Eager&) {}
  void operator()(const Union&) {}
  void operator()(const Apply&) {}
  void operator()(const OptionalApply&) {}
  void operator()(const UnitSubquery&) {}
  void operator()(const TransactionApply&) {}
  void operator()(const Result&) {}
};

}  // namespace

Effects effects_of(const Step& step, const SubplanEffects& subplans) {
  StepEffects e{subplans, {}};
  std::visit(e, step);
  return e.out;
}

}  // namespace packhouse::cypher::plan
