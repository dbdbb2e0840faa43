#include <algorithm>
#include <map>
#include <tuple>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/exec/setter.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/regex.hpp"
#include "cypher/procedures/apoc/written.hpp"
#include "value/compare.hpp"

// apoc.refactor.*: nodes and relationships that become one, or are led elsewhere.
namespace packhouse::cypher::apoc {
namespace {

using storage::Direction;
using storage::Edge;

/// What becomes of a property that both have.
enum class Policy { discard, overwrite, combine };

/// The config of merges: policies by key (names or regular expressions), and what becomes of relationships.
class MergeConfig {
 public:
  MergeConfig(std::string_view procedure, const Value& map) {
    Config config(procedure, map);
    if (const auto v = config.take("properties")) {
      given_ = true;
      if (v->is(Kind::map)) {
        for (const auto& [key, policy] : v->as_map()) policies_.emplace_back(key, read(config, policy));
      } else {
        policies_.emplace_back(".*", read(config, *v));
      }
    }
    merge_relationships = config.flag("mergeRels", false);
    produce_self = config.flag("produceSelfRel", true);
    preserve_self = config.flag("preserveExistingSelfRels", true);
    single_as_list = config.flag("singleElementAsArray", false);
    config.done();
  }

  Policy policy(std::string_view key, bool of_relationship) const {
    if (of_relationship && !given_) return Policy::combine;
    for (const auto& [name, policy] : policies_) {
      if (name == key) return policy;
    }
    for (const auto& [name, policy] : policies_) {
      if (RE2::FullMatch(piece(key), regex(name))) return policy;
    }
    return Policy::overwrite;
  }

  bool merge_relationships = false, produce_self = true, preserve_self = true, single_as_list = false;

 private:
  static Policy read(const Config& config, const Value& v) {
    const std::string_view name = v.is(Kind::string) ? v.as_string() : "";
    if (name == "discard") return Policy::discard;
    if (name == "overwrite" || name == "override") return Policy::overwrite;
    if (name == "combine") return Policy::combine;
    config.refuse("'properties' must be 'discard', 'overwrite' or 'combine', or a MAP of keys to these");
  }

  std::vector<std::pair<std::string, Policy>> policies_;
  bool given_ = false;
};

/// Both values' items, each once; a single one stays what it is.
Value combined(Arena& arena, const Value& a, const Value& b, bool single_as_list) {
  std::vector<Value> items;
  for (const Value* v : {&a, &b}) {
    const auto part = v->is(Kind::list) ? v->as_list() : std::span<const Value>(v, 1);
    for (const Value& item : part) {
      if (std::ranges::none_of(items, [&](const Value& x) { return equivalent(x, item); })) items.push_back(item);
    }
  }
  if (items.size() == 1 && !single_as_list) return items[0];
  const bool mixed = std::ranges::any_of(items, [&](const Value& v) { return v.kind() != items[0].kind(); });
  for (Value& v : items) {
    if (mixed) v = text(arena, text_of(v));
  }
  return list(arena, items);
}

PropertyList properties_of_entity(ExecContext& c, const Value& entity, Arena& arena) {
  PropertyList out;
  for (const KeyId key : property_keys(c, entity)) {
    const Value v = entity.is(Kind::node) ? or_throw(node_view(c, entity.as_node()).property(key, arena))
                                          : or_throw(relationship_view(c, entity.as_relationship()).property(key, arena));
    out.emplace_back(key, deep_copy(v, arena));
  }
  return out;
}

void merge_properties(ExecContext& c, const MergeConfig& config, const PropertyList& from, const Value& to, Arena& arena) {
  const PropertyList old = properties_of_entity(c, to, arena);
  for (const auto& [key, value] : from) {
    const auto there = std::ranges::find(old, key, &std::pair<KeyId, Value>::first);
    Value now = value;
    if (there != old.end()) {
      const Policy policy = config.policy(c.store.name(key), to.is(Kind::relationship));
      if (policy == Policy::discard) continue;
      if (policy == Policy::combine) now = combined(arena, there->second, value, config.single_as_list);
    }
    set_property(c, to, key, now);
  }
}

/// Takes nodes into the first one.
class NodeMerger {
 public:
  NodeMerger(ExecContext& c, const MergeConfig& config, NodeId target) : c_(c), config_(config), target_(target) {
    for (const Edge& e : edges(target)) {
      if (e.neighbour == target) own_loops_.push_back(e.rel);
    }
  }

  void take(NodeId source) {
    c_.check();
    Arena arena;
    const PropertyList properties = properties_of_entity(c_, Value::node(source), arena);
    std::vector<LabelId> labels;
    const auto view = node_view(c_, source);
    for (std::size_t i = 0; i < view.label_count(); ++i) labels.push_back(view.label(i));
    for (const Edge& e : edges(source)) move(e, source);
    or_throw(c_.tx.delete_node(source));  // before its properties come here: they may have to be unique
    for (const LabelId label : labels) or_throw(c_.tx.add_label(target_, label));
    merge_properties(c_, config_, properties, Value::node(target_), arena);
  }

  /// Relationships of a type that lead the same way become one.
  void merge_relationships() {
    std::map<std::tuple<std::uint32_t, bool, std::uint64_t>, RelId> first;
    for (const Edge& e : edges(target_)) {
      c_.check();
      if (config_.preserve_self && std::ranges::find(own_loops_, e.rel) != own_loops_.end()) continue;
      const auto [it, fresh] = first.try_emplace({raw(e.type), e.outgoing, raw(e.neighbour)}, e.rel);
      if (fresh) continue;
      Arena arena;
      const PropertyList properties = properties_of_entity(c_, Value::relationship(e.rel), arena);
      or_throw(c_.tx.delete_relationship(e.rel));
      merge_properties(c_, config_, properties, Value::relationship(it->second), arena);
    }
  }

