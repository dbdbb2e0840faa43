#pragma once
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/overlay.hpp"
#include "storage/vector/tracked_index.hpp"

namespace packhouse::storage {

/// All vector indexes of a store, and the thread that keeps their graphs up to date: it starts with the first of them
/// and has nothing to do while all are small. Thread-safe.
class VectorIndexes {
 public:
  VectorIndexes(kv::Engine& engine, const Snapshots& snapshots, const std::atomic<std::uint64_t>& last_sequence,
                const StoreOptions& options)
      : upkeep_{engine, snapshots, last_sequence, options} {}
  ~VectorIndexes() { close(); }

  // The committer (and the store when it opens):
  void adopt(const Schema& schema);                           ///< the schema just published
  void note(std::uint64_t sequence, const Overlay& overlay);  ///< before the commit
  void published();                                           ///< after it

  /// Null when there is no such index, or it is too new.
  std::shared_ptr<TrackedVectorIndex> find(IndexId id) const;
  /// Blocks until everything published is done.
  void settle();
  void close();

 private:
  void run();
  std::vector<std::shared_ptr<TrackedVectorIndex>> all() const;  // with mutex_ held

  VectorUpkeep upkeep_;
  mutable std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::map<IndexId, std::shared_ptr<TrackedVectorIndex>> indexes_;
  bool work_ = false, busy_ = false;
  std::thread thread_;
};

}  // namespace packhouse::storage
