#include <map>
#include <set>
#include <string>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/shapes.hpp"
#include "cypher/procedures/table.hpp"

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;

void add(ProcedureRegistry& registry, std::string name, std::string description, std::vector<ProcedureArgument> arguments,
         std::vector<ProcedureColumn> columns, std::function<Rows(ExecContext&, std::span<const Value>)> open) {
  registry.add({.name = std::move(name), .description = std::move(description), .mode = ProcedureMode::read,
                .arguments = std::move(arguments), .columns = std::move(columns), .open = std::move(open)});
}

/// db.labels: labels in use by this transaction's state.
Rows labels(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(1);
  for (std::uint32_t i = 0; i < c.store.label_count(); ++i) {
    if (c.tx.node_count(LabelId{i}) > 0) table->add({table->text(c.store.name(LabelId{i}))});
  }
  return table;
}

Rows relationship_types(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(1);
  for (std::uint32_t i = 0; i < c.store.type_count(); ++i) {
    if (c.tx.relationship_count(TypeId{i}) > 0) table->add({table->text(c.store.name(TypeId{i}))});
  }
  return table;
}

Rows property_keys(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(1);
  for (std::uint32_t i = 0; i < c.store.key_count(); ++i) table->add({table->text(c.store.name(KeyId{i}))});
  return table;
}

Rows nothing(ExecContext&, std::span<const Value>) { return std::make_unique<Table>(0); }

template <class Key, class Emit>
void emit_shapes(ExecContext& c, Table& table, const std::map<Key, Shape>& shapes, const Emit& emit) {
  for (const auto& [key, shape] : shapes) {
    if (shape.keys.empty()) emit(key, Value(), Value(), false);
    for (const auto& [property, seen] : shape.keys) {
      std::vector<std::string_view> types(seen.second.begin(), seen.second.end());
      emit(key, table.text(c.store.name(KeyId{property})), table.texts(types), seen.first == shape.count);
    }
  }
}

Rows node_type_properties(ExecContext& c, std::span<const Value>) {
  std::map<std::vector<std::string_view>, Shape> shapes;
  auto cursor = or_throw(c.tx.scan_nodes());
  std::array<NodeId, 256> ids;
  Arena scratch;
  while (const std::size_t n = or_throw(cursor->next(ids))) {
    c.check();
    for (std::size_t i = 0; i < n; ++i) {
      const auto node = node_view(c, ids[i]);
      std::vector<std::string_view> names;
      for (std::size_t l = 0; l < node.label_count(); ++l) names.push_back(c.store.name(node.label(l)));
      observe(shapes[names], node, scratch);
    }
    scratch.reset();
  }
  auto table = std::make_unique<Table>(5);
  emit_shapes(c, *table, shapes, [&](const auto& names, Value key, Value types, bool mandatory) {
    std::string type;
    for (const auto name : names) type += ":`" + std::string(name) + "`";
    table->add({table->text(type), table->texts(names), key, types, Value::boolean(mandatory)});
  });
  return table;
}

Rows relationship_type_properties(ExecContext& c, std::span<const Value>) {
  std::map<std::string_view, Shape> shapes;
  auto cursor = or_throw(c.tx.scan_relationships());
  std::array<RelId, 256> ids;
  Arena scratch;
  while (const std::size_t n = or_throw(cursor->next(ids))) {
    c.check();
    for (std::size_t i = 0; i < n; ++i) {
      const auto rel = relationship_view(c, ids[i]);
      observe(shapes[c.store.name(rel.type())], rel, scratch);
    }
    scratch.reset();
  }
  auto table = std::make_unique<Table>(4);
  emit_shapes(c, *table, shapes, [&](std::string_view name, Value key, Value types, bool mandatory) {
    table->add({table->text(":`" + std::string(name) + "`"), key, types, Value::boolean(mandatory)});
  });
  return table;
}

}  // namespace

void add_catalog_procedures(ProcedureRegistry& r) {
  add(r, "db.labels", "Lists the labels in use.", {}, {{"label", Type::string}}, labels);
  add(r, "db.relationshipTypes", "Lists the relationship types in use.", {}, {{"relationshipType", Type::string}}, relationship_types);
  add(r, "db.propertyKeys", "Lists the property keys.", {}, {{"propertyKey", Type::string}}, property_keys);
  add(r, "db.ping", "Answers, which tells that the database is there.", {}, {{"success", Type::boolean}},
      [](ExecContext&, std::span<const Value>) {
        auto table = std::make_unique<Table>(1);
        table->add({Value::boolean(true)});
        return table;
      });
  add(r, "db.awaitIndex", "Waits for an index to come online (here: at commit, so at once).",
      {{"indexName", Type::string}, {.name = "timeOutSeconds", .type = Type::integer, .default_value = "300", .has_default = true, .fallback = Value::integer(300)}},
      {}, [](ExecContext& c, std::span<const Value> a) -> Rows {
        if (!a[0].is(Kind::string) || !c.tx.schema().index(a[0].as_string())) {
          throw QueryError(Status::index_not_found, "There is no such index: " + (a[0].is(Kind::string) ? std::string(a[0].as_string()) : "null"));
        }
        return std::make_unique<Table>(0);
      });
  add(r, "db.awaitIndexes", "Waits for all indexes to come online (here: at commit, so at once).",
      {{.name = "timeOutSeconds", .type = Type::integer, .default_value = "300", .has_default = true, .fallback = Value::integer(300)}},
      {}, nothing);
  add(r, "db.schema.nodeTypeProperties", "Derives the property schema of the nodes.", {},
      {{"nodeType", Type::string}, {"nodeLabels", Type::list}, {"propertyName", Type::string}, {"propertyTypes", Type::list},
       {"mandatory", Type::boolean}},
      node_type_properties);
  add(r, "db.schema.relTypeProperties", "Derives the property schema of the relationships.", {},
      {{"relType", Type::string}, {"propertyName", Type::string}, {"propertyTypes", Type::list}, {"mandatory", Type::boolean}},
      relationship_type_properties);
}

}  // namespace packhouse::cypher
