#pragma once
#include <cstdint>
#include <vector>

#include "cypher/exec/row_store.hpp"
#include "value/compare.hpp"

namespace packhouse::cypher {

/// Equivalence for keys, with the common kinds in line.
inline bool same_key(const Value& a, const Value& b) {
  if (a.kind() == b.kind()) {
    switch (a.kind()) {
      case Kind::null: return true;
      case Kind::integer: return a.as_integer() == b.as_integer();
      case Kind::node: return a.as_node() == b.as_node();
      case Kind::relationship: return a.as_relationship() == b.as_relationship();
      case Kind::string: return a.as_string() == b.as_string();
      default: break;
    }
  }
  return equivalent(a, b);
}

/// Finds rows by their first `keys` values, under the equivalence that DISTINCT and grouping use. Rows and their memory
/// are in store(); a row's number never changes.
class RowTable {
 public:
  /// `width`: values in a row, the keys first.
  RowTable(std::size_t keys, std::size_t width) : keys_(keys), rows_(width) {}

  RowStore& store() { return rows_; }
  std::size_t size() const { return rows_.size(); }

  static std::uint64_t hash_keys(const Value* keys, std::size_t n) {
    std::uint64_t h = 0x9E3779B97F4A7C15U;
    for (std::size_t i = 0; i < n; ++i) h = (h ^ hash(keys[i])) * 0xBF58476D1CE4E5B9U;
    return h ^ (h >> 29);
  }

  /// The number of the row with these keys; adds one (with the keys copied, the rest null) when there is none.
  std::size_t find_or_add(const Value* keys, bool& added);
  /// The number of the row, or npos.
  std::size_t find(const Value* keys);
  static constexpr std::size_t npos = ~std::size_t{0};

  void account(ExecContext& context);
  void clear(ExecContext& context);

 private:
  struct Place {
    std::uint32_t tag = 0;
    std::uint32_t row = 0;  ///< number + 1; 0: free
  };
  bool same(std::size_t row, const Value* keys);
  void grow();

  std::size_t keys_;
  RowStore rows_;
  std::vector<Place> places_;
  std::vector<std::uint64_t> hashes_;
  std::size_t accounted_ = 0;
};

}  // namespace packhouse::cypher
