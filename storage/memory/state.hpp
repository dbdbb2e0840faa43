#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "storage/memory/engine.hpp"

namespace packhouse::storage::memory {

/// What one key held from one commit on; nothing = erased.
struct Version {
  std::uint64_t version;
  std::optional<std::string> value;
};

/// The engine's content, shared with its snapshots and batches. `mutex` guards everything but the fault counters.
/// Versions count commits of this object; sequences are what the committer says.
struct Engine::State {
  using Map = std::map<std::string, std::vector<std::unique_ptr<Version>>, std::less<>>;

  mutable std::shared_mutex mutex;
  Map map;  // std::map and unique_ptr: views into keys and values stay where they are
  std::uint64_t version = 0, sequence = 0;
  std::uint64_t durable_version = 0, durable_sequence = 0;
  std::multiset<std::uint64_t> open_snapshots;  // their versions
  bool batch_open = false;

  std::atomic<std::uint64_t> calls{0}, fail_at{0};  // fail_at 0 = never
  std::atomic<bool> for_good{false};

  /// Counts a call, and fails it when its turn has come.
  Result<void> count_call();
  /// The value of an entry as `at` shows it, or null.
  static const std::string* visible(const Map::mapped_type& versions, std::uint64_t at);
  /// Drops versions that no snapshot and no power cut can bring back. With the mutex held alone.
  void prune(Map::iterator entry);
  std::uint64_t oldest_needed() const;
};

/// The one who calls has set `batch_open`; the batch clears it.
std::unique_ptr<kv::Batch> make_batch(std::shared_ptr<Engine::State> state);

inline std::string_view text(Bytes b) { return as_text(b); }

}  // namespace packhouse::storage::memory
