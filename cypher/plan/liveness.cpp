#include "cypher/plan/liveness.hpp"

#include "cypher/plan/expressions.hpp"

namespace packhouse::cypher::plan {
namespace {

/// Whether the inner plan's rows end inside the step.
bool hides_rows(const Step& s) {
  if (const auto* parts = std::get_if<TransactionApply>(&s)) return !parts->returns;
  return std::holds_alternative<Foreach>(s) || std::holds_alternative<UnitSubquery>(s);
}

/// What a step reads from its input row, and which slots it makes, its inner plans not counted.
struct Uses {
  SlotSet reads, makes;

  void read(const ast::Expr* e) {
    if (e) add_slots(*e, reads);
  }
  void read(const ast::LabelExpr* e) { add_slots(e, reads); }
  template <class T>
  void read(const std::vector<T>& es) {
    for (const auto& e : es) read(e);
  }
  void read(const ast::Entry& e) { read(e.value); }
  void read(const ast::SortKey& k) { read(k.value); }
  void set(const ast::SetItem& s) {
    read(s.target);
    read(s.value);
    for (const auto* l : s.labels) read(l);
  }

  void operator()(const Once&) {}
  void operator()(const Argument&) {}
  void operator()(const AllNodesScan& s) { makes.add(s.node); }
  void operator()(const LabelScan& s) { makes.add(s.node); }
  void operator()(const NodeById& s) { makes.add(s.node), read(s.id); }
  void operator()(const RelationshipById& s) { makes.add(Slots{s.rel, s.from, s.to}), read(s.id); }
  void operator()(const IndexSeek& s) {
    makes.add(s.node);
    read(s.equal);
    read(s.any_of), read(s.low.value), read(s.high.value), read(s.prefix);
  }
  void operator()(const RelationshipScan& s) { makes.add(Slots{s.rel, s.from, s.to}), reads.add(s.distinct_from); }
  void operator()(const Expand& s) {
    reads.add(s.from);
    reads.add(s.distinct_from);
    makes.add(s.rel);
    (s.into ? reads : makes).add(s.to);
  }
  void operator()(const VarLengthExpand& s) {
    reads.add(s.from);
    reads.add(s.distinct_from);
    read(s.properties);
    makes.add(s.rel);
    (s.into ? reads : makes).add(s.to);
  }
  void operator()(const Endpoints& s) {
    reads.add(s.rel);
    reads.add(s.distinct_from);
    (s.from_bound ? reads : makes).add(s.from);
    (s.to_bound ? reads : makes).add(s.to);
  }
  void operator()(const ShortestPath& s) {
    reads.add(Slots{s.from, s.to});
    read(s.properties);
    makes.add(s.rel);
  }
  void operator()(const BuildPath& s) {
    makes.add(s.path);
    reads.add(s.start);
    for (const auto& p : s.parts) reads.add(Slots{p.rel, p.node});
  }
  void operator()(const Filter& s) { read(s.predicates); }
  void operator()(const LabelFilter& s) { reads.add(s.node); }
  void operator()(const NotNull& s) { reads.add(s.slot); }
  void operator()(const Project& s) {
    for (const auto& i : s.items) read(i.value), makes.add(i.slot);
  }
  void operator()(const Aggregate& s) {
    for (const auto& k : s.keys) read(k.value), makes.add(k.slot);
    for (const auto& c : s.calls) read(c.call), makes.add(c.slot);
  }
  void operator()(const Distinct& s) { reads.add(s.slots); }
  void operator()(const Sort& s) { read(s.keys); }
  void operator()(const TopK& s) { read(s.keys); }
  void operator()(const Skip&) {}
  void operator()(const Limit&) {}
  void operator()(const Unwind& s) { read(s.list), makes.add(s.slot); }
  void operator()(const LoadCsv& s) { read(s.url), makes.add(s.slot); }
  void operator()(const Eager&) {}
  void operator()(const CountFromStore& s) { makes.add(s.slots); }
  void operator()(const Union& s) {
    for (const auto& part : s.from_to) makes.add(part.second);
  }
  void operator()(const Apply&) {}
  void operator()(const OptionalApply&) {}
  void operator()(const HashJoin& s) { read(s.outer_key); }
  void operator()(const UnitSubquery&) {}
  void operator()(const Foreach& s) { read(s.list); }
  void operator()(const TransactionApply& s) {
    if (s.status != ast::no_slot) makes.add(s.status);
  }
  void operator()(const Create& s) {
    for (const auto& n : s.nodes) read(n.labels), read(n.properties), makes.add(n.slot);
    for (const auto& r : s.relationships) {
      reads.add(Slots{r.start, r.end});
      read(r.type), read(r.properties), makes.add(r.slot);
    }
  }
  void operator()(const Merge& s) {
    (*this)(s.create);
    for (const auto* i : s.on_create) set(*i);
    for (const auto* i : s.on_match) set(*i);
  }
  void operator()(const SetItems& s) {
    for (const auto* i : s.items) set(*i);
  }
  void operator()(const RemoveItems& s) {
    for (const auto* i : s.items) {
      read(i->target);
      for (const auto* l : i->labels) read(l);
    }
  }
  void operator()(const Delete& s) { read(s.items); }
  void operator()(const ProcedureCall& s) {
    read(s.arguments);
    for (const auto& y : s.yields) makes.add(y.second);
  }
  void operator()(const Result& s) {
    for (const auto& c : s.columns) reads.add(c.second);
  }
};

Uses uses_of(const Node& node) {
  Uses u;
  std::visit(u, node.step);
  return u;
}

class Annotator {
 public:
  explicit Annotator(const SlotSet& available) : available_(available) {}

