#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "cypher/error.hpp"

namespace packhouse::cypher::syntax {

/// The finer GQL statuses of errors found before a statement runs (specs/BOLT.md section 8). Each is the cause of an
/// outer 42001 (or, for wrong values, 22G03).
namespace gql {
inline constexpr std::string_view invalid_syntax = "42I06";
inline constexpr std::string_view too_many_statements = "42I15";
inline constexpr std::string_view empty_statement = "42N45";
inline constexpr std::string_view undefined_variable = "42N62";
inline constexpr std::string_view variable_bound = "42N59";
inline constexpr std::string_view wrong_entity = "42N38";
inline constexpr std::string_view unknown_function = "42N48";
inline constexpr std::string_view unknown_procedure = "42N08";
inline constexpr std::string_view type_mismatch = "22NB1";
inline constexpr std::string_view argument_count = "42I13";
inline constexpr std::string_view negative_number = "42N31";
inline constexpr std::string_view no_relationship_type = "42I14";
inline constexpr std::string_view invalid_number = "42I48";
inline constexpr std::string_view aggregation = "42I18";
inline constexpr std::string_view column_conflict = "42N38";
inline constexpr std::string_view union_columns = "42N39";
inline constexpr std::string_view union_mix = "42I40";
inline constexpr std::string_view clause_order = "42N71";
inline constexpr std::string_view no_alias = "42N21";
inline constexpr std::string_view pattern_expression = "42I34";
inline constexpr std::string_view parameter_map = "42N32";
inline constexpr std::string_view nothing_in_scope = "42N57";
}  // namespace gql

/// An Error of a place in the text. Its message is "<what> (line 1, column 8 (offset: 7))", then the line in quotes and
/// a caret under the place, as Neo4j words it; its position is set; its cause carries `cause` (see gql) and `what`.
Error located(Status status, std::string_view text, std::uint32_t byte_offset, std::string what,
              std::string_view cause);

/// Throws located(Status::syntax_error, …).
[[noreturn, gnu::cold]] void syntax_error(std::string_view text, std::uint32_t byte_offset, std::string what,
                                          std::string_view cause = gql::invalid_syntax);

}  // namespace packhouse::cypher::syntax
