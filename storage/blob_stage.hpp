#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "storage/stage.hpp"

namespace packhouse::storage {

/// The blobs of one transaction: those it writes, chunk by chunk ahead of the commit, and those it drops. For one thread;
/// goes to the committer with the rest of the transaction. Destroyed without committed(), it removes what it wrote.
class BlobStage {
 public:
  BlobStage(StageQueue& queue, kv::Engine& engine) : queue_(queue), engine_(engine) {}
  ~BlobStage() { forget(); }
  BlobStage(const BlobStage&) = delete;
  BlobStage& operator=(const BlobStage&) = delete;

  void begin_statement();
  void rollback_statement();

  void create(BlobId id);
  Result<void> append(BlobId id, Bytes bytes);
  void drop(BlobId id);
  /// Nothing for blobs that the transaction did not create.
  std::optional<std::uint64_t> size(BlobId id) const;
  /// A chunk of an own blob, from memory or from the disk; nothing behind the last.
  Result<std::optional<Bytes>> chunk(BlobId id, std::uint32_t number);

  bool empty() const { return open_.empty() && dropped_.empty(); }
  /// Bytes held in memory.
  std::size_t bytes() const { return bytes_; }

  // ---- for the committer's thread -----------------------------------------------------------------
  /// Whether everything written ahead went well.
  Result<void> check() const { return progress_->check(); }
  /// Writes what is missing, takes the marks of what is committed, marks what was dropped.
  Result<void> write(kv::Batch& batch) const;
  /// It is on disk. Adds the blobs that are marked for removal to `marked`.
  void committed(std::vector<BlobId>& marked);
  /// Removes everything: the transaction didn't happen.
  void forget();

 private:
  struct Open {
    std::uint64_t size = 0;
    std::vector<std::byte> tail;        ///< what doesn't fill a chunk yet
    std::uint32_t staged = 0;           ///< chunks that were ever handed over; later ones may have been taken back
    std::uint32_t statement = 0;        ///< that changed it last
    std::uint64_t saved_size = 0;       ///< before that statement
    std::vector<std::byte> saved_tail;
    bool fresh_in_statement = false;    ///< made by it
  };
  struct Key {
    BlobId blob;
    std::uint32_t number;
    auto operator<=>(const Key&) const = default;
  };

  Result<void> hand_over();
  void remove(BlobId id, const Open& blob);
  void clear();
  static std::size_t held(const Open& blob) { return blob.tail.capacity() + blob.saved_tail.capacity(); }
  static constexpr std::size_t open_overhead = 192;  // of an entry of open_, about

  StageQueue& queue_;
  kv::Engine& engine_;
  std::map<BlobId, Open> open_;
  std::map<Key, std::vector<std::byte>> pending_;  ///< full chunks, not handed over
  std::vector<BlobId> dropped_;
  std::size_t dropped_mark_ = 0;
  std::uint32_t statement_ = 1;
  std::size_t bytes_ = 0;
  std::shared_ptr<StageProgress> progress_ = std::make_shared<StageProgress>();
  std::unique_ptr<kv::Snapshot> reader_;  ///< shows what was handed over; null after the next
};

}  // namespace packhouse::storage
