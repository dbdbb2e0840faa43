#pragma once
#include <memory>

#include "cypher/functions/registry.hpp"

namespace packhouse::cypher {

/// count(DISTINCT x) and its kin: hands each different (not equivalent) value to `inner` once.
std::unique_ptr<Aggregator> make_distinct(std::unique_ptr<Aggregator> inner);

}  // namespace packhouse::cypher
