#include "storage/recent_changes.hpp"

#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

namespace packhouse::storage {

/// One part of the map, so that writers rarely meet at a mutex.
struct RecentChanges::Shard {
  mutable std::mutex mutex;
  boost::unordered_flat_map<RecordKey, std::uint64_t, RecordKeyHash> last;
};

RecentChanges::RecentChanges() : shards_(std::make_unique<Shard[]>(shard_count)) {}
RecentChanges::~RecentChanges() = default;

RecentChanges::Shard& RecentChanges::shard(RecordKey key) const {
  return shards_[(RecordKeyHash{}(key) >> 40) % shard_count];
}

void RecentChanges::record(std::uint64_t sequence, std::span<const RecordKey> keys) {
  if (keys.empty()) return;
  for (const RecordKey key : keys) {
    Shard& part = shard(key);
    const std::lock_guard lock(part.mutex);
    part.last[key] = sequence;
  }
  const std::lock_guard lock(history_mutex_);
  history_.push_back({sequence, {keys.begin(), keys.end()}});
}

std::uint64_t RecentChanges::last_change(RecordKey key) const {
  const Shard& part = shard(key);
  const std::lock_guard lock(part.mutex);
  const auto at = part.last.find(key);
  return at == part.last.end() ? 0 : at->second;
}

void RecentChanges::prune(std::uint64_t oldest) {
  while (true) {
    Commit commit;
    {
      const std::lock_guard lock(history_mutex_);
      if (history_.empty() || history_.front().sequence > oldest) return;
      commit = std::move(history_.front());
      history_.pop_front();
    }
    for (const RecordKey key : commit.keys) {
      Shard& part = shard(key);
      const std::lock_guard lock(part.mutex);
      const auto at = part.last.find(key);
      // A later commit may have changed it again; that one's turn comes.
      if (at != part.last.end() && at->second <= commit.sequence) part.last.erase(at);
    }
  }
}

std::size_t RecentChanges::size() const {
  std::size_t n = 0;
  for (std::size_t i = 0; i < shard_count; ++i) {
    const std::lock_guard lock(shards_[i].mutex);
    n += shards_[i].last.size();
  }
  return n;
}

}  // namespace packhouse::storage
