#include "cypher/exec/row_store.hpp"

namespace packhouse::cypher {

Value* RowStore::add() {
  if (size_ / chunk_rows == chunks_.size()) chunks_.push_back(std::make_unique_for_overwrite<Value[]>(chunk_rows * width_));
  return row(size_++);
}

void RowStore::append(Batch& batch, const std::vector<Slot>& slots) {
  const RowIndex n = batch.size();
  const std::size_t first = size_;
  for (RowIndex i = 0; i < n; ++i) add();
  for (std::size_t c = 0; c < slots.size(); ++c) {
    const Value* from = batch.column(slots[c]);
    for (RowIndex i = 0; i < n; ++i) row(first + i)[c] = keep_value(from[batch.row(i)], arena_);
  }
}

void RowStore::account(ExecContext& context) {
  const std::size_t now = chunks_.size() * chunk_rows * width_ * sizeof(Value) + arena_.footprint();
  if (now <= accounted_) return;
  const std::size_t more = now - accounted_;
  accounted_ = now;
  context.keep(more);
}

void RowStore::clear(ExecContext& context) {
  context.release(accounted_);
  accounted_ = 0;
  size_ = 0;
  chunks_.clear();
  arena_.reset();
}

}  // namespace packhouse::cypher
