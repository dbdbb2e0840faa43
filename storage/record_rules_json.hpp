#pragma once
#include <string_view>

#include "storage/record_rules.hpp"

namespace packhouse::storage {

/// A JSON Schema (codec/datapacker/schema/schema.hpp) as the rule of a record, which is an object of its properties:
/// vectors are arrays, dates, times and durations ISO texts; points and bytes are of none of JSON's types.
Result<CompiledRecordSchema> compile_json_rule(std::string_view text);

}  // namespace packhouse::storage
