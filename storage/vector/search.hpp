#pragma once
#include <vector>

#include "storage/graph.hpp"
#include "storage/kv/engine.hpp"
#include "storage/vector/delta.hpp"
#include "storage/vector/graph.hpp"
#include "storage/vector/tracked_index.hpp"

namespace packhouse::storage {

/// One search in a vector index: what the snapshot holds, merged with what the transaction has changed. For one thread.
class VectorSearch {
 public:
  /// `wanted` as the index keeps vectors; `own` may be null.
  VectorSearch(kv::Snapshot& snapshot, const Index& index, std::span<const float> wanted, std::size_t limit,
               const VectorDelta* own)
      : snapshot_(snapshot), index_(index), wanted_(wanted), limit_(limit), own_(own) {}

  /// Compares with every entry.
  Result<void> exact(const std::function<Result<void>()>& pause);
  /// Asks the graph; false when it can't help.
  Result<bool> by_graph(TrackedVectorIndex& tracked);
  /// What was found, with scores.
  Result<std::vector<VectorMatch>> matches();

 private:
  void offer(std::uint64_t entity, Bytes elements);
  void offer_own();
  void keep(VectorCandidate candidate);

  kv::Snapshot& snapshot_;
  const Index& index_;
  std::span<const float> wanted_;
  std::size_t limit_;
  const VectorDelta* own_;
  std::vector<VectorCandidate> best_;  // a heap with the worst on top
};

}  // namespace packhouse::storage
