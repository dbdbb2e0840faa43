#pragma once
#include "base/buffer.hpp"
#include "base/error.hpp"
#include "storage/kv/engine.hpp"
#include "storage/schema.hpp"

// Schema entries on disk: one key each (keys::index_definition, keys::constraint_definition,
// keys::record_schema_definition), the value a PackStream map, so that later versions can add entries that older ones skip.
namespace packhouse::storage {

void serialize(const Index& index, Buffer& out);
void serialize(const Constraint& constraint, Buffer& out);
void serialize(const RecordSchema& schema, Buffer& out);
/// storage_failed for anything that serialize() did not write.
Result<Index> parse_index(IndexId id, Bytes stored);
Result<Constraint> parse_constraint(ConstraintId id, Bytes stored);
/// Compiles its text, too.
Result<RecordSchema> parse_record_schema(RecordSchemaId id, Bytes stored);

/// Reads all indexes, constraints and record schemas, in order of their ids; `version` is 0.
Result<Schema> load_schema(kv::Snapshot& snapshot);
Result<void> put(kv::Batch& batch, const Index& index);
Result<void> put(kv::Batch& batch, const Constraint& constraint);
Result<void> put(kv::Batch& batch, const RecordSchema& schema);
Result<void> erase(kv::Batch& batch, IndexId id);  ///< the definition only, not the index's entries
Result<void> erase(kv::Batch& batch, ConstraintId id);
Result<void> erase(kv::Batch& batch, RecordSchemaId id);

}  // namespace packhouse::storage