 private:
  std::vector<Edge> edges(NodeId node) {
    std::vector<Edge> out;
    or_throw(c_.tx.expand(node, Direction::both, {}, out));
    return out;
  }

  void move(const Edge& e, NodeId source) {
    Arena arena;
    const auto here = [&](NodeId id) { return id == source ? target_ : id; };
    const NodeId start = here(e.outgoing ? source : e.neighbour), end = here(e.outgoing ? e.neighbour : source);
    const bool makes_loop = start == end && e.neighbour != source;
    const PropertyList properties = properties_of_entity(c_, Value::relationship(e.rel), arena);
    or_throw(c_.tx.delete_relationship(e.rel));
    if (!makes_loop || config_.produce_self) or_throw(c_.tx.create_relationship(start, end, e.type, properties));
  }

  ExecContext& c_;
  const MergeConfig& config_;
  NodeId target_;
  std::vector<RelId> own_loops_;
};

Rows merge_nodes(ExecContext& c, const Call& call) {
  auto table = std::make_unique<Table>(1);
  std::vector<NodeId> nodes;
  for (const NodeId id : call.nodes(c, 0)) {
    if (std::ranges::find(nodes, id) == nodes.end()) nodes.push_back(id);
  }
  const MergeConfig config(call.procedure(), call[1]);
  if (nodes.empty()) return table;
  NodeMerger merger(c, config, nodes[0]);
  for (std::size_t i = 1; i < nodes.size(); ++i) merger.take(nodes[i]);
  if (config.merge_relationships) merger.merge_relationships();
  table->add({Value::node(nodes[0])});
  return table;
}

Rows merge_relationships(ExecContext& c, const Call& call) {
  auto table = std::make_unique<Table>(1);
  const auto given = call.relationships(c, 0);
  const MergeConfig config(call.procedure(), call[1]);
  if (given.empty()) return table;
  const RelId first = given[0];
  const auto ends = [&](RelId id) {
    const auto view = relationship_view(c, id);
    return std::pair(view.start(), view.end());
  };
  for (const RelId id : given) {
    if (id == first || !or_throw(c.tx.relationship(id))) continue;
    if (ends(id) != ends(first)) call.refuse("All Relationships must have the same start and end nodes.");
    Arena arena;
    const PropertyList properties = properties_of_entity(c, Value::relationship(id), arena);
    or_throw(c.tx.delete_relationship(id));
    merge_properties(c, config, properties, Value::relationship(first), arena);
  }
  table->add({Value::relationship(first)});
  return table;
}

/// A relationship of another type or between other ends, in place of the given one.
template <class Change>
Rows replaced(ExecContext& c, const Call& call, Change change) {
  if (!call[0].is(Kind::relationship)) call.refuse("'rel' must be a RELATIONSHIP");
  const RelId old = call[0].as_relationship();
  const auto view = relationship_view(c, old);
  NodeId start = view.start(), end = view.end();
  TypeId type = view.type();
  change(start, end, type);
  Arena arena;
  const PropertyList properties = properties_of_entity(c, call[0], arena);
  or_throw(c.tx.delete_relationship(old));
  const RelId made = or_throw(c.tx.create_relationship(start, end, type, properties));
  auto table = std::make_unique<Table>(3);
  table->add({number(raw(old)), Value::relationship(made), Value()});
  return table;
}

NodeId new_end(const Call& call) {
  if (!call[1].is(Kind::node)) call.refuse("'newNode' must be a NODE");
  return call[1].as_node();
}

}  // namespace

void add_refactor(ProcedureRegistry& registry) {
  Family family(registry);
  const auto add = [&](std::string_view name, std::string description, std::vector<ProcedureArgument> arguments,
                       std::vector<ProcedureColumn> columns, Family::Open open) {
    family.add("apoc.refactor." + std::string(name), std::move(description), ProcedureMode::write, std::move(arguments), std::move(columns),
               open);
  };
  const ProcedureArgument rel{"rel", Type::relationship};
  const std::vector<ProcedureColumn> outcome{{"input", Type::integer}, {"output", Type::relationship}, {"error", Type::string}};
  add("mergeNodes", "Takes nodes with their labels, properties and relationships into the first one.",
      {{"nodes", Type::list}, config_argument()}, {{"node", Type::node}}, merge_nodes);
  add("mergeRelationships", "Takes relationships with their properties into the first one.", {{"rels", Type::list}, config_argument()},
      {{"rel", Type::relationship}}, merge_relationships);
  add("setType", "Gives a relationship another type.", {rel, {"newType", Type::string}}, outcome, [](ExecContext& c, const Call& call) {
    return replaced(c, call, [&](NodeId&, NodeId&, TypeId& type) { type = type_to_write(c, call, 1); });
  });
  add("from", "Lets a relationship start at another node.", {rel, {"newNode", Type::node}}, outcome, [](ExecContext& c, const Call& call) {
    return replaced(c, call, [&](NodeId& start, NodeId&, TypeId&) { start = new_end(call); });
  });
  add("to", "Lets a relationship end at another node.", {rel, {"newNode", Type::node}}, outcome, [](ExecContext& c, const Call& call) {
    return replaced(c, call, [&](NodeId&, NodeId& end, TypeId&) { end = new_end(call); });
  });
  add("invert", "Turns a relationship around.", {rel}, outcome, [](ExecContext& c, const Call& call) {
    return replaced(c, call, [](NodeId& start, NodeId& end, TypeId&) { std::swap(start, end); });
  });
}

}  // namespace packhouse::cypher::apoc
