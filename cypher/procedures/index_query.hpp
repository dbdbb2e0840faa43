#pragma once
#include <string>
#include <string_view>

#include "cypher/procedures/registry.hpp"
#include "storage/schema.hpp"

// What the procedures that ask vector and full-text indexes have in common.
namespace packhouse::cypher {

/// Status::procedure_call_failed as Neo4j words it; clients look for parts of it.
[[noreturn, gnu::cold]] void procedure_failed(std::string_view procedure, const std::string& why,
                                              std::string_view exception = "java.lang.IllegalArgumentException");
/// The argument, which must be a STRING.
std::string_view text_argument(std::string_view procedure, std::string_view name, const Value& v);

/// The index of that name, type and kind of entity. `type` is vector or fulltext.
const storage::Index& index_argument(ExecContext& c, std::string_view procedure, storage::IndexType type, storage::EntityType entity,
                                     const Value& name);
/// How many entities may be in it at most.
std::uint64_t entities_of(ExecContext& c, const storage::Index& index);
inline Value entity_value(storage::EntityType entity, std::uint64_t id) {
  return entity == storage::EntityType::node ? Value::node(NodeId{id}) : Value::relationship(RelId{id});
}

/// ExecContext::check() and bound() for storage, which can't be left by an exception.
Result<void> pause_search(ExecContext& c, std::size_t bytes = 0);

}  // namespace packhouse::cypher
