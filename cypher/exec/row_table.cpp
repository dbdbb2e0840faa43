#include "cypher/exec/row_table.hpp"

namespace packhouse::cypher {

bool RowTable::same(std::size_t row, const Value* keys) {
  const Value* have = rows_.row(row);
  for (std::size_t i = 0; i < keys_; ++i) {
    if (!same_key(have[i], keys[i])) return false;
  }
  return true;
}

std::size_t RowTable::find(const Value* keys) {
  if (places_.empty()) return npos;
  const std::uint64_t h = hash_keys(keys, keys_);
  const std::size_t mask = places_.size() - 1;
  for (std::size_t at = h & mask;; at = (at + 1) & mask) {
    const Place& p = places_[at];
    if (p.row == 0) return npos;
    if (p.tag == static_cast<std::uint32_t>(h >> 32) && same(p.row - 1, keys)) return p.row - 1;
  }
}

std::size_t RowTable::find_or_add(const Value* keys, bool& added) {
  if (rows_.size() * 4 >= places_.size() * 3) grow();
  const std::uint64_t h = hash_keys(keys, keys_);
  const auto tag = static_cast<std::uint32_t>(h >> 32);
  const std::size_t mask = places_.size() - 1;
  std::size_t at = h & mask;
  for (; places_[at].row != 0; at = (at + 1) & mask) {
    if (places_[at].tag == tag && same(places_[at].row - 1, keys)) {
      added = false;
      return places_[at].row - 1;
    }
  }
  added = true;
  Value* row = rows_.add();
  for (std::size_t i = 0; i < keys_; ++i) row[i] = keep_value(keys[i], rows_.arena());
  for (std::size_t i = keys_; i < rows_.width(); ++i) row[i] = Value();
  hashes_.push_back(h);
  places_[at] = {tag, static_cast<std::uint32_t>(rows_.size())};
  return rows_.size() - 1;
}

void RowTable::grow() {
  std::vector<Place> bigger(places_.empty() ? 16 : places_.size() * 2);
  const std::size_t mask = bigger.size() - 1;
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    std::size_t at = hashes_[i] & mask;
    while (bigger[at].row != 0) at = (at + 1) & mask;
    bigger[at] = {static_cast<std::uint32_t>(hashes_[i] >> 32), static_cast<std::uint32_t>(i + 1)};
  }
  places_.swap(bigger);
}

void RowTable::account(ExecContext& context) {
  rows_.account(context);
  const std::size_t now = places_.size() * sizeof(Place) + hashes_.capacity() * sizeof(std::uint64_t);
  if (now <= accounted_) return;
  const std::size_t more = now - accounted_;
  accounted_ = now;
  context.keep(more);
}

void RowTable::clear(ExecContext& context) {
  rows_.clear(context);
  context.release(accounted_);
  accounted_ = 0;
  places_.clear();
  hashes_.clear();
}

}  // namespace packhouse::cypher
