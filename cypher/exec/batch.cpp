#include "cypher/exec/batch.hpp"

#include <algorithm>

namespace packhouse::cypher {

void Batch::reset(RowIndex capacity) {
  arena_.reset();
  capacity_ = capacity;
  rows_ = 0;
  dense_ = true;
}

void Batch::make_column(Column& c) {
  auto values = std::make_unique<Value[]>(capacity_);
  std::copy_n(c.values.get(), std::min(c.capacity, rows_), values.get());
  c.values = std::move(values);
  c.capacity = capacity_;
}

void Batch::keep_first(RowIndex n) {
  if (n >= size()) return;
  if (dense_) {
    rows_ = n;
  } else {
    selection_.resize(n);
  }
}

void Batch::drop_first(RowIndex n) {
  if (n == 0) return;
  if (dense_) {
    selection_.clear();
    for (RowIndex i = n; i < rows_; ++i) selection_.push_back(static_cast<std::uint16_t>(i));
    dense_ = false;
  } else {
    selection_.erase(selection_.begin(), selection_.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(n, selection_.size())));
  }
}

std::size_t Batch::footprint() const {
  std::size_t sum = arena_.footprint();
  for (const Column& c : columns_) sum += c.capacity * sizeof(Value);
  return sum;
}

}  // namespace packhouse::cypher
