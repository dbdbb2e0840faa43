#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "storage/graph.hpp"
#include "storage/record_key.hpp"

namespace packhouse::storage {

class LockManager;

enum class LockMode : std::uint8_t { shared, exclusive };
/// What to do about a lock that is held elsewhere.
enum class Patience : std::uint8_t { wait, give_up };

/// A transaction's side of the lock manager: what it holds and what it waits for. Lives inside the transaction;
/// release_all() must have been called before it dies. All content is guarded by the manager's mutex.
class LockOwner {
 public:
  explicit LockOwner(std::uint64_t id) : id_(id) {}
  LockOwner(const LockOwner&) = delete;
  LockOwner& operator=(const LockOwner&) = delete;
  std::uint64_t id() const { return id_; }

 private:
  friend class LockManager;
  std::uint64_t id_;
  std::vector<RecordKey> held_;
  bool waiting_ = false;
  RecordKey awaited_;
  std::function<void()> wake_;
  std::uint64_t visited_ = 0;  // by the search with this number
};

/// Shared and exclusive locks on records, first come, first served; a waiter yields its thread and is woken.
/// Thread-safe (one mutex: an uncontended acquire is a look-up in a flat map). An owner is used by one thread at a
/// time and waits for one lock at most. Locks are kept until release_all().
class LockManager {
 public:
  LockManager();
  ~LockManager();

  /// Takes the lock, or queues for it and answers `waiting`. Asking for what is held already (or less) is granted
  /// at once; shared -> exclusive upgrades wait in front of all others. Status::deadlock when waiting would close
  /// a circle: then nothing was queued, and the caller's transaction should be rolled back. With Patience::give_up nothing is
  /// ever queued: `refused`, and nobody else can have noticed.
  Result<LockState> acquire(LockOwner& owner, RecordKey key, LockMode mode, Patience patience = Patience::wait);

  /// Whether `owner` still waits (false once it was granted or cancelled).
  bool waiting(const LockOwner& owner) const;
  /// The record that `owner` waits for or waited for last.
  RecordKey awaited(const LockOwner& owner) const;
  /// Calls `wake` once, outside the mutex, when the wait ends; at once if there is none.
  void on_wake(LockOwner& owner, std::function<void()> wake);
  /// Ends the wait without the lock (time-out, RESET) and wakes. What is held stays held. Harmless without a wait.
  void cancel(LockOwner& owner);
  /// Gives back everything, ends a wait (waking it), and wakes those whose turn it is. The owner can be used again.
  void release_all(LockOwner& owner);

  /// Number of locks held or waited for, for tests and metrics.
  std::size_t size() const;
  std::uint64_t deadlocks() const;

 private:
  struct Lock;
  struct Table;
  struct Woken;
  void leave_queue(LockOwner& owner, Woken& woken);
  bool closes_circle(LockOwner& start);

  mutable std::mutex mutex_;
  std::unique_ptr<Table> table_;
  std::uint64_t searches_ = 0, deadlocks_ = 0;
};

}  // namespace packhouse::storage
