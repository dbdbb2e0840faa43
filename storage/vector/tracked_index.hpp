#pragma once
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <vector>

#include "storage/keys.hpp"
#include "storage/kv/engine.hpp"
#include "storage/schema.hpp"
#include "storage/snapshots.hpp"
#include "storage/store.hpp"
#include "storage/vector/delta.hpp"
#include "storage/vector/graph.hpp"

namespace packhouse::storage {

/// Many read or one writes. Writers aren't starved: who comes while one waits, waits behind it.
class FairMutex {
 public:
  std::shared_lock<std::shared_mutex> shared() {
    const std::lock_guard turn(gate_);
    return std::shared_lock(inner_);
  }
  std::unique_lock<std::shared_mutex> exclusive() {
    const std::lock_guard turn(gate_);
    return std::unique_lock(inner_);
  }

 private:
  std::mutex gate_;
  std::shared_mutex inner_;
};

/// What the maintenance of vector indexes needs of the store.
struct VectorUpkeep {
  kv::Engine& engine;
  const Snapshots& snapshots;
  const std::atomic<std::uint64_t>& last_sequence;
  const StoreOptions& options;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> graph_bytes{0};  ///< of all graphs
};

/// What a query asks of an index's graph.
struct GraphQuery {
  std::uint64_t sequence = 0;  ///< of the snapshot
  std::span<const float> wanted;
  std::size_t limit = 0;
  const VectorDelta* own = nullptr;  ///< entities that the transaction has changed are left out
};
struct GraphAnswer {
  std::vector<VectorCandidate> nearest;  ///< right for the snapshot, in no order
  /// What the graph can't tell for the snapshot: to be looked up. None of them is in `nearest`.
  boost::unordered_flat_set<std::uint64_t> changed;
};

/// One vector index in memory: nothing but a count while it is small, a graph when it is large. The store's entries are
/// the truth; the graph follows the commits, and what it does not show yet (or not any more, for an old snapshot) is
/// known by its log of changed entities:
///
///   an entity whose changes are all in the graph, the last one not newer than the snapshot, has in the graph the
///   elements that it has in the snapshot.
///
/// note() is for the committer, find() and statistics() for any thread, maintain() for the one thread of upkeep.
class TrackedVectorIndex {
 public:
  TrackedVectorIndex(const Index& index, VectorUpkeep& upkeep)
      : id_(index.id), config_(index.vector), upkeep_(upkeep) {}
  ~TrackedVectorIndex();

  /// Commit `sequence` is going to change these; before anybody can see it.
  void note(std::uint64_t sequence, const VectorDelta& delta);
  /// False: there is no graph, or none that helps here; then search exactly.
  bool find(const GraphQuery& query, GraphAnswer& out);
  /// Does what is to be done: counts, builds, applies changes, builds anew when too much is deleted.
  void maintain();
  void drop() { dropped_ = true; }
  VectorIndexStatistics statistics();
  /// Whether the log holds something that only waits for old snapshots to end.
  bool to_prune();

 private:
  using Phase = VectorIndexStatistics::Phase;
  using Log = boost::unordered_flat_map<std::uint64_t, std::uint64_t>;  ///< entity: the last commit that changed it
  struct Entries {
    std::vector<std::uint64_t> ids;
    std::vector<std::size_t> ends;  ///< of each one's elements
    std::vector<std::byte> elements;
    Bytes of(std::size_t i) const;
    void clear() { ids.clear(), ends.clear(), elements.clear(); }
  };

  bool stopped() const { return dropped_ || upkeep_.stopping; }
  Phase phase();
  bool collect_changed(std::uint64_t sequence, std::size_t most, GraphAnswer& out);
  Result<bool> count();
  Result<bool> build();
  Result<void> read_chunk(keys::SmallKey& from, Entries& out);
  Result<bool> apply();
  Result<bool> apply_some(std::span<const std::uint64_t> entities);
  void prune();
  bool worn_out();
  bool install(std::unique_ptr<VectorGraph> graph);
  bool remove_graph(Phase next);
  Result<void> room_for(std::uint64_t bytes) const;
  Result<void> make_room(std::uint64_t bytes);
  void account();

  const IndexId id_;
  const VectorConfig config_;
  VectorUpkeep& upkeep_;
  std::atomic<bool> dropped_{false};

  // Taken in this order: graph_lock_, log_mutex_.
  FairMutex graph_lock_;
  std::unique_ptr<VectorGraph> graph_;
  std::uint64_t accounted_ = 0;  // bytes of it in graph_bytes

  std::mutex log_mutex_;
  Phase phase_ = Phase::counting;
  std::int64_t entries_ = 0;       // about; while there is no graph
  std::uint64_t logged_from_ = 0;  // later commits are in the log; snapshots from before are none of the graph's business
  Log pending_;                       // what the graph does not show yet
  Log applied_;                       // what it shows, and older snapshots don't
  std::uint64_t newest_applied_ = 0;  // no snapshot from here on needs applied_
};

}  // namespace packhouse::storage
