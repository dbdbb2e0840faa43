#pragma once
#include <string>
#include <vector>

#include "cypher/functions/registry.hpp"

namespace packhouse::cypher {

// Each adds its functions to the registry's list.
using Functions = std::vector<Function>;
void add_scalar_functions(Functions& out);
void add_graph_functions(Functions& out);
void add_conversion_functions(Functions& out);
void add_math_functions(Functions& out);
void add_string_functions(Functions& out);
void add_list_functions(Functions& out);
void add_temporal_functions(Functions& out);
void add_spatial_functions(Functions& out);
void add_vector_functions(Functions& out);
void add_datapacker_functions(Functions& out);
void add_packos_functions(Functions& out);
void add_aggregates(Functions& out);
void add_percentiles(Functions& out);

/// TypeError: "Invalid input for function 'size()': expected …, got …".
[[noreturn]] void wrong_argument(std::string_view function, std::string_view expected, const Value& got);

// Checked access to arguments, for functions whose argument type allows several kinds.
std::int64_t integer_argument(std::string_view function, const Value& v);
double number_argument(std::string_view function, const Value& v);
std::string_view string_argument(std::string_view function, const Value& v);
std::span<const Value> list_argument(std::string_view function, const Value& v);
Bytes bytes_argument(std::string_view function, const Value& v);

/// A string in the arena.
inline Value text(Arena& arena, std::string_view s) { return Value::string(arena.copy(s)); }
/// Bytes in the arena.
inline Value kept_bytes(CallContext& c, Bytes b) { return Value::bytes(c.arena.copy(b)); }

}  // namespace packhouse::cypher
