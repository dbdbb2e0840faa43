#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "storage/cells.hpp"

namespace packhouse::storage {

/// How far the committer got with what one transaction wrote ahead. Shared by the two; thread-safe.
class StageProgress {
 public:
  void submitted() {
    const std::lock_guard lock(mutex_);
    ++waiting_;
  }
  void finished(const Result<void>& how) {
    const std::lock_guard lock(mutex_);
    --waiting_;
    if (!how && !error_) error_ = how.error();
    changed_.notify_all();
  }
  /// Waits until everything submitted is on disk; the first error there was.
  Result<void> wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ == 0; });
    return outcome();
  }
  /// The first error so far.
  Result<void> check() {
    const std::lock_guard lock(mutex_);
    return outcome();
  }

 private:
  Result<void> outcome() const { return error_ ? Result<void>(tl::make_unexpected(*error_)) : ok; }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t waiting_ = 0;
  std::optional<Error> error_;
};

struct BlobChunk {
  BlobId blob{};
  std::uint32_t number = 0;
  std::vector<std::byte> bytes;
};

/// What the committer does outside of any commit: chunks of blobs whose transaction goes on, or the removal of a blob
/// whose transaction is gone.
struct StageRequest {
  std::vector<BlobChunk> chunks;
  std::vector<BlobId> fresh;      ///< blobs that get their first chunks: marked as not committed
  std::optional<BlobId> removed;  ///< instead of the others
  std::shared_ptr<StageProgress> progress;

  std::size_t bytes() const;
};

/// Where transactions put stage requests for the committer. Thread-safe.
class StageQueue {
 public:
  /// Calls `changed` when there is something to take.
  explicit StageQueue(std::function<void()> changed) : changed_(std::move(changed)) {}

  /// Waits while more than `most_bytes` are queued. Removals never wait. False once closed: nothing will be written.
  bool submit(StageRequest request);
  std::vector<StageRequest> take();
  bool empty() const;
  void close();

  static constexpr std::size_t most_bytes = std::size_t{12} << 20;

 private:
  std::function<void()> changed_;
  mutable std::mutex mutex_;
  std::condition_variable taken_;
  std::vector<StageRequest> requests_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace packhouse::storage
