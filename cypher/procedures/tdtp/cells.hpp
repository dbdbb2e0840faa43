#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "tdtp/tdtql/operand.hpp"
#include "value/value.hpp"

// Cells of TDTP tables as Cypher values, both ways.
namespace packhouse::cypher {

/// What cells become when they are read.
struct CellOptions {
  bool typed = true;           ///< false: texts, as they stand in the file
  bool exact_decimal = false;  ///< DECIMAL cells stay texts, so that no digit is lost
  bool empty_is_null = false;  ///< of TEXT columns, too
};

/// The value of a cell: INTEGER, FLOAT (REAL and DECIMAL), STRING, BOOLEAN, DATE, ZONED DATETIME in UTC, BYTES, or
/// null. What is not of the column's type is an error.
Result<Value> value_of_cell(const tdtp::tdtql::Column& column, std::string_view cell, const CellOptions& options,
                            Arena& arena);

/// Appends the cell of a value in a column of that type. Null is empty. In a TEXT column anything can stand: temporal
/// values as toString() gives them, lists and maps as JSON. Elsewhere the value has to be of the type, or a text that
/// reads as one.
Result<void> append_cell(const tdtp::tdtql::Column& column, const Value& v, std::string& out);

/// Which type of column takes all values that were seen: of integers and floats REAL, of other mixtures TEXT.
class TypeGuess {
 public:
  void see(const Value& v);
  tdtp::Type type() const;

 private:
  std::uint32_t seen_ = 0;
};

/// Whether XML has a way to write this text: it has none for most control characters.
bool fits_xml(std::string_view cell);

}  // namespace packhouse::cypher
