#pragma once
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher {

/// Rows that are all known when the procedure is called; small catalogs mostly.
class Table final : public ProcedureRows {
 public:
  explicit Table(std::size_t columns) : columns_(columns) {}
  /// One value a column; memory may be the table's own arena.
  void add(std::initializer_list<Value> row);
  void add(std::span<const Value> row) { cells_.insert(cells_.end(), row.begin(), row.end()); }
  Arena& arena() { return arena_; }

  // Values in the table's arena.
  Value text(std::string_view s) { return Value::string(arena_.copy(s)); }
  Value texts(std::span<const std::string_view> items);

  bool next(ExecContext&, Arena& arena, std::span<Value> row) override;

 private:
  std::size_t columns_, at_ = 0;
  std::vector<Value> cells_;
  Arena arena_{1024};
};

}  // namespace packhouse::cypher
