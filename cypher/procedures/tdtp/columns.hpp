#pragma once
#include <string>
#include <vector>

#include "cypher/exec/run/nested_query.hpp"
#include "cypher/procedures/tdtp/options.hpp"
#include "tdtp/packet.hpp"

// The columns that a table has when values become one.
namespace packhouse::cypher {

/// Columns that a caller names: null, or a list of names and maps {name, type, key, length, precision, scale, timezone,
/// subtype}. Those without a type get one that takes all values.
tdtp::Schema given_columns(std::string_view procedure, const Value& fields);

/// Of the nodes with a label: all properties in the order they are met, or those that are `given`. Key columns are
/// `keys`, or those of the label's key or uniqueness constraint.
tdtp::Schema columns_of_label(ExecContext& context, LabelId label, tdtp::Schema given, std::vector<std::string> keys);

/// The columns of a query's result, or those of them that are `given`. A query with one column, of nodes, relationships
/// or maps, has theirs.
struct QueryColumns {
  tdtp::Schema schema;
  bool of_one = false;  ///< the rows are the values of the one column
};
/// Runs it to its end, unless the types are known.
QueryColumns columns_of_query(ExecContext& context, std::string_view procedure, NestedQuery& query, tdtp::Schema given,
                              const std::vector<std::string>& keys);

/// Of a list of rows. `fields` as for given_columns.
tdtp::Schema columns_of_list(ExecContext& context, std::string_view procedure, std::span<const Value> rows,
                             const Value& fields, const std::vector<std::string>& keys);

}  // namespace packhouse::cypher
