#pragma once
#include <string>
#include <vector>

#include "cypher/exec/context.hpp"
#include "cypher/procedures/tdtp/options.hpp"
#include "tdtp/packet.hpp"

// The columns that a table has when values become one.
namespace packhouse::cypher {

/// Of the nodes with a label: all properties in the order they are met, or `names`. Types take what all nodes have.
/// Key columns are `keys`, or those of the label's key or uniqueness constraint.
tdtp::Schema columns_of_label(ExecContext& context, LabelId label, const std::vector<std::string>& names,
                              std::vector<std::string> keys);

/// Of a list of rows. `fields` is null or a list of names and maps {name, type, key, length, precision, scale,
/// timezone, subtype}; columns without a type get one that takes all values.
tdtp::Schema columns_of_list(ExecContext& context, std::string_view procedure, std::span<const Value> rows,
                             const Value& fields, const std::vector<std::string>& keys);

}  // namespace packhouse::cypher
