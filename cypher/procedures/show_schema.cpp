#include <algorithm>
#include <string>

#include "cypher/exec/index_options.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;
using storage::EntityType;

std::string_view type_word(storage::IndexType t) {
  switch (t) {
    case storage::IndexType::range: return "RANGE";
    case storage::IndexType::lookup: return "LOOKUP";
    case storage::IndexType::text: return "TEXT";
    case storage::IndexType::point: return "POINT";
    case storage::IndexType::fulltext: return "FULLTEXT";
    case storage::IndexType::vector: return "VECTOR";
  }
  return "RANGE";
}

std::string_view type_word(storage::ConstraintType t, EntityType entity) {
  const bool node = entity == EntityType::node;
  switch (t) {
    case storage::ConstraintType::unique: return node ? "UNIQUENESS" : "RELATIONSHIP_UNIQUENESS";
    case storage::ConstraintType::existence: return node ? "NODE_PROPERTY_EXISTENCE" : "RELATIONSHIP_PROPERTY_EXISTENCE";
    case storage::ConstraintType::key: return node ? "NODE_KEY" : "RELATIONSHIP_KEY";
    case storage::ConstraintType::property_type: return node ? "NODE_PROPERTY_TYPE" : "RELATIONSHIP_PROPERTY_TYPE";
  }
  return "UNIQUENESS";
}

std::string_view token_name(storage::Store& store, EntityType entity, std::uint32_t token) {
  return entity == EntityType::node ? store.name(LabelId{token}) : store.name(TypeId{token});
}

Value keys_of(Table& table, storage::Store& store, const std::vector<KeyId>& keys) {
  std::vector<std::string_view> names;
  for (const KeyId k : keys) names.push_back(store.name(k));
  return table.texts(names);
}

std::string pattern_of(storage::Store& store, EntityType entity, std::span<const std::uint32_t> tokens) {
  std::string name;
  for (const std::uint32_t token : tokens) name += (name.empty() ? "" : "|") + quoted_name(token_name(store, entity, token));
  return entity == EntityType::node ? "(n:" + name + ")" : "()-[n:" + name + "]-()";
}

std::string key_texts(storage::Store& store, const std::vector<KeyId>& keys) {
  std::string out;
  for (const KeyId key : keys) out += (out.empty() ? "n." : ", n.") + quoted_name(store.name(key));
  return out;
}
std::string key_list(storage::Store& store, const std::vector<KeyId>& keys) { return "(" + key_texts(store, keys) + ")"; }

std::string create_statement(storage::Store& store, const storage::Index& index) {
  if (index.owner) return "";
  std::vector<std::uint32_t> tokens;
  index.for_each_token([&](std::uint32_t token) { tokens.push_back(token); });
  const bool fulltext = index.type == storage::IndexType::fulltext;
  return "CREATE " + std::string(type_word(index.type)) + " INDEX " + quoted_name(index.name) + " FOR " +
         pattern_of(store, index.entity, tokens) + (fulltext ? " ON EACH [" + key_texts(store, index.keys) + "]" : " ON " + key_list(store, index.keys)) +
         options_text(index);
}

std::string requirement(const storage::Constraint& c) {
  switch (c.type) {
    case storage::ConstraintType::unique: return "IS UNIQUE";
    case storage::ConstraintType::existence: return "IS NOT NULL";
    case storage::ConstraintType::key: return c.entity == EntityType::node ? "IS NODE KEY" : "IS RELATIONSHIP KEY";
    case storage::ConstraintType::property_type: return "IS :: " + c.property_type;
  }
  return "";
}

std::string_view provider(storage::IndexType type) {
  if (type == storage::IndexType::vector) return vector_provider;
  if (type == storage::IndexType::fulltext) return fulltext_provider;
  return type == storage::IndexType::range ? "range-1.0" : "packhouse-1.0";
}

