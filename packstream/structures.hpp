#pragma once
#include <variant>

#include "packstream/cursor.hpp"
#include "packstream/dialect.hpp"
#include "value/value.hpp"

namespace packhouse::packstream {

/// A vector as it stands in the message.
struct VectorView {
  Element element;
  std::uint32_t dimensions;
  Bytes big_endian;
};

using StructureValue =
    std::variant<Date, LocalTime, Time, LocalDateTime, DateTime, Duration, Point, VectorView>;

/// Reads the fields of a structure whose head is `head`, checks number, types and ranges (specs/BOLT.md
/// section 10) and gives the value it stands for. Graph structures, tags that the dialect does not know
/// and zones that nobody knows are errors: Request.Invalid, or Statement.ArgumentError for ranges.
Result<StructureValue> read_structure(Cursor& in, const Token& head, const Dialect& dialect);

/// "Node (tag 0x4E)", for messages.
std::string describe_tag(std::uint8_t tag);

}  // namespace packhouse::packstream
