#include <algorithm>
#include <map>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/procedures/apoc/meta_sample.hpp"
#include "cypher/procedures/shapes.hpp"

// apoc.meta.data, apoc.meta.nodeTypeProperties, apoc.meta.relTypeProperties.
namespace packhouse::cypher::apoc {
namespace {

using storage::Direction;

Rows data(ExecContext& c, const Call& call) {
  const auto groups = sample_graph(c, MetaConfig::read(call.procedure(), call[0]));
  auto table = std::make_unique<Table>(14);
  Arena& arena = table->arena();
  const auto each = [](std::int64_t sum, std::int64_t n) { return Value::integer(n == 0 ? 0 : sum / n); };
  for (const MetaGroup& group : groups) {
    for (const MetaItem& i : group.items) {
      table->add({text(arena, group.name), text(arena, i.property), Value::integer(i.count), Value::boolean(i.unique),
                  Value::boolean(i.index), Value::boolean(i.existence), text(arena, i.type), Value::boolean(i.array), Value(),
                  each(i.left_count, i.count), each(i.right_count, i.count), texts(arena, i.other),
                  texts(arena, i.other_labels), text(arena, group.node ? "node" : "relationship")});
    }
  }
  return table;
}

bool must_have(ExecContext& c, storage::EntityType entity, std::uint32_t token, KeyId key) {
  return std::ranges::any_of(c.tx.schema().constraints, [&](const storage::Constraint& x) {
    const bool demands = x.type == storage::ConstraintType::existence || x.type == storage::ConstraintType::key;
    return demands && x.entity == entity && x.token == token && std::ranges::count(x.keys, key) > 0;
  });
}

using Names = std::vector<std::string>;

Names label_names(ExecContext& c, const storage::NodeView& node) {
  Names out;
  for (std::size_t i = 0; i < node.label_count(); ++i) out.emplace_back(c.store.name(node.label(i)));
  return out;
}

/// A property of a shape as the last columns of a row.
template <class Mandatory, class Emit>
void emit(ExecContext& c, Table& table, const Shape& shape, const Mandatory& mandatory, const Emit& emit_row) {
  const Value total = number(shape.count);
  if (shape.keys.empty()) emit_row(Value(), Value(), Value::boolean(false), number(0), total);
  for (const auto& [key, seen] : shape.keys) {
    const std::vector<std::string> types(seen.second.begin(), seen.second.end());
    emit_row(text(table.arena(), c.store.name(KeyId{key})), texts(table.arena(), types), Value::boolean(mandatory(KeyId{key})),
             number(seen.first), total);
  }
}

/// A node counts when it has no relationships, or one of a type that is wanted.
bool wanted(ExecContext& c, const MetaConfig& config, NodeId id) {
  if (config.types.empty() && config.excluded_types.empty()) return true;
  std::vector<storage::Edge> edges;
  or_throw(c.tx.expand(id, Direction::both, {}, edges));
  return edges.empty() || std::ranges::any_of(edges, [&](const auto& e) { return config.wants_type(c.store.name(e.type)); });
}

/// Every sampled node once, though it may have several labels.
template <class Use>
void each_sampled(ExecContext& c, const MetaConfig& config, Use&& use) {
  std::set<NodeId> seen;
  for (const LabelId label : labels_in_use(c, config)) {
    sample_nodes(c, label, config, [&](NodeId id) {
      if (!seen.insert(id).second) return;
      c.keep(64);
      if (wanted(c, config, id)) use(id);
    });
  }
  c.release(64 * seen.size());
}

Rows node_types(ExecContext& c, const Call& call) {
  const MetaConfig config = MetaConfig::read(call.procedure(), call[0]);
  std::map<Names, Shape> shapes;
  Arena scratch;
  each_sampled(c, config, [&](NodeId id) {
    const auto node = node_view(c, id);
    observe(shapes[label_names(c, node)], node, scratch);
    scratch.reset();
  });
  auto table = std::make_unique<Table>(7);
  for (const auto& [names, shape] : shapes) {
    std::string type;
    for (const auto& name : names) type += ":`" + name + "`";
    const auto mandatory = [&, &labels = names](KeyId key) {
      return std::ranges::any_of(labels, [&](const std::string& name) {
        return must_have(c, storage::EntityType::node, raw(*c.store.find_label(name)), key);
      });
    };
    emit(c, *table, shape, mandatory, [&, &labels = names](Value key, Value types, Value must, Value seen, Value total) {
      table->add({text(table->arena(), type), texts(table->arena(), labels), key, types, must, seen, total});
    });
  }
  return table;
}

Rows relationship_types(ExecContext& c, const Call& call) {
  const MetaConfig config = MetaConfig::read(call.procedure(), call[0]);
  struct Key {
    std::string type;
    Names from, to;
    auto operator<=>(const Key&) const = default;
  };
  std::map<Key, Shape> shapes;
  Arena scratch;
  std::vector<storage::Edge> edges;
  each_sampled(c, config, [&](NodeId id) {
    edges.clear();
    or_throw(c.tx.expand(id, Direction::out, {}, edges));
    const Names from = edges.empty() ? Names() : label_names(c, node_view(c, id));
    for (const auto& e : edges) {
      c.check();
      const std::string type(c.store.name(e.type));
      if (!config.wants_type(type)) continue;
      observe(shapes[{type, from, label_names(c, node_view(c, e.neighbour))}], relationship_view(c, e.rel), scratch);
    }
    scratch.reset();
  });
  auto table = std::make_unique<Table>(8);
  Arena& arena = table->arena();
  for (const auto& [key, shape] : shapes) {
    const auto mandatory = [&, &k = key](KeyId property) {
      return must_have(c, storage::EntityType::relationship, raw(*c.store.find_type(k.type)), property);
    };
    emit(c, *table, shape, mandatory, [&, &k = key](Value property, Value types, Value must, Value seen, Value total) {
      table->add({text(arena, ":`" + k.type + "`"), texts(arena, k.from), texts(arena, k.to), property, types, must, seen, total});
    });
  }
  return table;
}

}  // namespace

void add_meta_tables(ProcedureRegistry& registry) {
  Family family(registry);
  const std::vector<ProcedureArgument> config{config_argument()};
  family.add_long("apoc.meta.data", "Tells of labels and relationship types which properties they have and what they lead to.",
                  ProcedureMode::read, config,
                  {{"label", Type::string}, {"property", Type::string}, {"count", Type::integer}, {"unique", Type::boolean},
                   {"index", Type::boolean}, {"existence", Type::boolean}, {"type", Type::string}, {"array", Type::boolean},
                   {"sample", Type::list}, {"left", Type::integer}, {"right", Type::integer}, {"other", Type::list},
                   {"otherLabels", Type::list}, {"elementType", Type::string}},
                  data);
  const ProcedureColumn name{"propertyName", Type::string}, types{"propertyTypes", Type::list}, mandatory{"mandatory", Type::boolean},
      seen{"propertyObservations", Type::integer}, total{"totalObservations", Type::integer};
  family.add_long("apoc.meta.nodeTypeProperties", "Derives the property schema of the nodes from a sample of them.",
                  ProcedureMode::read, config,
                  {{"nodeType", Type::string}, {"nodeLabels", Type::list}, name, types, mandatory, seen, total}, node_types);
  family.add_long("apoc.meta.relTypeProperties", "Derives the property schema of the relationships from a sample of the nodes.",
                  ProcedureMode::read, config,
                  {{"relType", Type::string}, {"sourceNodeLabels", Type::list}, {"targetNodeLabels", Type::list}, name, types,
                   mandatory, seen, total},
                  relationship_types);
}

}  // namespace packhouse::cypher::apoc
