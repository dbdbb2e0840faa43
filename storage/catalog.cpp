#include "storage/catalog.hpp"

#include <algorithm>

#include "storage/keys.hpp"

namespace packhouse::storage {

Catalog::Catalog(Schema schema) : schema_(std::move(schema)) {
  for (const Index& index : schema_.indexes) {
    if (keeps_entries(index.type)) indexes_[{index.entity, index.token}].push_back(&index);
    if (index.type == IndexType::vector) vector_indexes_[{index.entity, index.token}].push_back(&index);
    if (index.type == IndexType::fulltext) {
      index.for_each_token([&](std::uint32_t token) { fulltext_indexes_[{index.entity, token}].push_back(&index); });
    }
  }
  for (const Constraint& constraint : schema_.constraints) {
    constraints_[{constraint.entity, constraint.token}].push_back(&constraint);
  }
  for (const RecordSchema& s : schema_.record_schemas) {
    for (const EntityType entity : {EntityType::node, EntityType::relationship}) {
      if (const auto token = s.token(entity)) record_schemas_[{entity, *token}].push_back(&s);
    }
  }
}

const Index* Catalog::index(IndexId id) const {
  const auto it = std::ranges::find(schema_.indexes, id, &Index::id);
  return it == schema_.indexes.end() ? nullptr : &*it;
}

const Constraint* Catalog::constraint(ConstraintId id) const {
  const auto it = std::ranges::find(schema_.constraints, id, &Constraint::id);
  return it == schema_.constraints.end() ? nullptr : &*it;
}

bool keeps_entries(IndexType type) {
  return type == IndexType::range || type == IndexType::text || type == IndexType::point;
}

bool takes(IndexType type, const Value& value) {
  switch (type) {
    case IndexType::text: return value.is(Kind::string);
    case IndexType::point: return value.is(Kind::point);
    default: return keys::indexable(value);
  }
}

}  // namespace packhouse::storage
