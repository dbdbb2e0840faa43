#include "cypher/procedures/index_query.hpp"

namespace packhouse::cypher {

using storage::EntityType;

void procedure_failed(std::string_view procedure, const std::string& why, std::string_view exception) {
  throw QueryError(Status::procedure_call_failed, "Failed to invoke procedure `" + std::string(procedure) + "`: Caused by: " +
                                                      std::string(exception) + ": " + why);
}

std::string_view text_argument(std::string_view procedure, std::string_view name, const Value& v) {
  if (!v.is(Kind::string)) {
    procedure_failed(procedure, "'" + std::string(name) + "' must be a STRING, but was " + std::string(type_name(v.kind())));
  }
  return v.as_string();
}

const storage::Index& index_argument(ExecContext& c, std::string_view procedure, storage::IndexType type, EntityType entity,
                                     const Value& v) {
  const std::string name(text_argument(procedure, "indexName", v));
  const std::string family = type == storage::IndexType::vector ? "vector" : "fulltext";
  const storage::Index* index = c.tx.schema().index(name);
  if (!index || index->type != type) procedure_failed(procedure, "There is no such " + family + " schema index: " + name);
  if (index->entity != entity) {
    procedure_failed(procedure, "The index '" + name + "' is on " +
                                    (index->entity == EntityType::node
                                         ? "nodes: use db.index." + family + ".queryNodes"
                                         : "relationships: use db.index." + family + ".queryRelationships"));
  }
  return *index;
}

std::uint64_t entities_of(ExecContext& c, const storage::Index& index) {
  std::uint64_t n = 0;
  index.for_each_token([&](std::uint32_t token) {
    n += index.entity == EntityType::node ? c.tx.node_count(LabelId{token}) : c.tx.relationship_count(TypeId{token});
  });
  return n;
}

Result<void> pause_search(ExecContext& c, std::size_t bytes) {
  try {
    c.check();
    c.bound(bytes);
    return ok;
  } catch (QueryError& e) {
    return tl::make_unexpected(std::move(e.error));
  }
}

}  // namespace packhouse::cypher
