#pragma once
#include <string_view>
#include <vector>

#include "cypher/error.hpp"
#include "cypher/procedures/tdtp/cells.hpp"
#include "tdtp/packet.hpp"
#include "tdtp/rows.hpp"

namespace packhouse::cypher {

/// The columns of a table, ready to make values of cells. The schema must outlive it.
class CellReader {
 public:
  CellReader(const tdtp::Schema& schema, const CellOptions& options) : options_(options) {
    for (std::size_t i = 0; i < schema.fields.size(); ++i) columns_.emplace_back(schema, i);
  }
  const std::vector<tdtp::tdtql::Column>& columns() const { return columns_; }

  Value value(std::size_t column, std::string_view cell, Arena& arena) const {
    return or_throw(value_of_cell(columns_[column], cell, options_, arena));
  }
  /// All cells of a row by name; the keys live in `names` (keys()).
  Value map(tdtp::Rows::Row row, std::span<const std::string_view> names, Arena& arena) const {
    const auto entries = arena.array<MapEntry>(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) ::new (&entries[i]) MapEntry{names[i], value(i, row[i], arena)};
    return Value::map(entries);
  }
  /// Names that live as long as `arena`.
  std::vector<std::string_view> keys(Arena& arena) const {
    std::vector<std::string_view> out;
    for (const auto& c : columns_) out.push_back(arena.copy(c.name));
    return out;
  }

 private:
  CellOptions options_;
  std::vector<tdtp::tdtql::Column> columns_;
};

}  // namespace packhouse::cypher
