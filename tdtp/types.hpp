#pragma once
#include <cstdint>
#include <string_view>

namespace packhouse::tdtp {

/// The nine types of a column.
enum class Type : std::uint8_t { integer, real, decimal, text, boolean, date, datetime, timestamp, blob, unknown };

/// The type a name (INTEGER) or an alias (INT) in capitals means; anything else is unknown.
Type type_of(std::string_view name);

/// INTEGER for Type::integer; empty for unknown.
std::string_view type_name(Type t);

/// An empty cell of a text column is an empty text; of any other it is NULL (decision T7).
inline bool is_null(Type t, std::string_view cell) {
  return cell.empty() && t != Type::text;
}

}  // namespace packhouse::tdtp
