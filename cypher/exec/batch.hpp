#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "base/arena.hpp"
#include "cypher/syntax/expression.hpp"
#include "value/value.hpp"

namespace packhouse::cypher {

using Slot = ast::Slot;
using RowIndex = std::uint32_t;

/// Up to `max_rows` rows as columns, one a slot, plus a selection of the rows that are alive. Columns are made on
/// first use, so a wide statement pays only for the columns it touches. Values that a row points to live in the
/// batch's arena, in an input batch that is kept until this one is consumed, in the query arena or in the snapshot.
///
/// Columns are generic: what typed ones would save is little beside reading records, which storage/node_cache does away with.
class Batch {
 public:
  static constexpr RowIndex max_rows = 1024;

  explicit Batch(std::size_t slots = 0) : columns_(slots) {}

  /// Forgets rows and what their values point to; columns hold at least `capacity` rows from now on.
  void reset(RowIndex capacity);
  RowIndex capacity() const { return capacity_; }
  std::size_t slots() const { return columns_.size(); }
  void resize_slots(std::size_t n) { columns_.resize(n); }

  /// Physical rows 0 .. rows()-1; of these only the selected ones count.
  RowIndex rows() const { return rows_; }
  void set_rows(RowIndex n) {
    rows_ = n;
    dense_ = true;
  }

  /// Number of selected rows, and the physical index of the i-th of them (ascending).
  RowIndex size() const { return dense_ ? rows_ : static_cast<RowIndex>(selection_.size()); }
  RowIndex row(RowIndex i) const { return dense_ ? i : selection_[i]; }
  bool empty() const { return size() == 0; }

  /// Keeps the selected rows for which keep(physical row) is true.
  template <class F>
  void filter(F&& keep) {
    std::vector<std::uint16_t>& to = scratch_;
    const RowIndex n = size();
    to.resize(n);
    std::size_t kept = 0;
    for (RowIndex i = 0; i < n; ++i) {  // without a branch on what keep() says, which nobody can foresee
      const RowIndex r = row(i);
      to[kept] = static_cast<std::uint16_t>(r);
      kept += std::size_t{keep(r)};
    }
    to.resize(kept);
    if (kept == n) return;
    selection_.swap(to);
    dense_ = false;
  }
  /// Keeps only the first n selected rows / drops the first n selected rows.
  void keep_first(RowIndex n);
  void drop_first(RowIndex n);

  /// The values of a slot by physical row; room for capacity() values. New columns hold nulls.
  Value* column(Slot s) {
    auto& c = columns_[s];
    if (c.capacity < capacity_) [[unlikely]] make_column(c);
    return c.values.get();
  }
  bool has_column(Slot s) const { return columns_[s].capacity > 0; }
  const Value& at(Slot s, RowIndex physical) { return column(s)[physical]; }

  Arena& arena() { return arena_; }

  /// Bytes held by columns and arena.
  std::size_t footprint() const;

 private:
  struct Column {
    std::unique_ptr<Value[]> values;
    RowIndex capacity = 0;
  };
  void make_column(Column& c);

  std::vector<Column> columns_;
  RowIndex capacity_ = 0, rows_ = 0;
  bool dense_ = true;
  std::vector<std::uint16_t> selection_, scratch_;
  Arena arena_{512};
};

}  // namespace packhouse::cypher
