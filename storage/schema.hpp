#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace packhouse::storage {

enum class EntityType : std::uint8_t { node, relationship };
enum class IndexType : std::uint8_t { range, lookup, text, point, fulltext, vector };
enum class IndexState : std::uint8_t { populating, online, failed };

/// How a vector index compares. The numbers are stored: never renumber.
enum class VectorSimilarity : std::uint8_t { cosine, euclidean };

inline constexpr std::uint32_t max_vector_dimensions = 4096;
/// What CREATE VECTOR INDEX can set; without meaning for other indexes.
struct VectorConfig {
  VectorSimilarity similarity = VectorSimilarity::cosine;
  std::uint32_t dimensions = 0;        ///< of what it takes, at most max_vector_dimensions; 0: any
  std::uint32_t m = 16;                ///< neighbours of a vector in each layer of the graph, 1 to 512
  std::uint32_t ef_construction = 100; ///< candidates when a vector is put into the graph, 1 to 3200
  bool quantization = true;            ///< accepted and shown; vectors are always kept as they are
};

/// What CREATE FULLTEXT INDEX can set; without meaning for other indexes.
struct FulltextConfig {
  std::string analyzer{"standard-no-stop-words"};  ///< a name that fulltext::find_analyzer() knows
  bool eventually_consistent = false;              ///< accepted and shown; the index is always up to date
};

inline constexpr std::size_t max_fulltext_properties = 250;

/// What CREATE INDEX asks for. `token` is a LabelId or TypeId by entity.
struct IndexDefinition {
  std::string name;
  IndexType type = IndexType::range;
  EntityType entity = EntityType::node;
  std::uint32_t token = 0;
  std::vector<KeyId> keys;
  std::optional<ConstraintId> owner;  ///< the constraint that owns it
  VectorConfig vector{};
  std::vector<std::uint32_t> more_tokens{};  ///< further labels or types; of full-text indexes only
  FulltextConfig fulltext{};

  /// Calls f(token) for every label or type that it is over.
  template <class F>
  void for_each_token(F&& f) const {
    f(token);
    for (const std::uint32_t other : more_tokens) f(other);
  }
};

struct Index : IndexDefinition {
  IndexId id{};
  IndexState state = IndexState::online;
};

enum class ConstraintType : std::uint8_t { unique, existence, key, property_type };

struct ConstraintDefinition {
  std::string name;
  ConstraintType type = ConstraintType::unique;
  EntityType entity = EntityType::node;
  std::uint32_t token = 0;
  std::vector<KeyId> keys;
  std::string property_type;  ///< normalized type text, for property_type constraints
};

struct Constraint : ConstraintDefinition {
  ConstraintId id{};
  std::optional<IndexId> index;  ///< of unique and key constraints
};

class RecordRule;  // storage/record_rules.hpp

/// The language that a record schema is written in. The numbers are stored: never renumber.
enum class RecordSchemaKind : std::uint8_t { packos = 0, json = 1 };

/// A schema for the properties of the nodes with a label, of the relationships of a type, or of both.
/// A label or type has at most one of each kind.
struct RecordSchemaDefinition {
  RecordSchemaKind kind = RecordSchemaKind::packos;
  std::optional<LabelId> label;
  std::optional<TypeId> type;
  std::string text;  ///< in its language
};

struct RecordSchema : RecordSchemaDefinition {
  RecordSchemaId id{};
  std::shared_ptr<const RecordRule> rule;  ///< `text`, compiled

  std::optional<std::uint32_t> token(EntityType entity) const;
};

/// All indexes, constraints and record schemas; immutable once published.
struct Schema {
  std::uint64_t version = 0;
  std::vector<Index> indexes;
  std::vector<Constraint> constraints;
  std::vector<RecordSchema> record_schemas;

  const Index* index(std::string_view name) const;
  const Constraint* constraint(std::string_view name) const;
  /// The schema of a label or type, or null.
  const RecordSchema* record_schema(RecordSchemaKind kind, EntityType entity, std::uint32_t token) const;
  /// An online range index over exactly these keys (in this order), or null.
  const Index* range_index(EntityType entity, std::uint32_t token, const std::vector<KeyId>& keys) const;
};

}  // namespace packhouse::storage
