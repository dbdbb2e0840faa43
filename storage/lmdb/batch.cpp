#include <array>
#include <cstring>

#include "base/buffer.hpp"
#include "storage/keys.hpp"
#include "storage/lmdb/environment.hpp"

namespace packhouse::storage::lmdb {
namespace {

/// LMDB's write transaction. It holds one cursor per table (first byte of the key), so that sorted runs of keys in
/// several tables each stay on their page. Savepoints are a list of old values: LMDB's own nested transactions
/// allocate megabytes each. Used by the committer's thread only (LMDB's mutex belongs to a thread).
class LmdbBatch final : public kv::Batch {
 public:
  LmdbBatch(Environment& environment, MDB_txn* txn) : environment_(environment), txn_(txn) {}
  ~LmdbBatch() override {
    if (txn_ != nullptr) finish(), mdb_txn_abort(txn_);
    environment_.batch_open = false;
  }

  Result<void> find_sequence() {
    PACKHOUSE_TRY(sequence_, read_sequence(txn_, environment_.dbi()));
    return ok;
  }
  std::uint64_t base_sequence() const override { return sequence_; }

  Result<std::optional<Bytes>> get(Bytes key) override {
    PACKHOUSE_TRY(MDB_cursor* cursor, cursor_for(key));
    MDB_val k = as_val(key), value;
    const int code = mdb_cursor_get(cursor, &k, &value, MDB_SET_KEY);
    if (code == MDB_NOTFOUND) return std::nullopt;
    PACKHOUSE_CHECK(note(code, "reading"));
    return from_val(value);
  }

  Result<std::optional<kv::Entry>> last(Bytes low, Bytes high) override {
    PACKHOUSE_TRY(MDB_cursor* cursor, cursor_of(table_of(low)));
    MDB_val key = as_val(high), value;
    int code = high.empty() ? MDB_NOTFOUND : mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    if (code == MDB_SUCCESS || code == MDB_NOTFOUND) {
      code = mdb_cursor_get(cursor, &key, &value, code == MDB_SUCCESS ? MDB_PREV : MDB_LAST);
    }
    if (code == MDB_NOTFOUND) return std::nullopt;
    PACKHOUSE_CHECK(note(code, "reading"));
    MDB_val least = as_val(low);
    if (!low.empty() && mdb_cmp(txn_, environment_.dbi(), &key, &least) < 0) return std::nullopt;
    return kv::Entry{from_val(key), from_val(value)};
  }

  Result<std::optional<kv::Entry>> first(Bytes low, Bytes high) override {
    PACKHOUSE_TRY(MDB_cursor* cursor, cursor_of(table_of(low)));
    MDB_val key = as_val(low), value, beyond = as_val(high);
    const int code = mdb_cursor_get(cursor, &key, &value, low.empty() ? MDB_FIRST : MDB_SET_RANGE);
    if (code == MDB_NOTFOUND) return std::nullopt;
    PACKHOUSE_CHECK(note(code, "reading"));
    if (!high.empty() && mdb_cmp(txn_, environment_.dbi(), &key, &beyond) >= 0) return std::nullopt;
    return kv::Entry{from_val(key), from_val(value)};
  }

  Result<void> put(Bytes key, Bytes value) override {
    PACKHOUSE_TRY(MDB_cursor* cursor, cursor_for(key));
    if (!marks_.empty()) PACKHOUSE_CHECK(remember(cursor, key));
    return store(cursor, key, value);
  }

  Result<void> erase(Bytes key) override {
    PACKHOUSE_TRY(MDB_cursor* cursor, cursor_for(key));
    if (!marks_.empty()) PACKHOUSE_CHECK(remember(cursor, key));
    return remove(cursor, key);
  }

  Result<void> begin_nested() override {
    PACKHOUSE_CHECK(usable());
    marks_.push_back(undo_.size());
    return ok;
  }

  Result<void> commit_nested() override {
    PACKHOUSE_CHECK(usable());
    if (marks_.empty()) return fail(Status::internal, "commit_nested without begin_nested");
    marks_.pop_back();
    if (marks_.empty()) forget_undo();
    return ok;
  }

  void abort_nested() override {
    if (marks_.empty() || !usable()) return;
    // A failure in here is remembered by note(), and makes commit() fail.
    for (; undo_.size() > marks_.back(); undo_.pop_back()) {
      const Undo& undo = undo_.back();
      const Bytes all = old_.view();
      const Bytes key = all.subspan(undo.at, undo.key), value = all.subspan(undo.at + undo.key, undo.value);
      const auto cursor = cursor_for(key);
      if (!cursor || !(undo.existed ? store(*cursor, key, value) : remove(*cursor, key))) return;
      old_.truncate(undo.at);
    }
    marks_.pop_back();
  }

