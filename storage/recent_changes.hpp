#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "storage/record_key.hpp"

namespace packhouse::storage {

/// Which records changed lately, and in which commit: the answer to "did this record change since my snapshot?".
/// Thread-safe: asked by every writing transaction, told by the committer.
class RecentChanges {
 public:
  RecentChanges();
  ~RecentChanges();

  /// Says that commit `sequence` changed these records. Call it before the commit becomes visible to new snapshots
  /// and before the locks are released; sequences never go down.
  void record(std::uint64_t sequence, std::span<const RecordKey> keys);

  /// The last known commit that changed `key`; 0 when none is known (then it is older than every live snapshot).
  std::uint64_t last_change(RecordKey key) const;
  bool changed_since(RecordKey key, std::uint64_t snapshot_sequence) const {
    return last_change(key) > snapshot_sequence;
  }

  /// Forgets commits up to `oldest`, the sequence of the oldest snapshot that is open or can still be opened.
  void prune(std::uint64_t oldest);

  std::size_t size() const;

 private:
  struct Shard;
  struct Commit {
    std::uint64_t sequence;
    std::vector<RecordKey> keys;
  };
  static constexpr std::size_t shard_count = 16;
  Shard& shard(RecordKey key) const;

  std::unique_ptr<Shard[]> shards_;
  std::mutex history_mutex_;
  std::deque<Commit> history_;
};

}  // namespace packhouse::storage
