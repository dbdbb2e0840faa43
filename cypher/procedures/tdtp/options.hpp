#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cypher/error.hpp"
#include "cypher/procedures/tdtp/cells.hpp"
#include "tdtp/export.hpp"
#include "tdtp/tdtql/syntax.hpp"
#include "value/value.hpp"

namespace packhouse::cypher {

/// The options that a procedure was called with. Ask for all it knows, then call done(): what is left over is an error,
/// as is a value of a wrong kind (ArgumentError that names procedure and option).
class ProcedureOptions {
 public:
  ProcedureOptions(std::string_view procedure, const Value& map);

  bool flag(std::string_view name, bool otherwise);
  std::optional<std::int64_t> count(std::string_view name);  ///< 0 or more
  std::optional<std::string> text(std::string_view name);
  std::vector<std::string> texts(std::string_view name);  ///< none when it is left out
  const Value* any(std::string_view name);
  /// Null when it is left out.
  Value value(std::string_view name) {
    const Value* v = any(name);
    return v ? *v : Value();
  }
  void done() const;
  [[noreturn]] void refuse(std::string_view name, std::string_view expected) const;

 private:
  std::string procedure_;
  std::span<const MapEntry> entries_;
  std::set<std::string, std::less<>> asked_;
};

/// where, orderBy, limit and offset: which rows of a table are meant.
tdtp::tdtql::Query row_query(ProcedureOptions& options, std::optional<std::string_view> where = {});
/// typed, exactDecimal, emptyAsNull.
CellOptions cell_options(ProcedureOptions& options);
/// compress, level, checksum, partBytes.
tdtp::ExportOptions export_options(ProcedureOptions& options);

}  // namespace packhouse::cypher