  void visit(Node& node, SlotSet needed) {
    Uses u = uses_of(node);
    if (auto* argument = std::get_if<Argument>(&node.step)) {
      needed.keep(available_);
      argument->slots = needed.list();
      from_outside_.add(needed);
      return;
    }
    if (std::holds_alternative<Union>(node.step)) return parts(node);
    if (node.children.size() == 2) inner(node, needed, u);
    SlotSet through = needed;
    through.remove(u.makes);
    SlotSet made = needed;
    made.keep(u.makes);
    node.produced = made;
    if (!node.children.empty()) {
      SlotSet kept = through;
      kept.keep(below(node));
      node.kept = kept.list();
    }
    if (auto* aggregate = std::get_if<Aggregate>(&node.step)) aggregate->carried = node.kept;
    through.add(u.reads);
    if (!node.children.empty()) visit(*node.children[0], through);
  }

  SlotSet from_outside() const { return from_outside_; }

 private:
  /// What exists in the rows that a step gets: what was defined below and what comes from outside.
  SlotSet below(const Node& node) {
    SlotSet all = defined(*node.children[0]);
    all.add(available_);
    return all;
  }

  void parts(Node& node) {
    const auto& step = std::get<Union>(node.step);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      SlotSet from;
      from.add(step.from_to[i].first);
      visit(*node.children[i], from);
    }
  }

  /// Steps with an inner plan: what it gives is made by the step, what it takes from the row is read by the step.
  void inner(Node& node, SlotSet& needed, Uses& u) {
    Node& child = *node.children[1];
    const SlotSet gives = defined(child);
    if (const auto* join = std::get_if<HashJoin>(&node.step)) {
      u.makes.add(gives);
      SlotSet wanted = needed;
      wanted.keep(gives);
      add_slots(*join->inner_key, wanted);
      return visit(child, wanted);
    }
    SlotSet wanted;
    if (std::holds_alternative<Merge>(node.step)) {
      // Its properties and SET items are computed on the rows it gives out.
      needed.add(u.reads);
      u.makes.add(gives);
      u.reads.remove(u.makes);
    }
    if (!hides_rows(node.step)) {
      u.makes.add(gives);
      wanted = needed;
      wanted.keep(u.makes);
    }
    SlotSet outer = below(node);
    if (const auto* loop = std::get_if<Foreach>(&node.step)) outer.add(loop->slot);
    SlotSet taken = annotate(child, wanted, outer);
    child.arguments = taken.list();
    if (const auto* loop = std::get_if<Foreach>(&node.step)) taken.remove(loop->slot);
    u.reads.add(taken);
  }

  const SlotSet& available_;
  SlotSet from_outside_;
};

}  // namespace

SlotSet defined(const Node& root) {
  SlotSet all = uses_of(root).makes;
  if (std::holds_alternative<Union>(root.step)) return all;
  const bool hidden = hides_rows(root.step);
  for (std::size_t i = 0; i < root.children.size(); ++i) {
    if (i == 0 || !hidden) all.add(defined(*root.children[i]));
  }
  return all;
}

SlotSet annotate(Node& root, const SlotSet& needed, const SlotSet& available) {
  Annotator a(available);
  a.visit(root, needed);
  return a.from_outside();
}

}  // namespace packhouse::cypher::plan
