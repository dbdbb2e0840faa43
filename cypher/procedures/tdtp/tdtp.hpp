#pragma once
#include "cypher/procedures/later_rows.hpp"

// Procedures on the tables of TDTP (docs/TDTP.md): a table is a label, a row a node, key fields are its key.
namespace packhouse::cypher {

/// tdtp.read, tdtp.filter, tdtp.page, tdtp.info.
void add_tdtp_reading(ProcedureRegistry& registry);
/// tdtp.write, tdtp.export, tdtp.process.
void add_tdtp_writing(ProcedureRegistry& registry);
/// tdtp.import.
void add_tdtp_import(ProcedureRegistry& registry);
/// tdtp.diff.
void add_tdtp_diff(ProcedureRegistry& registry);

/// An argument that may be left out: a map of options.
inline ProcedureArgument options_argument() {
  return {.name = "options", .type = Type::map, .default_value = "{}", .has_default = true, .fallback = Value::map({})};
}
/// The text of an argument; ArgumentError for anything else.
std::string text_argument(std::string_view procedure, std::string_view name, const Value& v);

}  // namespace packhouse::cypher
