#pragma once
#include <cstdint>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "storage/keys.hpp"
#include "storage/kv/engine.hpp"

namespace packhouse::storage {

/// By how much one commit changes the counts. A plain value; used by one thread.
class CountDelta {
 public:
  void nodes(std::int64_t by) { nodes_ += by; }
  void relationships(std::int64_t by) { relationships_ += by; }
  void label(LabelId label, std::int64_t by) { add(labels_, raw(label), by); }
  void type(TypeId type, std::int64_t by) { add(types_, raw(type), by); }
  void merge(const CountDelta& other);
  bool empty() const;
  void clear();

  std::int64_t nodes() const { return nodes_; }
  std::int64_t relationships() const { return relationships_; }
  std::int64_t label(LabelId label) const { return get(labels_, raw(label)); }
  std::int64_t type(TypeId type) const { return get(types_, raw(type)); }

 private:
  friend class Counts;
  using Deltas = std::vector<std::pair<std::uint32_t, std::int64_t>>;  // sorted by token
  static void add(Deltas& deltas, std::uint32_t token, std::int64_t by);
  static std::int64_t get(const Deltas& deltas, std::uint32_t token);

  std::int64_t nodes_ = 0, relationships_ = 0;
  Deltas labels_, types_;
};

/// Exact numbers of nodes and relationships, in all and per token. The stored ones belong to a snapshot and are
/// changed inside the commit's batch; the ones in memory are those of the last published commit, for the planner
/// and for metrics. Thread-safe.
class Counts {
 public:
  /// As the snapshot shows it.
  static Result<std::uint64_t> read(kv::Snapshot& snapshot, keys::CountKind kind, std::uint32_t token = 0);
  /// Changes the stored counts; storage_failed if one would go below zero (the store is damaged).
  static Result<void> write(kv::Batch& batch, const CountDelta& delta);

  Result<void> load(kv::Snapshot& snapshot);
  /// After the batch with this delta was committed.
  void publish(const CountDelta& delta);

  std::uint64_t nodes() const;
  std::uint64_t nodes(LabelId label) const;
  std::uint64_t relationships() const;
  std::uint64_t relationships(TypeId type) const;

 private:
  static std::uint64_t at(const std::vector<std::uint64_t>& counts, std::uint32_t token);
  static void apply(std::vector<std::uint64_t>& counts, std::uint32_t token, std::int64_t by);

  mutable std::shared_mutex mutex_;
  std::uint64_t nodes_ = 0, relationships_ = 0;
  std::vector<std::uint64_t> labels_, types_;
};

}  // namespace packhouse::storage
