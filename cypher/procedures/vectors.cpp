#include <cmath>
#include <string>
#include <vector>

#include "cypher/exec/index_options.hpp"
#include "cypher/exec/setter.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/index_query.hpp"
#include "cypher/procedures/table.hpp"
#include "value/vector_math.hpp"

// db.index.vector.*, db.create.*VectorProperty (docs/VECTORS.md).
namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;
using Arguments = std::span<const Value>;
using storage::EntityType;

std::vector<float> vector_argument(std::string_view procedure, std::string_view name, const Value& v) {
  std::vector<float> out;
  if (v.is_null()) procedure_failed(procedure, "'" + std::string(name) + "' must not be null");
  if (!vectors::read(v, out)) {
    procedure_failed(procedure, "'" + std::string(name) + "' must be a VECTOR or a LIST<INTEGER | FLOAT>, but was " +
                          std::string(type_name(v.kind())));
  }
  return out;
}

// ---- queries -------------------------------------------------------------------------------------------------------

Rows query(ExecContext& c, std::string_view procedure, EntityType entity, Arguments a) {
  const storage::Index& index = index_argument(c, procedure, storage::IndexType::vector, entity, a[0]);
  if (!a[1].is(Kind::integer) || a[1].as_integer() < 1)
    procedure_failed(procedure, "'numberOfNearestNeighbours' must be positive");
  const auto wanted = vector_argument(procedure, "query", a[2]);
  storage::VectorQuery q{
      .index = index.id, .vector = wanted, .limit = static_cast<std::uint64_t>(a[1].as_integer()), .pause = [&c] {
        return pause_search(c);
      }};
  c.bound(std::min(q.limit, entities_of(c, index)) * (2 * sizeof(storage::VectorMatch) + 2 * sizeof(Value)));
  auto found = c.tx.vector_search(q);
  if (!found && found.error().status() == Status::argument_error) procedure_failed(procedure, found.error().message());
  auto table = std::make_unique<Table>(2);
  for (const storage::VectorMatch& m : or_throw(std::move(found))) {
    table->add({entity_value(entity, m.id), Value::real(m.score)});
  }
  return table;
}

// ---- properties ----------------------------------------------------------------------------------------------------

/// Sets the property as a list of 32-bit floats (half the room of others), or as the VECTOR that it is.
void set_vector(ExecContext& c, std::string_view procedure, Kind kind, Arguments a) {
  if (!a[0].is(kind)) {
    procedure_failed(procedure, std::string(kind == Kind::node ? "'node'" : "'relationship'") + " must be a " +
                          std::string(type_name(kind)) + ", but was " + std::string(type_name(a[0].kind())));
  }
  const std::string_view key = text_argument(procedure, "key", a[1]);
  const auto elements = vector_argument(procedure, "vector", a[2]);
  if (elements.empty() || elements.size() > storage::max_vector_dimensions) {
    procedure_failed(procedure, "'vector' must have 1 to 4096 dimensions, but has " + std::to_string(elements.size()));
  }
  std::vector<Value> items;
  for (const float x : elements) {
    if (!std::isfinite(x)) procedure_failed(procedure, "'vector' must contain finite values only, as 32-bit floats");
    items.push_back(Value::real(static_cast<double>(x)));
  }
  const Value stored = a[2].is(Kind::vector) ? a[2] : Value::list(items);
  set_property(c, a[0], or_throw(c.store.key(key)), stored);
}

// ---- the old way to make indexes -----------------------------------------------------------------------------------

Rows create_index(ExecContext& c, std::string_view procedure, EntityType entity, Arguments a) {
  storage::IndexDefinition d;
  d.type = storage::IndexType::vector;
  d.entity = entity;
  d.name = text_argument(procedure, "indexName", a[0]);
  const std::string_view token =
      text_argument(procedure, entity == EntityType::node ? "label" : "relationshipType", a[1]);
  const std::string_view key = text_argument(procedure, "propertyKey", a[2]);
  try {
    set_vector_option(d.vector, "vector.dimensions", a[3]);
    set_vector_option(d.vector, "vector.similarity_function", a[4]);
  } catch (QueryError& e) {
    procedure_failed(procedure, e.error.message());
  }
  d.token = entity == EntityType::node ? raw(or_throw(c.store.label(token))) : raw(or_throw(c.store.type(token)));
  d.keys.push_back(or_throw(c.store.key(key)));
  or_throw(c.tx.create_index(d));
  return std::make_unique<Table>(0);
}

}  // namespace

