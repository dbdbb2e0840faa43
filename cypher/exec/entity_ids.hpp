#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "cypher/exec/context.hpp"

namespace packhouse::cypher {

/// The number in an element id ("4:<uuid>:<number>", '5' for relationships) of this store, or in an id; nothing when
/// the value can't be one.
std::optional<std::uint64_t> entity_number(ExecContext& context, const Value& id, bool element_id, bool node);

/// The same for `x` or for each item of the list `x` (`many`), without repetitions, in the order given.
void entity_numbers(ExecContext& context, const Value& x, bool element_id, bool many, bool node, std::vector<std::uint64_t>& out);

}  // namespace packhouse::cypher
