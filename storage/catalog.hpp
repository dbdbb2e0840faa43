#pragma once
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "storage/schema.hpp"
#include "value/value.hpp"

namespace packhouse::storage {

/// A schema with the look-ups that writing needs. Immutable, shared by all who see it.
class Catalog {
 public:
  explicit Catalog(Schema schema);
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  const Schema& schema() const { return schema_; }
  std::uint64_t version() const { return schema_.version; }
  const Index* index(IndexId id) const;
  const Constraint* constraint(ConstraintId id) const;

  /// Indexes with entries in the property_index table, over this label or type.
  std::span<const Index* const> indexes(EntityType entity, std::uint32_t token) const { return get(indexes_, entity, token); }
  /// Vector indexes over this label or type.
  std::span<const Index* const> vector_indexes(EntityType entity, std::uint32_t token) const {
    return get(vector_indexes_, entity, token);
  }
  /// Full-text indexes over this label or type.
  std::span<const Index* const> fulltext_indexes(EntityType entity, std::uint32_t token) const {
    return get(fulltext_indexes_, entity, token);
  }
  std::span<const Constraint* const> constraints(EntityType entity, std::uint32_t token) const {
    return get(constraints_, entity, token);
  }
  bool has_constraints() const { return !schema_.constraints.empty(); }
  std::span<const RecordSchema* const> record_schemas(EntityType entity, std::uint32_t token) const {
    return get(record_schemas_, entity, token);
  }
  bool has_record_schemas() const { return !schema_.record_schemas.empty(); }

 private:
  template <class T>
  using ByToken = std::map<std::pair<EntityType, std::uint32_t>, std::vector<const T*>>;
  template <class T>
  static std::span<const T* const> get(const ByToken<T>& map, EntityType entity, std::uint32_t token) {
    if (map.empty()) return {};
    const auto it = map.find({entity, token});
    return it == map.end() ? std::span<const T* const>() : std::span<const T* const>(it->second);
  }

  Schema schema_;
  ByToken<Index> indexes_, vector_indexes_, fulltext_indexes_;
  ByToken<Constraint> constraints_;
  ByToken<RecordSchema> record_schemas_;
};
using CatalogPtr = std::shared_ptr<const Catalog>;

/// Whether an index of this type keeps entries in the property_index table.
bool keeps_entries(IndexType type);
/// Whether an index of this type takes a value of this kind (text indexes only strings, point indexes only points).
bool takes(IndexType type, const Value& value);

}  // namespace packhouse::storage
