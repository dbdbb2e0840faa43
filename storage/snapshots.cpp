#include "storage/snapshots.hpp"

#include <utility>

namespace packhouse::storage {

void SnapshotHandle::close() {
  if (!owner_) return;
  snapshot_.reset();
  owner_->unlink(*this);
  owner_ = nullptr;
}

void SnapshotHandle::hand_over(SnapshotHandle& to) {
  if (owner_) owner_->replace(*this, to);
}

void Snapshots::replace(SnapshotHandle& h, SnapshotHandle& by) {
  const std::lock_guard lock(mutex_);
  by.owner_ = std::exchange(h.owner_, nullptr);
  by.snapshot_ = std::move(h.snapshot_);
  by.before_ = h.before_;
  by.after_ = h.after_;
  by.at_least_ = h.at_least_;
  by.since_ = h.since_;
  by.expired_.store(h.expired(), std::memory_order_relaxed);
  (by.before_ ? by.before_->after_ : oldest_) = &by;
  (by.after_ ? by.after_->before_ : newest_) = &by;
}

void Snapshots::link(SnapshotHandle& h, std::uint64_t at_least) {
  h.owner_ = this;
  h.at_least_ = at_least;
  h.since_ = std::chrono::steady_clock::now();
  h.expired_.store(false, std::memory_order_relaxed);
  h.after_ = nullptr;
  h.before_ = newest_;
  (newest_ ? newest_->after_ : oldest_) = &h;
  newest_ = &h;
  ++count_;
}

void Snapshots::unlink(SnapshotHandle& h) {
  const std::lock_guard lock(mutex_);
  (h.before_ ? h.before_->after_ : oldest_) = h.after_;
  (h.after_ ? h.after_->before_ : newest_) = h.before_;
  --count_;
}

Result<void> Snapshots::open(SnapshotHandle& handle, kv::Engine& engine, const std::atomic<std::uint64_t>& last_sequence) {
  handle.close();
  {
    // Known before it exists: else the committer could forget a change that this snapshot does not show yet.
    const std::lock_guard lock(mutex_);
    link(handle, last_sequence.load(std::memory_order_acquire));
  }
  auto snapshot = engine.snapshot();
  if (!snapshot) {
    handle.close();
    return tl::make_unexpected(std::move(snapshot).error());
  }
  handle.snapshot_ = std::move(*snapshot);
  return ok;
}

std::uint64_t Snapshots::oldest_sequence(std::uint64_t otherwise) const {
  const std::lock_guard lock(mutex_);
  return oldest_ ? oldest_->at_least_ : otherwise;
}

std::size_t Snapshots::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

std::chrono::milliseconds Snapshots::oldest_age() const {
  const std::lock_guard lock(mutex_);
  if (!oldest_) return std::chrono::milliseconds(0);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - oldest_->since_);
}

void Snapshots::expire(std::chrono::milliseconds age) {
  const std::lock_guard lock(mutex_);
  const auto limit = std::chrono::steady_clock::now() - age;
  for (SnapshotHandle* h = oldest_; h && h->since_ < limit; h = h->after_) h->expired_.store(true, std::memory_order_relaxed);
}

}  // namespace packhouse::storage
