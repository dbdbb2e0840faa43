#pragma once
#include <algorithm>
#include <cstring>
#include <type_traits>
#include <vector>

#include "base/arena.hpp"

namespace packhouse::storage {

/// A sorted set of small trivially copyable entries in chunks of an arena: O(log n) find and insert with few cache
/// misses, and appending in order costs next to nothing. `Compare(a, b)` gives <0, 0, >0. For one thread.
template <class Entry, class Compare>
class SortedChunks {
  static_assert(std::is_trivially_copyable_v<Entry> && std::is_trivially_destructible_v<Entry>);
  static constexpr std::uint32_t room = 64;
  struct Chunk {
    Entry* items;
    std::uint32_t count;
  };

 public:
  struct Position {
    std::size_t chunk;
    std::uint32_t at;
  };

  explicit SortedChunks(Arena& arena) : arena_(&arena) {}

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t overhead() const { return chunks_.capacity() * sizeof(Chunk); }

  /// The first entry that is not less than `key`.
  Position lower_bound(const Entry& key) const {
    std::size_t low = 0, high = chunks_.size();
    while (low < high) {  // the first chunk whose last entry is not less than key
      const std::size_t middle = (low + high) / 2;
      if (Compare()(last(chunks_[middle]), key) < 0) low = middle + 1;
      else high = middle;
    }
    if (low == chunks_.size()) return {low, 0};
    const Chunk& c = chunks_[low];
    const Entry* at = std::lower_bound(c.items, c.items + c.count, key, [](const Entry& a, const Entry& b) { return Compare()(a, b) < 0; });
    return {low, static_cast<std::uint32_t>(at - c.items)};
  }
  Position begin() const { return {0, 0}; }
  /// The entry there, or null at the end.
  Entry* get(Position p) const { return p.chunk < chunks_.size() ? chunks_[p.chunk].items + p.at : nullptr; }
  Position next(Position p) const { return ++p.at < chunks_[p.chunk].count ? p : Position{p.chunk + 1, 0}; }

  Entry* find(const Entry& key) const {
    if (chunks_.empty() || Compare()(last(chunks_.back()), key) < 0) return nullptr;
    Entry* at = get(lower_bound(key));
    return at && Compare()(*at, key) == 0 ? at : nullptr;
  }

  /// Adds an entry that is not there yet.
  void insert(const Entry& e) {
    ++size_;
    if (chunks_.empty() || Compare()(last(chunks_.back()), e) < 0) return append(e);
    Position p = lower_bound(e);
    if (chunks_[p.chunk].count == room) p = split(p);
    Chunk& c = chunks_[p.chunk];
    std::memmove(static_cast<void*>(c.items + p.at + 1), c.items + p.at, (c.count - p.at) * sizeof(Entry));
    c.items[p.at] = e;
    ++c.count;
  }

  void erase(Position p) {
    --size_;
    Chunk& c = chunks_[p.chunk];
    std::memmove(static_cast<void*>(c.items + p.at), c.items + p.at + 1, (c.count - p.at - 1) * sizeof(Entry));
    if (--c.count > 0) return;
    spare_.push_back(c.items);
    chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(p.chunk));
  }

  void clear() {
    for (const Chunk& c : chunks_) spare_.push_back(c.items);
    chunks_.clear();
    size_ = 0;
  }

 private:
  static const Entry& last(const Chunk& c) { return c.items[c.count - 1]; }

  Entry* fresh() {
    if (spare_.empty()) return arena_->array<Entry>(room).data();
    Entry* items = spare_.back();
    spare_.pop_back();
    return items;
  }

  void append(const Entry& e) {
    if (chunks_.empty() || chunks_.back().count == room) chunks_.push_back({fresh(), 0});
    Chunk& c = chunks_.back();
    c.items[c.count++] = e;
  }

  Position split(Position p) {
    Chunk upper{fresh(), room / 2};
    std::memcpy(static_cast<void*>(upper.items), chunks_[p.chunk].items + room / 2, room / 2 * sizeof(Entry));
    chunks_[p.chunk].count = room / 2;
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(p.chunk) + 1, upper);
    return p.at <= room / 2 ? p : Position{p.chunk + 1, p.at - room / 2};
  }

  Arena* arena_;
  std::vector<Chunk> chunks_;
  std::vector<Entry*> spare_;
  std::size_t size_ = 0;
};

}  // namespace packhouse::storage
