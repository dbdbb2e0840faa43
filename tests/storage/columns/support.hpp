#pragma once
#include "../graph/support.hpp"
#include "storage/columns/column.hpp"
#include "value/print.hpp"

namespace packhouse::storage {

inline Columns columns_of(const std::unique_ptr<Transaction>& tx) {
  return Columns(tx->cells());
}

/// The packed elements of a column, each as a string.
inline std::vector<std::string> packed_elements(Column& column) {
  std::vector<std::string> out;
  const std::uint64_t n = must(column.length());
  while (out.size() < n) {
    const auto run = must(column.run(out.size()));
    REQUIRE(run.count > 0);
    for (std::uint64_t i = 0; i < run.count; ++i) out.emplace_back(as_text(run.element(i)));
  }
  return out;
}

/// All values as Cypher writes them: "[1, 2]".
inline std::string shown(Column& column) {
  Arena arena;
  return print(Value::list(must(column.slice(must(column.range(0, std::nullopt)), arena))));
}

inline std::vector<Value> integers(std::initializer_list<std::int64_t> numbers) {
  std::vector<Value> out;
  for (const std::int64_t n : numbers) out.push_back(Value::integer(n));
  return out;
}

/// What an error says, "" if there is none.
template <class T>
std::string message(const Result<T>& r) {
  return r ? "" : r.error().message();
}

}  // namespace packhouse::storage
