#include "cypher/procedures/table.hpp"

#include <algorithm>

namespace packhouse::cypher {

void Table::add(std::initializer_list<Value> row) {
  if (row.size() != columns_) throw QueryError(Status::internal, "a procedure made a row of the wrong width");
  cells_.insert(cells_.end(), row.begin(), row.end());
}

Value Table::texts(std::span<const std::string_view> items) {
  const auto out = arena_.array<Value>(items.size());
  std::ranges::transform(items, out.begin(), [&](std::string_view s) { return text(s); });
  return Value::list(out);
}

bool Table::next(ExecContext&, Arena& arena, std::span<Value> row) {
  if (at_ + columns_ > cells_.size() || columns_ == 0) return false;
  for (Value& v : row) v = deep_copy(cells_[at_++], arena);
  return true;
}

}  // namespace packhouse::cypher
