#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "tdtp/number.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp::tdtql {

/// A column as comparisons see it.
struct Column {
  std::size_t index = 0;
  Type type = Type::unknown;
  std::string name, type_text;
  std::int64_t length = 0, precision = 18, scale = 2;

  Column() = default;
  Column(const Schema& schema, std::size_t column);
};

/// One side of a comparison, read as the type of its column: once for a literal, again for every cell.
struct Operand {
  std::string_view text;
  Parsed how = Parsed::good;  ///< of a number
  std::int64_t integer = 0;
  double real = 0;
  std::optional<Instant> time;
  int truth = -1;  ///< of a boolean: 0, 1, or -1 for anything else

  /// `literal`: exponents may stand for integers (1e3), which cells don't have.
  static Operand read(const Column& column, std::string_view text, bool literal = false);
};

/// Whether the text is one the column may hold; the error is `validation error for field 'F': … (value: 'V')`.
Result<void> validate(const Column& column, const Operand& value);

/// cell = literal. Both are validated, the cell first. NULL on either side: false.
Result<bool> is_equal(const Column& column, const Operand& cell, const Operand& literal);

/// Below 0, 0 or above as cell < literal, = or >. Neither side is NULL.
Result<int> order(const Column& column, const Operand& cell, const Operand& literal);

/// The order of two cells in a sorted result: NULL first, what is not of the type as text behind the rest.
int sort_order(const Column& column, std::string_view a, std::string_view b);

}  // namespace packhouse::tdtp::tdtql
