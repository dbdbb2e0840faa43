#pragma once
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "tdtp/limits.hpp"

namespace packhouse::tdtp {

/// A value as cells hold it, from the text a program has: BLOB from hexadecimal digits to Base64, TIMESTAMP and
/// DATETIME from four layouts to UTC, JSON and JSONB to compact JSON, anything else as it is. The type in any case.
/// Messages: `BLOB: invalid hex input: …`, `TIMESTAMP: cannot parse "x": no matching format`, `JSON: invalid input: …`.
Result<std::string> serialize_value(std::string_view type, std::string_view value, const Limits& limits = {});

}  // namespace packhouse::tdtp
