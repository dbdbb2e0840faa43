#pragma once
#include <cstddef>
#include <string_view>

#include "cypher/exec/build.hpp"

namespace packhouse::cypher {

/// The value of SKIP or LIMIT (`word`): a non-negative integer, or ArgumentError.
std::size_t count_argument(const Expression& e, std::string_view word, ExecContext& context, std::size_t slots);

}  // namespace packhouse::cypher
