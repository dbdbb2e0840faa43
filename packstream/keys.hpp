#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace packhouse::packstream {

/// Maps up to this size are checked key by key as they are read, larger ones once at their end.
inline constexpr std::size_t pairwise_keys = 16;

/// A hash that outsiders can't steer: seeded anew in each process.
std::uint64_t key_hash(std::string_view key);

/// True if the `n` keys that `key_at(i)` gives are all different; for large maps (hash table).
template <class F>
bool all_different(std::size_t n, F&& key_at) {
  std::size_t slots = 64;
  while (slots < 2 * n) slots *= 2;
  std::vector<std::uint32_t> table(slots, 0);  // index + 1 of the key in this slot
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::string_view key = key_at(i);
    std::size_t slot = key_hash(key) & (slots - 1);
    while (table[slot] != 0) {
      if (key_at(table[slot] - 1) == key) return false;
      slot = (slot + 1) & (slots - 1);
    }
    table[slot] = i + 1;
  }
  return true;
}

/// The keys of the maps that are open while something is read; knows when one comes twice in its map.
/// The views must live as long as their map is open.
class OpenKeys {
 public:
  /// Where the keys of a new map will begin.
  std::size_t mark() const { return keys_.size(); }
  /// False if `key` is known already in the map that began at `mark`.
  bool add(std::size_t mark, std::string_view key) {
    const std::size_t n = keys_.size() - mark;
    if (n < pairwise_keys) {
      for (std::size_t i = mark; i < keys_.size(); ++i) {
        if (keys_[i] == key) return false;
      }
    }
    keys_.push_back(key);
    return true;
  }
  /// Ends the map that began at `mark`; false if a key came twice in it.
  bool close(std::size_t mark) {
    const std::size_t n = keys_.size() - mark;
    const bool fine = n <= pairwise_keys || all_different(n, [&](std::size_t i) { return keys_[mark + i]; });
    keys_.resize(mark);
    return fine;
  }

 private:
  std::vector<std::string_view> keys_;
};

}  // namespace packhouse::packstream
