#include "cypher/functions/registry.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/families.hpp"

namespace packhouse::cypher {

FunctionRegistry::FunctionRegistry() {
  for (auto* add_family : {add_scalar_functions, add_graph_functions, add_conversion_functions, add_math_functions,
                           add_string_functions, add_list_functions, add_temporal_functions, add_spatial_functions,
                           add_vector_functions, add_datapacker_functions,
                           add_packos_functions, add_apoc_functions, add_aggregates, add_percentiles}) {
    add_family(functions_);
  }
  std::ranges::sort(functions_, {}, &Function::name);
}

const FunctionRegistry& FunctionRegistry::instance() {
  static const FunctionRegistry registry;
  return registry;
}

const Function* FunctionRegistry::find(std::string_view name) const {
  std::array<char, 64> lower;
  if (name.size() > lower.size()) return nullptr;
  std::ranges::transform(name, lower.begin(), ascii_lower);
  const std::string_view wanted(lower.data(), name.size());
  const auto it = std::ranges::lower_bound(functions_, wanted, {}, &Function::name);
  return it != functions_.end() && it->name == wanted ? &*it : nullptr;
}

void wrong_argument(std::string_view function, std::string_view expected, const Value& got) {
  throw QueryError(Status::type_error, "Invalid input for function '" + std::string(function) + "()': Expected " +
                                           std::string(expected) + ", got: " + std::string(type_name(got.kind())));
}

std::int64_t integer_argument(std::string_view function, const Value& v) {
  if (!v.is(Kind::integer)) wrong_argument(function, "an Integer", v);
  return v.as_integer();
}

double number_argument(std::string_view function, const Value& v) {
  if (!v.is_number()) wrong_argument(function, "a Number", v);
  return v.number();
}

std::string_view string_argument(std::string_view function, const Value& v) {
  if (!v.is(Kind::string)) wrong_argument(function, "a String", v);
  return v.as_string();
}

Bytes bytes_argument(std::string_view function, const Value& v) {
  if (!v.is(Kind::bytes)) wrong_argument(function, "a ByteArray", v);
  return v.as_bytes();
}

std::span<const Value> list_argument(std::string_view function, const Value& v) {
  if (!v.is(Kind::list)) wrong_argument(function, "a List", v);
  return v.as_list();
}

}  // namespace packhouse::cypher
