#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "storage/commit_request.hpp"
#include "storage/store_core.hpp"

namespace packhouse::storage {

/// The one thread that writes: takes all commits that wait, checks each, writes them as one batch with one sync,
/// publishes, gives back the locks and answers. submit() and close() are for any thread.
class Committer {
 public:
  explicit Committer(StoreCore& core) : core_(core) {}
  ~Committer() { close(); }
  Result<void> start();
  /// Answers through request->done, also when the store is closing.
  void submit(std::unique_ptr<CommitRequest> request);
  /// For what transactions write ahead of their commits.
  StageQueue& stage() { return stage_; }
  /// Writes what was submitted, then ends the thread.
  void close();

 private:
  using Request = std::unique_ptr<CommitRequest>;
  using Clock = std::chrono::steady_clock;

  void run();
  /// Takes the next group; empty when it is time for something else.
  std::vector<Request> take();
  Clock::duration patience() const;
  void process(std::vector<Request> group);
  /// Writes the group into one batch; those that fail alone are answered and removed.
  Result<void> write_group(std::vector<Request>& group, std::uint64_t sequence, CatalogPtr& published);
  Result<void> check(CommitRequest& request, kv::Batch& batch);
  Result<void> write_shared(kv::Batch& batch, const CountDelta& counts);
  Result<void> write_ids(kv::Batch& batch);
  void sync_if_due(bool now);

  // committer_stage.cpp
  /// Removes what transactions wrote ahead that a crash ended.
  Result<void> find_orphans();
  void process_stage();
  Result<void> write_stage(std::span<const StageRequest> requests);
  bool removal_due() const { return !sync_error_ && !removing_.empty() && Clock::now() >= remove_at_; }
  Result<void> remove_some();
  /// Gives back locks and snapshot, then tells the client.
  void answer(Request request, Result<std::uint64_t> result);

  StoreCore& core_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request> queue_;
  std::size_t expected_ = 0;  // requests that the next group has when those just answered come back with another
  bool closing_ = false;
  StageQueue stage_{[this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_one();
  }};
  std::thread thread_;

  // Only the committer's thread:
  Clock::duration last_write_{};  // what the last group took to be written and synced
  std::optional<Clock::time_point> unsynced_since_;
  std::optional<Error> sync_error_;
  std::uint64_t written_node_ = 0, written_relationship_ = 0, written_rule_ = 0, written_id_ = 0;  // high-water marks on disk
  std::vector<BlobId> removing_;  // marked blobs, to remove bit by bit
  Clock::time_point remove_at_{};  // not before: the disk was full
  std::uint32_t labels_written_ = 0, types_written_ = 0, keys_written_ = 0;
};

}  // namespace packhouse::storage