Rows indexes(ExecContext& c, std::span<const Value> a) {
  const std::string_view filter = a[0].as_string();
  auto table = std::make_unique<Table>(16);
  auto sorted = c.tx.schema().indexes;
  std::ranges::sort(sorted, {}, &storage::Index::name);
  for (const storage::Index& index : sorted) {
    const std::string_view type = type_word(index.type);
    if (!filter.empty() && filter != "ALL" && filter != type) continue;
    Value owner;
    for (const auto& constraint : c.tx.schema().constraints) {
      if (index.owner == constraint.id) owner = table->text(constraint.name);
    }
    std::vector<std::string_view> names;
    index.for_each_token([&](std::uint32_t token) { names.push_back(token_name(c.store, index.entity, token)); });
    const std::string_view states[] = {"POPULATING", "ONLINE", "FAILED"};
    table->add({Value::integer(raw(index.id) + 1), table->text(index.name), table->text(states[static_cast<int>(index.state)]),
                Value::real(100.0), table->text(type), table->text(index.entity == EntityType::node ? "NODE" : "RELATIONSHIP"),
                table->texts(names), keys_of(*table, c.store, index.keys),
                table->text(provider(index.type)), owner, Value(),
                Value::integer(0), Value(), index_options(index, table->arena()), table->text(""), table->text(create_statement(c.store, index))});
  }
  return table;
}

bool constraint_matches(std::string_view filter, std::string_view type) {
  if (filter.empty() || filter == "ALL") return true;
  std::string wanted(filter);
  std::ranges::replace(wanted, ' ', '_');
  if (wanted == "UNIQUE" || wanted == "UNIQUENESS") return type.ends_with("UNIQUENESS");
  if (wanted == "NODE_UNIQUE" || wanted == "NODE_UNIQUENESS") return type == "UNIQUENESS";
  if (wanted == "KEY") return type.ends_with("_KEY");
  if (wanted == "EXIST" || wanted == "EXISTENCE" || wanted == "PROPERTY_EXISTENCE") return type.ends_with("_EXISTENCE");
  if (wanted == "PROPERTY_TYPE") return type.ends_with("_TYPE");
  return type == wanted || type.find(wanted) == 0;
}

Rows constraints(ExecContext& c, std::span<const Value> a) {
  auto table = std::make_unique<Table>(10);
  auto sorted = c.tx.schema().constraints;
  std::ranges::sort(sorted, {}, &storage::Constraint::name);
  for (const storage::Constraint& k : sorted) {
    const std::string_view type = type_word(k.type, k.entity);
    if (!constraint_matches(a[0].as_string(), type)) continue;
    Value owned;
    for (const auto& index : c.tx.schema().indexes) {
      if (k.index == index.id) owned = table->text(index.name);
    }
    const std::string_view names[] = {token_name(c.store, k.entity, k.token)};
    table->add({Value::integer(raw(k.id) + 1), table->text(k.name), table->text(type),
                table->text(k.entity == EntityType::node ? "NODE" : "RELATIONSHIP"), table->texts(names),
                keys_of(*table, c.store, k.keys), owned, k.property_type.empty() ? Value() : table->text(k.property_type),
                Value::map({}),
                table->text("CREATE CONSTRAINT " + quoted_name(k.name) + " FOR " + pattern_of(c.store, k.entity, std::span(&k.token, 1)) +
                            " REQUIRE " + key_list(c.store, k.keys) + " " + requirement(k))});
  }
  return table;
}

}  // namespace

void add_schema_tables(ProcedureRegistry& r) {
  r.add({.name = "show.indexes", .description = "Lists the indexes.", .arguments = show_arguments(),
         .columns = {{"id", Type::integer}, {"name", Type::string}, {"state", Type::string}, {"populationPercent", Type::floating},
                     {"type", Type::string}, {"entityType", Type::string}, {"labelsOrTypes", Type::list}, {"properties", Type::list},
                     {"indexProvider", Type::string}, {"owningConstraint", Type::string}, {"lastRead", Type::datetime},
                     {"readCount", Type::integer}, {"trackedSince", Type::datetime, false}, {"options", Type::map, false},
                     {"failureMessage", Type::string, false}, {"createStatement", Type::string, false}},
         .open = indexes});
  r.add({.name = "show.constraints", .description = "Lists the constraints.", .arguments = show_arguments(),
         .columns = {{"id", Type::integer}, {"name", Type::string}, {"type", Type::string}, {"entityType", Type::string},
                     {"labelsOrTypes", Type::list}, {"properties", Type::list}, {"ownedIndex", Type::string},
                     {"propertyType", Type::string}, {"options", Type::map, false}, {"createStatement", Type::string, false}},
         .open = constraints});
}

}  // namespace packhouse::cypher
