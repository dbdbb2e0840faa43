#pragma once
#include <span>
#include <vector>

#include "cypher/exec/property_writer.hpp"

namespace packhouse::cypher {

/// What comes before a node is made that was merged but not found: two transactions that merge the same constrained node
/// must not both create it. `scratch` is overwritten.
void lock_constrained(ExecContext& context, std::span<const LabelId> labels, const PropertyList& properties,
                      std::vector<Value>& scratch);

}  // namespace packhouse::cypher
