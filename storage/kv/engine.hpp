#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/bytes.hpp"
#include "base/error.hpp"

namespace packhouse::storage::kv {

struct Entry {
  Bytes key, value;
};

/// Walks a key range in key order, in batches. Views live as long as the snapshot.
class Scan {
 public:
  virtual ~Scan() = default;
  /// Fills `out`, returns how many; 0 = the end.
  virtual Result<std::size_t> next(std::span<Entry> out) = 0;
};

/// The committed state of one moment. Used by one thread at a time; views into it live as long as it.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  /// Sequence of the last batch that it shows.
  virtual std::uint64_t sequence() const = 0;
  virtual Result<std::optional<Bytes>> get(Bytes key) = 0;
  /// out[i] is empty (data() == nullptr) when keys[i] is absent. Sizes are equal.
  virtual Result<void> get_many(std::span<const Bytes> keys, std::span<Bytes> out) = 0;
  /// Keys in [low, high); an empty `high` means to the end of all keys.
  virtual Result<std::unique_ptr<Scan>> scan(Bytes low, Bytes high) = 0;
  /// The greatest entry with low <= key < high, or nothing.
  virtual Result<std::optional<Entry>> last(Bytes low, Bytes high) = 0;
};

/// An atomic set of changes in the making. Keys may come in any order; within one batch the last change of a
/// key wins. Reads through it see the latest committed state plus the batch itself.
class Batch {
 public:
  virtual ~Batch() = default;
  virtual std::uint64_t base_sequence() const = 0;
  virtual Result<std::optional<Bytes>> get(Bytes key) = 0;  ///< view good until the next change through this batch
  /// The greatest entry with low <= key < high, or nothing; same lifetime.
  virtual Result<std::optional<Entry>> last(Bytes low, Bytes high) = 0;
  /// The least entry with low <= key < high, or nothing; same lifetime.
  virtual Result<std::optional<Entry>> first(Bytes low, Bytes high) = 0;
  virtual Result<void> put(Bytes key, Bytes value) = 0;
  virtual Result<void> erase(Bytes key) = 0;  ///< absent keys are fine
  /// Savepoints, so that one transaction's failure inside a group commit leaves the others whole.
  virtual Result<void> begin_nested() = 0;
  virtual Result<void> commit_nested() = 0;
  virtual void abort_nested() = 0;
  /// Makes everything visible (and durable when `sync`). On error nothing of it happened.
  virtual Result<void> commit(std::uint64_t sequence, bool sync) = 0;
  // Destroying it without commit() discards all changes.
};

/// An ordered key-value store with snapshots: what every engine offers (LMDB, memory, later PostgreSQL).
/// Keys are 1..511 bytes, compared as unsigned bytes. Snapshots may be taken and used from any thread, one thread
/// at a time each; there is one Batch at a time, used by the committer thread only.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Result<std::unique_ptr<Snapshot>> snapshot() = 0;
  virtual Result<std::unique_ptr<Batch>> begin_batch() = 0;
  /// Forces what was committed with sync = false to disk.
  virtual Result<void> sync() = 0;
  virtual std::uint64_t size_bytes() const = 0;
};

inline constexpr std::size_t max_key = 511;

}  // namespace packhouse::storage::kv
