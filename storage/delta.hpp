#pragma once
#include <cstdint>

#include "base/bytes.hpp"
#include "storage/sorted_chunks.hpp"

namespace packhouse::storage {

/// How a set of ids (all nodes, the nodes of a label, the relationships of a type) differs from the snapshot:
/// net +1 = in the set now but not in the snapshot, -1 = the reverse. For one thread.
class IdDelta {
 public:
  struct Entry {
    std::uint64_t id;
    std::int64_t net;
  };
  explicit IdDelta(Arena& arena) : entries_(arena) {}

  /// Changes the net of `id` by `change`; a net of 0 is forgotten.
  void add(std::uint64_t id, int change) {
    sum_ += change;
    const Entry fresh{id, change};
    if (Entry* old = entries_.find(fresh)) {
      old->net += change;
      if (old->net == 0) entries_.erase(entries_.lower_bound(fresh));
    } else {
      entries_.insert(fresh);
    }
  }

  /// What to add to a count of the snapshot.
  std::int64_t sum() const { return sum_; }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  std::size_t overhead() const { return entries_.overhead(); }

  template <class F>
  void for_each(F&& f) const {
    for (auto p = entries_.begin(); const Entry* e = entries_.get(p); p = entries_.next(p)) f(*e);
  }

 private:
  struct Order {
    int operator()(const Entry& a, const Entry& b) const { return a.id < b.id ? -1 : a.id > b.id; }
  };
  SortedChunks<Entry, Order> entries_;
  std::int64_t sum_ = 0;
};

/// How one property index differs from the snapshot, by whole engine keys (values, then the entity's id), in key
/// order. For one thread.
class IndexDelta {
 public:
  struct Entry {
    std::uint64_t head;  ///< eight bytes of the key from `skip` on, as a number: decides most comparisons
    Bytes key;
    std::int64_t net;
  };
  /// `skip`: bytes that all keys of this index have in common.
  IndexDelta(Arena& arena, std::size_t skip) : entries_(arena), skip_(skip) {}

  /// `key` must live as long as the overlay.
  void add(Bytes key, int change) {
    const Entry fresh{head(key), key, change};
    if (Entry* old = entries_.find(fresh)) {
      old->net += change;
      if (old->net == 0) entries_.erase(entries_.lower_bound(fresh));
    } else {
      entries_.insert(fresh);
    }
  }

  const Entry* find(Bytes key) const { return entries_.find({head(key), key, 0}); }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  std::size_t overhead() const { return entries_.overhead(); }

  /// Calls f(entry) for keys in [low, high) in order; an empty `high` is the end. f returns false to stop.
  template <class F>
  void for_range(Bytes low, Bytes high, F&& f) const {
    auto p = low.empty() ? entries_.begin() : entries_.lower_bound({head(low), low, 0});
    for (const Entry* e = entries_.get(p); e; e = entries_.get(p = entries_.next(p))) {
      if (!high.empty() && compare(e->key, high) >= 0) return;
      if (!f(*e)) return;
    }
  }

 private:
  static int compare(Bytes a, Bytes b) {
    const int c = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
    return c != 0 ? c : a.size() < b.size() ? -1 : a.size() > b.size();
  }
  std::uint64_t head(Bytes key) const {
    std::uint64_t h = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      const auto b = skip_ + i < key.size() ? static_cast<std::uint64_t>(key[skip_ + i]) : 0;
      h = h << 8 | b;
    }
    return h;
  }
  struct Order {
    int operator()(const Entry& a, const Entry& b) const {
      if (a.head != b.head) return a.head < b.head ? -1 : 1;
      return compare(a.key, b.key);
    }
  };
  SortedChunks<Entry, Order> entries_;
  std::size_t skip_;
};

}  // namespace packhouse::storage
