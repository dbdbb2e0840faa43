#pragma once
#include <vector>

#include "cypher/exec/build.hpp"
#include "value/compare.hpp"

namespace packhouse::cypher {

/// The ORDER BY of Sort and TopK: computes the keys of a batch and compares kept rows, whose first values are the keys.
class SortKeys {
 public:
  SortKeys(const std::vector<ast::SortKey>& keys, Builder& b) {
    keys_.reserve(keys.size());
    for (const auto& k : keys) keys_.push_back({b.compile(*k.value), k.descending, {}});
  }
  std::size_t size() const { return keys_.size(); }

  void evaluate(ExecContext& context, Batch& batch) {
    for (Key& k : keys_) {
      if (k.values.size() < batch.rows()) k.values.resize(batch.rows());
      k.value->eval_all(context, batch, k.values.data());
    }
  }
  const Value& value(std::size_t key, RowIndex physical) const { return keys_[key].values[physical]; }

  bool less(const Value* a, const Value* b) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const auto c = compare_one(a[i], b[i]);
      if (c != 0) return (c < 0) != keys_[i].descending;
    }
    return false;
  }
  /// A batch's row (after evaluate) against a kept one.
  bool less(RowIndex physical, const Value* b) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const auto c = compare_one(keys_[i].values[physical], b[i]);
      if (c != 0) return (c < 0) != keys_[i].descending;
    }
    return false;
  }

 private:
  static std::weak_ordering compare_one(const Value& a, const Value& b) {
    if (a.is(Kind::integer) && b.is(Kind::integer)) return a.as_integer() <=> b.as_integer();
    return order(a, b);
  }
  struct Key {
    ExpressionPtr value;
    bool descending;
    std::vector<Value> values;
  };
  std::vector<Key> keys_;
};

}  // namespace packhouse::cypher
