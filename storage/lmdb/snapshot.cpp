#include <algorithm>
#include <cstring>

#include "storage/keys.hpp"
#include "storage/lmdb/environment.hpp"

namespace packhouse::storage::lmdb {
namespace {

bool less(Bytes a, Bytes b) {
  if (a.empty() || b.empty()) return a.size() < b.size();
  const int c = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  return c != 0 ? c < 0 : a.size() < b.size();
}

/// Whether `b` is likely the next key after `a`: as long, and in its last byte one more.
bool follows(Bytes a, Bytes b) {
  return !a.empty() && a.size() == b.size() && std::to_integer<int>(b.back()) == std::to_integer<int>(a.back()) + 1;
}

/// One cursor that is taken from its snapshot and given back. Must not outlive the snapshot.
class LmdbScan final : public kv::Scan {
 public:
  LmdbScan(Reader& reader, MDB_cursor* cursor, Bytes low, Bytes high) : reader_(reader), cursor_(cursor) {
    if (low.empty()) op_ = MDB_FIRST;
    low_.append(low);
    high_.append(high);
  }
  ~LmdbScan() override { reader_.free_cursors.push_back(cursor_); }

  Result<std::size_t> next(std::span<kv::Entry> out) override {
    std::size_t n = 0;
    MDB_val key, value;
    while (n < out.size() && op_ != done) {
      if (op_ == MDB_SET_RANGE) key = as_val(low_);
      const int code = mdb_cursor_get(cursor_, &key, &value, op_);
      if (code == MDB_NOTFOUND) {
        op_ = done;
        break;
      }
      PACKHOUSE_CHECK(check(code, "scanning"));
      op_ = MDB_NEXT;
      if (high_.size() > 0 && !less(from_val(key), high_)) {
        op_ = done;
        break;
      }
      out[n++] = {from_val(key), from_val(value)};
    }
    return n;
  }

 private:
  static constexpr auto done = MDB_GET_BOTH;  // no such operation is ever asked for

  Reader& reader_;
  MDB_cursor* cursor_;
  keys::IndexKey low_, high_;
  MDB_cursor_op op_ = MDB_SET_RANGE;
};

/// An LMDB read transaction out of the pool.
class LmdbSnapshot final : public kv::Snapshot {
 public:
  LmdbSnapshot(Environment& environment, Reader reader)
      : environment_(environment), reader_(std::move(reader)), sequence_(environment.sequence_of(mdb_txn_id(reader_.txn))) {}
  ~LmdbSnapshot() override { environment_.give_back(std::move(reader_)); }

  /// For make_snapshot(): when the last commit overtook the look at its number.
  Result<void> find_sequence() {
    if (sequence_) return ok;
    PACKHOUSE_TRY(sequence_, read_sequence(reader_.txn, environment_.dbi()));
    return ok;
  }
  std::uint64_t sequence() const override { return *sequence_; }

  Result<std::optional<Bytes>> get(Bytes key) override {
    MDB_val k = as_val(key), value;
    const int code = mdb_get(reader_.txn, environment_.dbi(), &k, &value);
    if (code == MDB_SUCCESS) return from_val(value);
    if (code == MDB_NOTFOUND) return std::nullopt;
    return tl::make_unexpected(error_of(code, "reading"));
  }

  Result<void> get_many(std::span<const Bytes> keys, std::span<Bytes> out) override {
    // A cursor that stays on its page makes neighbouring keys cheap, and the very next key (of a scan) cheaper.
    PACKHOUSE_TRY(MDB_cursor* cursor, take_cursor());
    Result<void> result = ok;
    bool in_order = false;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      MDB_val k{0, nullptr}, value;
      int code = MDB_NOTFOUND;
      if (in_order) code = mdb_cursor_get(cursor, &k, &value, MDB_NEXT);
      in_order = code == MDB_SUCCESS && as_text(from_val(k)) == as_text(keys[i]);
      if (!in_order) {
        k = as_val(keys[i]);
        code = mdb_cursor_get(cursor, &k, &value, MDB_SET_KEY);
        in_order = code == MDB_SUCCESS && i + 1 < keys.size() && follows(keys[i], keys[i + 1]);
      }
      if (code != MDB_SUCCESS && code != MDB_NOTFOUND) {
        result = check(code, "reading");
        break;
      }
      out[i] = code == MDB_SUCCESS ? from_val(value) : Bytes();
    }
    reader_.free_cursors.push_back(cursor);
    return result;
  }

  Result<std::unique_ptr<kv::Scan>> scan(Bytes low, Bytes high) override {
    PACKHOUSE_TRY(MDB_cursor* cursor, take_cursor());
    return std::make_unique<LmdbScan>(reader_, cursor, low, high);
  }

  Result<std::optional<kv::Entry>> last(Bytes low, Bytes high) override {
    PACKHOUSE_TRY(MDB_cursor* cursor, take_cursor());
    MDB_val key = as_val(high), value;
    int code = high.empty() ? MDB_NOTFOUND : mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    if (code == MDB_SUCCESS || code == MDB_NOTFOUND) {
      code = mdb_cursor_get(cursor, &key, &value, code == MDB_SUCCESS ? MDB_PREV : MDB_LAST);
    }
    reader_.free_cursors.push_back(cursor);
    if (code == MDB_NOTFOUND) return std::nullopt;
    PACKHOUSE_CHECK(check(code, "reading"));
    if (less(from_val(key), low)) return std::nullopt;
    return kv::Entry{from_val(key), from_val(value)};
  }

 private:
  Result<MDB_cursor*> take_cursor() {
    MDB_cursor* cursor = nullptr;
    if (reader_.free_cursors.empty()) {
      PACKHOUSE_CHECK(check(mdb_cursor_open(reader_.txn, environment_.dbi(), &cursor), "opening a cursor"));
      return cursor;
    }
    cursor = reader_.free_cursors.back();
    PACKHOUSE_CHECK(check(mdb_cursor_renew(reader_.txn, cursor), "renewing a cursor"));
    reader_.free_cursors.pop_back();
    return cursor;
  }

  Environment& environment_;
  Reader reader_;
  std::optional<std::uint64_t> sequence_;
};

}  // namespace

Result<std::unique_ptr<kv::Snapshot>> make_snapshot(Environment& environment) {
  PACKHOUSE_TRY(Reader reader, environment.take_reader());
  auto snapshot = std::make_unique<LmdbSnapshot>(environment, std::move(reader));
  PACKHOUSE_CHECK(snapshot->find_sequence());
  return snapshot;
}

}  // namespace packhouse::storage::lmdb
