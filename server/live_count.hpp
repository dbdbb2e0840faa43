#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace packhouse::server {

/// How many of something are alive, to wait for the last one to go. Used by all threads.
class LiveCount {
 public:
  /// Counts as one for as long as it exists.
  class Guard {
   public:
    explicit Guard(LiveCount& count) : count_(count) {
      const std::scoped_lock lock(count_.mutex_);
      ++count_.alive_;
    }
    ~Guard() {
      const std::scoped_lock lock(count_.mutex_);
      if (--count_.alive_ == 0) count_.none_.notify_all();  // under the lock: the count may go as soon as it is seen
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    LiveCount& count_;
  };

  std::size_t now() {
    const std::scoped_lock lock(mutex_);
    return alive_;
  }
  /// False when there still are some after `patience`.
  bool wait_until_none(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    return none_.wait_for(lock, patience, [&] { return alive_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t alive_ = 0;
};

}  // namespace packhouse::server
