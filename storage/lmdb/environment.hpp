#pragma once
#include <lmdb.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "storage/lmdb/engine.hpp"
#include "storage/lmdb/folder.hpp"

namespace packhouse::storage::lmdb {

/// An LMDB return code in words. `doing` begins the message: "committing".
Error error_of(int code, std::string_view doing);

inline Result<void> check(int code, std::string_view doing) {
  if (code == MDB_SUCCESS) [[likely]] return ok;
  return tl::make_unexpected(error_of(code, doing));
}

inline MDB_val as_val(Bytes b) { return {b.size(), const_cast<std::byte*>(b.data())}; }
inline Bytes from_val(const MDB_val& v) { return {static_cast<const std::byte*>(v.mv_data), v.mv_size}; }

/// A read transaction that is kept for the next snapshot, with the cursors made for it. Renewing one costs two
/// stores; beginning one anew takes LMDB's mutex.
struct Reader {
  MDB_txn* txn = nullptr;
  std::vector<MDB_cursor*> free_cursors;
};

/// The open LMDB environment: what the engine's snapshots and batches share. Thread-safe.
class Environment {
 public:
  explicit Environment(Folder folder) : folder_(std::move(folder)) {}
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  Result<void> open(const EngineOptions& options);

  MDB_env* env() const { return env_; }
  MDB_dbi dbi() const { return dbi_; }

  Result<Reader> take_reader();
  void give_back(Reader reader);

  /// The sequence that LMDB transaction `id` shows, if it is the last one committed here.
  std::optional<std::uint64_t> sequence_of(std::size_t id) const;
  void publish(std::size_t id, std::uint64_t sequence);

  /// Switches LMDB's syncing; called by the committer's thread only. Marks the folder before the first
  /// commit that isn't synced.
  Result<void> set_sync(bool sync);
  Result<void> sync();
  std::uint64_t size_bytes() const;

  std::atomic<bool> batch_open{false};

 private:
  Result<void> open_map(const EngineOptions& options);
  Result<void> cover_all_pages();
  Result<void> check_content(bool everything);

  static constexpr std::size_t most_idle_readers = 256;

  Folder folder_;
  MDB_env* env_ = nullptr;
  MDB_dbi dbi_ = 0;
  bool syncing_ = true;
  bool marked_ = false;
  std::atomic<std::size_t> published_id_{0};
  std::atomic<std::uint64_t> published_sequence_{0};
  std::mutex readers_mutex_;
  std::vector<Reader> readers_;
};

/// The stored sequence, 0 in an empty store.
Result<std::uint64_t> read_sequence(MDB_txn* txn, MDB_dbi dbi);

Result<std::unique_ptr<kv::Snapshot>> make_snapshot(Environment& environment);
Result<std::unique_ptr<kv::Batch>> make_batch(Environment& environment);

}  // namespace packhouse::storage::lmdb