void add_vector_procedures(ProcedureRegistry& registry) {
  const auto add = [&](std::string name, std::string description, ProcedureMode mode,
                       std::vector<ProcedureArgument> arguments, std::vector<ProcedureColumn> columns,
                       Rows (*open)(ExecContext&, std::string_view, Arguments)) {
    registry.add({.name = name,
                  .description = std::move(description),
                  .mode = mode,
                  .arguments = std::move(arguments),
                  .columns = std::move(columns),
                  .open = [name, open](ExecContext& c, Arguments a) { return open(c, name, a); }});
  };
  const std::vector<ProcedureArgument> asked{
      {"indexName", Type::string}, {"numberOfNearestNeighbours", Type::integer}, {"query", Type::any}};
  add("db.index.vector.queryNodes", "Finds the nodes whose vectors are nearest to one, with their scores; best first.",
      ProcedureMode::read, asked, {{"node", Type::node}, {"score", Type::floating}},
      [](ExecContext& c, std::string_view name, Arguments a) { return query(c, name, EntityType::node, a); });
  add("db.index.vector.queryRelationships",
      "Finds the relationships whose vectors are nearest to one, with their scores; best first.", ProcedureMode::read,
      asked, {{"relationship", Type::relationship}, {"score", Type::floating}},
      [](ExecContext& c, std::string_view name, Arguments a) { return query(c, name, EntityType::relationship, a); });

  const ProcedureArgument node{"node", Type::node}, relationship{"relationship", Type::relationship},
      key{"key", Type::string}, vector{"vector", Type::any};
  add("db.create.setNodeVectorProperty", "Sets a vector property of a node.", ProcedureMode::write, {node, key, vector},
      {}, [](ExecContext& c, std::string_view name, Arguments a) -> Rows {
        set_vector(c, name, Kind::node, a);
        return std::make_unique<Table>(0);
      });
  add("db.create.setRelationshipVectorProperty", "Sets a vector property of a relationship.", ProcedureMode::write,
      {relationship, key, vector}, {}, [](ExecContext& c, std::string_view name, Arguments a) -> Rows {
        set_vector(c, name, Kind::relationship, a);
        return std::make_unique<Table>(0);
      });
  add("db.create.setVectorProperty", "Sets a vector property of a node, and returns the node (the old form).",
      ProcedureMode::write, {node, key, vector}, {{"node", Type::node}},
      [](ExecContext& c, std::string_view name, Arguments a) -> Rows {
        set_vector(c, name, Kind::node, a);
        auto table = std::make_unique<Table>(1);
        table->add({a[0]});
        return table;
      });

  const ProcedureArgument index_name{"indexName", Type::string}, property{"propertyKey", Type::string},
      dimension{"vectorDimension", Type::integer}, similarity{"vectorSimilarityFunction", Type::string};
  add("db.index.vector.createNodeIndex", "Makes a vector index on nodes (the old form of CREATE VECTOR INDEX).",
      ProcedureMode::schema, {index_name, {"label", Type::string}, property, dimension, similarity}, {},
      [](ExecContext& c, std::string_view name, Arguments a) { return create_index(c, name, EntityType::node, a); });
  add("db.index.vector.createRelationshipIndex",
      "Makes a vector index on relationships (the old form of CREATE VECTOR INDEX).", ProcedureMode::schema,
      {index_name, {"relationshipType", Type::string}, property, dimension, similarity}, {},
      [](ExecContext& c, std::string_view name, Arguments a) {
        return create_index(c, name, EntityType::relationship, a);
      });
}

}  // namespace packhouse::cypher
