#pragma once
#include <span>
#include <string>
#include <string_view>

#include "value/value.hpp"

namespace packhouse::cypher::apoc {

/// Java's String.format for values: %s %S %d %f %e %x %X %o %b %c %n %% with width, precision, '-', '0', '+' and ',' .
/// What is not supported, or doesn't fit the value, is an error that names the function.
std::string java_printf(std::string_view function, std::string_view pattern, std::span<const Value> parameters);

/// The text with which apoc.util.validate and .validatePredicate fail.
std::string validation_message(std::string_view function, std::string_view pattern, std::span<const Value> parameters);

}  // namespace packhouse::cypher::apoc
