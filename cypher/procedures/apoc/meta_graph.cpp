#include "cypher/procedures/apoc/meta_counts.hpp"

// apoc.meta.graph, apoc.meta.subGraph, apoc.meta.stats.
namespace packhouse::cypher::apoc {
namespace {

using Property = std::pair<KeyId, Value>;

/// One virtual node a label, one virtual relationship for each type between two labels.
Rows graph(ExecContext& c, const Call& call) {
  const MetaConfig config = MetaConfig::read(call.procedure(), call[0]);
  const PatternCounts counts = count_patterns(c, config);
  auto table = std::make_unique<Table>(2);
  const KeyId name = or_throw(c.store.key("name")), count = or_throw(c.store.key("count")), type = or_throw(c.store.key("type")),
              out = or_throw(c.store.key("out")), in = or_throw(c.store.key("in"));
  std::map<std::uint32_t, NodeId> nodes;
  std::vector<Value> node_list, relationship_list;
  for (const LabelId label : labels_in_use(c, config)) {
    const Property properties[] = {{name, Value::string(c.store.name(label))}, {count, number(c.tx.node_count(label))}};
    const NodeId id = or_throw(c.tx.virtual_node({&label, 1}, properties));
    nodes.emplace(raw(label), id);
    node_list.push_back(Value::node(id));
  }
  for (const auto& [pattern, seen] : counts.patterns) {
    const auto [from, of, to] = pattern;
    const auto reached = counts.in.find({to, of});
    const Property properties[] = {{type, Value::string(c.store.name(TypeId{of}))},
                                   {out, number(counts.out.at({from, of}))},
                                   {in, number(reached == counts.in.end() ? seen : reached->second)},
                                   {count, number(c.tx.relationship_count(TypeId{of}))}};
    relationship_list.push_back(
        Value::relationship(or_throw(c.tx.virtual_relationship(nodes.at(from), nodes.at(to), TypeId{of}, properties))));
  }
  table->add({list(table->arena(), node_list), list(table->arena(), relationship_list)});
  return table;
}

Rows stats(ExecContext& c, const Call&) {
  MetaConfig config;
  config.sample = -1;
  const PatternCounts counts = count_patterns(c, config);
  auto table = std::make_unique<Table>(9);
  Arena& arena = table->arena();
  std::vector<MapEntry> labels, types, type_counts;
  for (const LabelId l : labels_in_use(c, config)) {
    const std::string name(c.store.name(l));
    labels.push_back({arena.copy(name), number(c.tx.node_count(l))});
    for (const TypeId t : types_in_use(c, config)) {
      const std::string type(c.store.name(t));
      const auto add = [&](const auto& map, const std::string& pattern) {
        if (const auto it = map.find({raw(l), raw(t)}); it != map.end()) types.push_back({arena.copy(pattern), number(it->second)});
      };
      add(counts.out, "(:" + name + ")-[:" + type + "]->()");
      add(counts.in, "()-[:" + type + "]->(:" + name + ")");
    }
  }
  for (const TypeId t : types_in_use(c, config)) {
    const Value n = number(c.tx.relationship_count(t));
    types.push_back({arena.copy("()-[:" + std::string(c.store.name(t)) + "]->()"), n});
    type_counts.push_back({c.store.name(t), n});
  }
  const MapEntry all[] = {{"labelCount", number(labels.size())},
                          {"relTypeCount", number(type_counts.size())},
                          {"propertyKeyCount", number(c.store.key_count())},
                          {"nodeCount", number(c.tx.node_count())},
                          {"relCount", number(c.tx.relationship_count())},
                          {"labels", map(arena, labels)},
                          {"relTypes", map(arena, types)}};
  table->add({all[0].value, all[1].value, all[2].value, all[3].value, all[4].value, all[5].value, all[6].value,
              map(arena, type_counts), map(arena, all)});
  return table;
}

}  // namespace

void add_meta_graph(ProcedureRegistry& registry) {
  Family family(registry);
  const std::vector<ProcedureColumn> both{{"nodes", Type::list}, {"relationships", Type::list}};
  family.add_long("apoc.meta.graph", "Makes the graph of labels and of the types between them, of virtual nodes and relationships.",
                  ProcedureMode::read, {config_argument()}, both, graph);
  family.add_long("apoc.meta.subGraph", "The graph of the labels and types that the config names.", ProcedureMode::read,
                  {config_argument()}, both, graph);
  const ProcedureColumn labels{"labels", Type::map};
  family.add_long("apoc.meta.stats", "Counts nodes by label and relationships by type and by the labels at their ends.",
                  ProcedureMode::read, {},
                  {{"labelCount", Type::integer}, {"relTypeCount", Type::integer}, {"propertyKeyCount", Type::integer},
                   {"nodeCount", Type::integer}, {"relCount", Type::integer}, labels, {"relTypes", Type::map},
                   {"relTypesCount", Type::map}, {"stats", Type::map}},
                  stats);
}

}  // namespace packhouse::cypher::apoc
