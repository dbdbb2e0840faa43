#pragma once
#include <string>

#include "storage/schema.hpp"
#include "value/value.hpp"

namespace packhouse::cypher {

/// What a vector index is made with, by the names of its settings. Throws QueryError.
void set_vector_option(storage::VectorConfig& config, std::string_view name, const Value& value);
/// OPTIONS {indexProvider: …, indexConfig: {…}} of CREATE INDEX; `options` is a map. Indexes other than vector and
/// full-text indexes have none that matter here. Throws QueryError.
void apply_index_options(storage::IndexDefinition& index, const Value& options);

/// The same the other way round, for SHOW INDEXES: the map of options in `arena`, and the text behind OPTIONS.
Value index_options(const storage::Index& index, Arena& arena);
std::string options_text(const storage::Index& index);

inline constexpr std::string_view vector_provider = "vector-2.0", fulltext_provider = "fulltext-1.0";

}  // namespace packhouse::cypher
