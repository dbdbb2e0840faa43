#pragma once
#include <string_view>

#include "cypher/procedures/registry.hpp"
#include "storage/schema.hpp"

namespace packhouse::cypher {

/// Adds `<family>.schema.set`, `.get`, `.list`, `.drop` and `.check` for record schemas of one kind
/// (storage/record_rules.hpp): "packos" for those in PackOS's schema language.
void add_record_schema_procedures(ProcedureRegistry& registry, std::string_view family, storage::RecordSchemaKind kind);

}  // namespace packhouse::cypher
