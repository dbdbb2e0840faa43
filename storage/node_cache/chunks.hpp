#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/ids.hpp"

namespace packhouse::storage {

/// Nodes are cached a thousand at a time: those whose ids have everything above the last ten bits in common.
inline constexpr std::size_t nodes_per_chunk = 1024;
constexpr std::uint64_t chunk_of(NodeId id) { return raw(id) / nodes_per_chunk; }
constexpr std::size_t place_of(NodeId id) { return raw(id) % nodes_per_chunk; }

/// One T for each chunk of nodes, made (value-initialized) where it is first touched. Reading takes no lock, and nothing
/// goes before the table does. Node ids beyond 2^28 have none.
template <class T>
class ChunkTable {
 public:
  ChunkTable() = default;
  ChunkTable(const ChunkTable&) = delete;
  ChunkTable& operator=(const ChunkTable&) = delete;
  ~ChunkTable() {
    for (auto& leaf : leaves_) delete leaf.load(std::memory_order_relaxed);
  }

  /// Null when nobody touched it.
  T* find(std::uint64_t chunk) const {
    if (chunk >= leaves * width) return nullptr;
    Leaf* leaf = leaves_[chunk / width].load(std::memory_order_acquire);
    return leaf ? &(*leaf)[chunk % width] : nullptr;
  }
  /// What touching a chunk far from others takes.
  static constexpr std::size_t step_bytes = sizeof(std::array<T, 256>);
  std::size_t bytes() const { return made_.load(std::memory_order_relaxed) * sizeof(Leaf); }
  /// Null beyond the last possible chunk.
  T* touch(std::uint64_t chunk) {
    if (chunk >= leaves * width) return nullptr;
    std::atomic<Leaf*>& at = leaves_[chunk / width];
    Leaf* leaf = at.load(std::memory_order_acquire);
    if (!leaf) {
      auto made = std::make_unique<Leaf>();
      if (at.compare_exchange_strong(leaf, made.get(), std::memory_order_acq_rel)) {
        leaf = made.release();
        made_.fetch_add(1, std::memory_order_relaxed);
      }
    }
    return &(*leaf)[chunk % width];
  }

 private:
  static constexpr std::size_t leaves = 1024, width = 256;
  static_assert(step_bytes == sizeof(T) * width);
  using Leaf = std::array<T, width>;
  std::array<std::atomic<Leaf*>, leaves> leaves_{};
  std::atomic<std::size_t> made_{0};
};

/// The commit that last changed any node of a chunk: told by the committer, asked by all readers.
class NodeChanges {
 public:
  /// Before the commit can be seen by a snapshot.
  void note(std::uint64_t sequence, std::uint64_t chunk) {
    if (auto* last = last_.touch(chunk)) last->store(sequence, std::memory_order_release);
  }
  /// Whether the chunk's nodes are the same in the snapshots `a` and `b` (commit sequences).
  bool same(std::uint64_t chunk, std::uint64_t a, std::uint64_t b) const {
    const auto* last = last_.find(chunk);
    return !last || last->load(std::memory_order_acquire) <= std::min(a, b);
  }

 private:
  ChunkTable<std::atomic<std::uint64_t>> last_;
};

/// `Words` words about a chunk of nodes, as a snapshot showed them. Many may read while one writes: a reader looks at
/// the sequence before and after, and takes what it copied for nothing if that was touched.
template <std::size_t Words>
class ChunkCopy {
 public:
  /// Calls use(word) with a function that gives the i-th word. True when what it gave is right for the snapshot
  /// `sequence`; else it must be forgotten.
  template <class Use>
  bool read(std::uint64_t chunk, std::uint64_t sequence, const NodeChanges& changes, Use&& use) const {
    const std::uint64_t stamp = stamp_.load(std::memory_order_acquire);
    if (stamp == 0 || !changes.same(chunk, stamp - 1, sequence)) return false;
    use([this](std::size_t i) { return words_[i].load(std::memory_order_acquire); });
    return stamp_.load(std::memory_order_relaxed) == stamp;
  }

  /// What the snapshot `sequence` shows. Leaves what is there when somebody else writes, or when that is as new.
  void write(std::uint64_t sequence, std::span<const std::uint64_t, Words> words) {
    if (writing_.exchange(true, std::memory_order_acquire)) return;
    if (stamp_.load(std::memory_order_relaxed) < sequence + 1) {
      stamp_.store(0, std::memory_order_relaxed);
      for (std::size_t i = 0; i < Words; ++i) words_[i].store(words[i], std::memory_order_release);
      stamp_.store(sequence + 1, std::memory_order_release);
    }
    writing_.store(false, std::memory_order_release);
  }

 private:
  std::atomic<std::uint64_t> stamp_{0};  // one more than the snapshot's sequence; 0 while there is nothing to read
  std::atomic<bool> writing_{false};
  std::array<std::atomic<std::uint64_t>, Words> words_{};
};

}  // namespace packhouse::storage
