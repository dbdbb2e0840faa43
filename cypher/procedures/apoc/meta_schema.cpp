#include <algorithm>

#include "cypher/procedures/apoc/meta_sample.hpp"

// apoc.meta.schema: the same as apoc.meta.data, as one map.
namespace packhouse::cypher::apoc {
namespace {

/// How a label takes part in a type: the direction of the first that was found, and the labels at the other end.
struct Way {
  std::string_view direction;
  std::int64_t count = 0;
  std::vector<std::string> labels;
};
using Ways = std::vector<std::pair<std::string, Way>>;

Way* find_way(Ways& ways, std::string_view type) {
  const auto it = std::ranges::find_if(ways, [&](const auto& w) { return w.first == type; });
  return it == ways.end() ? nullptr : &it->second;
}

class SchemaMap {
 public:
  SchemaMap(ExecContext& c, Arena& arena, const std::vector<MetaGroup>& groups) : c_(c), arena_(arena), groups_(groups) {}

  Value build() {
    for (const MetaGroup& g : groups_) {
      if (!g.node) properties_.emplace(g.name, properties(g));
    }
    ways();
    std::vector<MapEntry> out;
    for (const MetaGroup& g : groups_) {
      if (g.node) out.push_back({arena_.copy(g.name), node(g)});
    }
    for (const MetaGroup& g : groups_) {
      if (g.node) continue;
      const bool taken = std::ranges::any_of(groups_, [&](const MetaGroup& x) { return x.node && x.name == g.name; });
      out.push_back({arena_.copy(taken ? g.name + " (RELATIONSHIP)" : g.name), relationship(g)});
    }
    return map(arena_, out);
  }

 private:
  Value properties(const MetaGroup& g) {
    std::vector<MapEntry> out;
    for (const MetaItem& i : g.items) {
      if (i.relationship()) continue;
      std::vector<MapEntry> what{{"type", text(arena_, i.type)}, {"indexed", Value::boolean(i.index)}};
      if (g.node) what.push_back({"unique", Value::boolean(i.unique)});
      if (!g.node) what.push_back({"array", Value::boolean(i.array)});
      what.push_back({"existence", Value::boolean(i.existence)});
      out.push_back({arena_.copy(i.property), map(arena_, what)});
    }
    return map(arena_, out);
  }

  /// What leaves each label, and then what leads to it.
  void ways() {
    for (const MetaGroup& g : groups_) {
      if (!g.node) continue;
      for (const MetaItem& i : g.items) {
        if (i.relationship()) ways_[g.name].push_back({i.property, {"out", i.right_count, i.other}});
      }
    }
    for (const MetaGroup& g : groups_) {
      if (!g.node) continue;
      for (const MetaItem& i : g.items) {
        if (!i.relationship()) continue;
        for (const auto& other : i.other) {
          Ways& of_other = ways_[other];
          if (Way* way = find_way(of_other, i.property)) {
            way->labels.push_back(g.name);
          } else {
            of_other.push_back({i.property, {"in", i.left_count, {g.name}}});
          }
        }
      }
    }
  }

  Value node(const MetaGroup& g) {
    std::vector<std::string> labels;
    for (const MetaItem& i : g.items) {
      if (i.unique) labels = i.other_labels;
    }
    std::vector<MapEntry> relationships;
    for (const auto& [type, way] : ways_[g.name]) {
      const MapEntry what[] = {{"direction", Value::string(way.direction)},
                               {"count", Value::integer(way.count)},
                               {"labels", texts(arena_, way.labels)},
                               {"properties", properties_.contains(type) ? properties_.at(type) : Value()}};
      relationships.push_back({arena_.copy(type), map(arena_, what)});
    }
    const MapEntry out[] = {{"type", Value::string("node")},
                            {"count", number(c_.tx.node_count(*c_.store.find_label(g.name)))},
                            {"labels", texts(arena_, labels)},
                            {"properties", properties(g)},
                            {"relationships", map(arena_, relationships)}};
    return map(arena_, out);
  }

  Value relationship(const MetaGroup& g) {
    const MapEntry out[] = {{"type", Value::string("relationship")},
                            {"count", number(c_.tx.relationship_count(*c_.store.find_type(g.name)))},
                            {"properties", properties_.at(g.name)}};
    return map(arena_, out);
  }

  ExecContext& c_;
  Arena& arena_;
  const std::vector<MetaGroup>& groups_;
  std::map<std::string, Value> properties_;
  std::map<std::string, Ways> ways_;
};

Rows schema(ExecContext& c, const Call& call) {
  const auto groups = sample_graph(c, MetaConfig::read(call.procedure(), call[0]));
  auto table = std::make_unique<Table>(1);
  table->add({SchemaMap(c, table->arena(), groups).build()});
  return table;
}

}  // namespace

void add_meta_schema(ProcedureRegistry& registry) {
  Family(registry).add_long("apoc.meta.schema", "Tells in one map which properties and relationships labels and types have.",
                            ProcedureMode::read, {config_argument()}, {{"value", Type::map}}, schema);
}

}  // namespace packhouse::cypher::apoc
