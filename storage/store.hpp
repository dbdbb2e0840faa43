#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "storage/graph.hpp"

namespace packhouse::storage {

namespace kv {
class Engine;
}

struct StoreOptions {
  bool sync = true;                                ///< false: sync at most every `sync_interval`
  std::chrono::milliseconds sync_interval{100};    ///< only when !sync
  std::uint64_t map_size = std::uint64_t{1} << 40; ///< LMDB address space, bytes
  std::chrono::milliseconds max_snapshot_age{std::chrono::hours(1)};
  std::uint64_t node_cache = std::uint64_t{64} << 20;            ///< bytes for copies of properties and labels; 0: none
  std::uint64_t vector_graph_from = 10'000;                      ///< entries; smaller vector indexes are searched exactly
  std::uint64_t vector_graph_memory = std::uint64_t{2} << 30;    ///< bytes for the graphs of all vector indexes
};

/// How a vector index is searched.
struct VectorIndexStatistics {
  enum class Phase : std::uint8_t {
    counting,  ///< just opened: exactly, as yet
    exact,     ///< it is small
    building,  ///< exactly, until the graph is there
    graph,
    too_large, ///< exactly, because the graph would need more memory than it may
  };
  Phase phase = Phase::counting;
  std::uint64_t in_graph = 0, deleted = 0, pending = 0, graph_bytes = 0;
};

struct StoreStatistics {
  std::uint64_t commits = 0, conflicts = 0, deadlocks = 0;
  std::uint64_t size_bytes = 0;           ///< used by the engine on disk
  std::uint64_t active_transactions = 0;
  std::chrono::milliseconds oldest_snapshot{0};
  std::uint64_t node_cache = 0;           ///< bytes in the node cache
};

/// One database: an engine, its tokens, schema, counts, locks and the committer thread.
/// Thread-safe; outlives its transactions.
class Store {
 public:
  /// Opens or creates a store in `folder` (LMDB). Errors: storage_failed with a message for the operator:
  /// a folder that belongs to another program or a running server, an unknown format version, a full disk.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, const StoreOptions& options = {});
  /// On any engine, e.g. storage/memory for tests.
  static Result<std::unique_ptr<Store>> open(std::unique_ptr<kv::Engine> engine, const StoreOptions& options = {});
  virtual ~Store() = default;

  virtual Result<std::unique_ptr<Transaction>> begin(AccessMode mode) = 0;

  /// Random 128-bit id made when the store was created, 32 hex digits (used in element ids and bookmarks).
  virtual std::string_view uuid() const = 0;
  /// Sequence of the last commit; survives restarts.
  virtual std::uint64_t last_sequence() const = 0;
  /// Number that changes with every schema change and every new token: cached plans are keyed by it.
  virtual std::uint64_t catalog_version() const = 0;

  // Tokens. Ids are dense, given out for good; `find_*` never creates. Thread-safe.
  virtual std::optional<LabelId> find_label(std::string_view name) const = 0;
  virtual std::optional<TypeId> find_type(std::string_view name) const = 0;
  virtual std::optional<KeyId> find_key(std::string_view name) const = 0;
  virtual Result<LabelId> label(std::string_view name) = 0;  ///< finds or creates
  virtual Result<TypeId> type(std::string_view name) = 0;
  virtual Result<KeyId> key(std::string_view name) = 0;
  /// Views stay good as long as the store.
  virtual std::string_view name(LabelId) const = 0;
  virtual std::string_view name(TypeId) const = 0;
  virtual std::string_view name(KeyId) const = 0;
  virtual std::size_t label_count() const = 0;  ///< tokens, used or not
  virtual std::size_t type_count() const = 0;
  virtual std::size_t key_count() const = 0;

  virtual StoreStatistics statistics() const = 0;
  /// Nothing when there is no such vector index.
  virtual std::optional<VectorIndexStatistics> vector_statistics(IndexId index) const = 0;
  /// Blocks until the graphs of vector indexes show everything committed before the call.
  virtual void settle_vector_indexes() = 0;
  /// Waits until everything accepted is on disk, then refuses new commits.
  virtual void close() = 0;
};

}  // namespace packhouse::storage
