#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>

#include "storage/kv/engine.hpp"

namespace packhouse::storage {

class Snapshots;

/// An open snapshot that its store knows of. Owned by one transaction (later by its commit).
class SnapshotHandle {
 public:
  SnapshotHandle() = default;
  SnapshotHandle(const SnapshotHandle&) = delete;
  SnapshotHandle& operator=(const SnapshotHandle&) = delete;
  ~SnapshotHandle() { close(); }

  kv::Snapshot& operator*() const { return *snapshot_; }
  kv::Snapshot* operator->() const { return snapshot_.get(); }
  bool is_open() const { return snapshot_ != nullptr; }
  /// Gives the snapshot to `to`, which must be closed.
  void hand_over(SnapshotHandle& to);
  /// Held longer than the store allows: whoever reads should give up.
  bool expired() const { return expired_.load(std::memory_order_relaxed); }
  void close();

 private:
  friend class Snapshots;
  Snapshots* owner_ = nullptr;
  std::unique_ptr<kv::Snapshot> snapshot_;
  SnapshotHandle *before_ = nullptr, *after_ = nullptr;
  std::uint64_t at_least_ = 0;  // the sequence it shows is not older
  std::chrono::steady_clock::time_point since_;
  std::atomic<bool> expired_{false};
};

/// All open snapshots of a store, oldest first: what must not be forgotten yet, and who holds pages for too long.
/// Thread-safe.
class Snapshots {
 public:
  /// Opens `handle` (closing what it held). `last_sequence` is that of the last published commit.
  Result<void> open(SnapshotHandle& handle, kv::Engine& engine, const std::atomic<std::uint64_t>& last_sequence);
  /// No open snapshot shows less; `otherwise` when none is open.
  std::uint64_t oldest_sequence(std::uint64_t otherwise) const;
  std::size_t count() const;
  std::chrono::milliseconds oldest_age() const;
  /// Marks those that are older.
  void expire(std::chrono::milliseconds age);

 private:
  friend class SnapshotHandle;
  void link(SnapshotHandle& handle, std::uint64_t at_least);
  void unlink(SnapshotHandle& handle);
  void replace(SnapshotHandle& handle, SnapshotHandle& by);

  mutable std::mutex mutex_;
  SnapshotHandle *oldest_ = nullptr, *newest_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace packhouse::storage
