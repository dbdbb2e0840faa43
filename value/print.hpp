#pragma once
#include <string>

#include "value/value.hpp"

namespace packhouse {

/// The value as a Cypher literal, for error messages, logs of tests and EXPLAIN: 'it\'s', [1, 2.0],
/// {a: null, `b c`: true}, date('2024-02-29'), duration('P1D'), point({...}). Entities, whose
/// content is in the graph, are (#1), [#2] and <path of n relationships>. At most about `limit` bytes;
/// what is left out is "…".
std::string print(const Value& v, std::size_t limit = 1000);

/// 'it\'s': quoted and escaped.
std::string quote(std::string_view text);

}  // namespace packhouse
