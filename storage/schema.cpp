#include "storage/schema.hpp"

#include <algorithm>
#include <string_view>

namespace packhouse::storage {

const Index* Schema::index(std::string_view name) const {
  const auto at = std::ranges::find(indexes, name, &Index::name);
  return at == indexes.end() ? nullptr : &*at;
}

const Constraint* Schema::constraint(std::string_view name) const {
  const auto at = std::ranges::find(constraints, name, &Constraint::name);
  return at == constraints.end() ? nullptr : &*at;
}

std::optional<std::uint32_t> RecordSchema::token(EntityType entity) const {
  if (entity == EntityType::node) return label ? std::optional(raw(*label)) : std::nullopt;
  return type ? std::optional(raw(*type)) : std::nullopt;
}

const RecordSchema* Schema::record_schema(RecordSchemaKind kind, EntityType entity, std::uint32_t token) const {
  const auto at = std::ranges::find_if(record_schemas, [&](const RecordSchema& s) { return s.kind == kind && s.token(entity) == token; });
  return at == record_schemas.end() ? nullptr : &*at;
}

const Index* Schema::range_index(EntityType entity, std::uint32_t token, const std::vector<KeyId>& keys) const {
  const auto at = std::ranges::find_if(indexes, [&](const Index& i) {
    return i.type == IndexType::range && i.state == IndexState::online && i.entity == entity && i.token == token && i.keys == keys;
  });
  return at == indexes.end() ? nullptr : &*at;
}

}  // namespace packhouse::storage