  Result<void> commit(std::uint64_t sequence, bool sync) override {
    PACKHOUSE_CHECK(usable());
    if (!marks_.empty()) return fail(Status::internal, "commit inside a nested batch");
    const auto stored = keys::stored_u64(sequence);
    PACKHOUSE_CHECK(put(keys::sequence(), Bytes(stored)));
    PACKHOUSE_CHECK(environment_.set_sync(sync));
    finish();
    const std::size_t id = mdb_txn_id(txn_);
    const int code = mdb_txn_commit(std::exchange(txn_, nullptr));
    PACKHOUSE_CHECK(check(code, "committing"));
    environment_.publish(id, sequence);
    return ok;
  }

 private:
  struct Undo {
    std::size_t at;  // in old_: the key, then the value
    std::uint32_t key, value;
    bool existed;
  };

  /// Closes the cursors; LMDB wants that before the transaction ends.
  void finish() {
    for (MDB_cursor*& cursor : cursors_) {
      if (cursor != nullptr) mdb_cursor_close(std::exchange(cursor, nullptr));
    }
  }

  Result<void> usable() const {
    if (failure_) [[unlikely]] return tl::make_unexpected(*failure_);
    if (txn_ == nullptr) [[unlikely]] return fail(Status::internal, "the batch is over");
    return ok;
  }

  /// Remembers the first error: LMDB refuses everything after it, with less telling codes.
  Result<void> note(int code, std::string_view doing) {
    if (code == MDB_SUCCESS) [[likely]] return ok;
    if (!failure_) failure_ = error_of(code, doing);
    return tl::make_unexpected(*failure_);
  }

  static std::size_t table_of(Bytes key) { return key.empty() ? 0 : std::to_integer<std::size_t>(key[0]); }

  Result<MDB_cursor*> cursor_of(std::size_t table) {
    PACKHOUSE_CHECK(usable());
    MDB_cursor*& cursor = cursors_[table];
    if (cursor == nullptr) PACKHOUSE_CHECK(note(mdb_cursor_open(txn_, environment_.dbi(), &cursor), "opening a cursor"));
    return cursor;
  }

  Result<MDB_cursor*> cursor_for(Bytes key) {
    if (key.empty() || key.size() > kv::max_key) {
      return fail(Status::storage_failed, "a key has " + std::to_string(key.size()) + " bytes; 1 to 511 are possible");
    }
    return cursor_of(table_of(key));
  }

  Result<void> store(MDB_cursor* cursor, Bytes key, Bytes value) {
    MDB_val k = as_val(key), v = as_val(value);
    return note(mdb_cursor_put(cursor, &k, &v, 0), "writing");
  }

  Result<void> remove(MDB_cursor* cursor, Bytes key) {
    MDB_val k = as_val(key), v;
    const int code = mdb_cursor_get(cursor, &k, &v, MDB_SET_KEY);
    if (code == MDB_NOTFOUND) return ok;
    PACKHOUSE_CHECK(note(code, "writing"));
    return note(mdb_cursor_del(cursor, 0), "writing");
  }

  Result<void> remember(MDB_cursor* cursor, Bytes key) {
    MDB_val k = as_val(key), value{0, nullptr};
    const int code = mdb_cursor_get(cursor, &k, &value, MDB_SET_KEY);
    if (code != MDB_NOTFOUND) PACKHOUSE_CHECK(note(code, "reading"));
    const bool existed = code == MDB_SUCCESS;
    if (!existed) value.mv_size = 0;
    undo_.push_back({old_.size(), static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(value.mv_size), existed});
    old_.append(key);
    old_.append(from_val(value));
    return ok;
  }

  void forget_undo() {
    undo_.clear();
    old_.clear();
  }

  Environment& environment_;
  MDB_txn* txn_;
  std::uint64_t sequence_ = 0;
  std::array<MDB_cursor*, 256> cursors_{};
  std::vector<Undo> undo_;
  std::vector<std::size_t> marks_;  // where each open savepoint begins in undo_
  Buffer old_;
  std::optional<Error> failure_;
};

}  // namespace

Result<std::unique_ptr<kv::Batch>> make_batch(Environment& environment) {
  if (environment.batch_open.exchange(true)) return fail(Status::internal, "a batch is open already");
  MDB_txn* txn = nullptr;
  if (const int code = mdb_txn_begin(environment.env(), nullptr, 0, &txn); code != MDB_SUCCESS) {
    environment.batch_open = false;
    return tl::make_unexpected(error_of(code, "beginning a batch"));
  }
  auto batch = std::make_unique<LmdbBatch>(environment, txn);
  PACKHOUSE_CHECK(batch->find_sequence());
  return batch;
}

}  // namespace packhouse::storage::lmdb
