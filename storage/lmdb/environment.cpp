#include "storage/lmdb/environment.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "storage/keys.hpp"

namespace packhouse::storage::lmdb {
namespace {

constexpr std::uint64_t least_map = std::uint64_t{1} << 30;

struct CloseFile {
  int file;
  ~CloseFile() { ::close(file); }
};

std::uint64_t eight_bytes(const unsigned char* at) {
  std::uint64_t v;
  std::memcpy(&v, at, sizeof v);
  return __builtin_bswap64(v);
}

/// LMDB's own order, bytes then length, in words: a search compares some 15 short keys, and calling memcmp for each
/// was a sixth of the time of expansions.
int compare_keys(const MDB_val* a, const MDB_val* b) {
  const auto* x = static_cast<const unsigned char*>(a->mv_data);
  const auto* y = static_cast<const unsigned char*>(b->mv_data);
  const std::size_t n = std::min(a->mv_size, b->mv_size);
  if (n >= 8) {
    for (std::size_t i = 0;; i += 8) {
      const std::size_t at = i + 8 <= n ? i : n - 8;  // the last word overlaps the one before
      const std::uint64_t p = eight_bytes(x + at), q = eight_bytes(y + at);
      if (p != q) return p < q ? -1 : 1;
      if (at + 8 == n) break;
    }
  } else if (const int c = n == 0 ? 0 : std::memcmp(x, y, n); c != 0) {
    return c;
  }
  return a->mv_size == b->mv_size ? 0 : a->mv_size < b->mv_size ? -1 : 1;
}

}  // namespace

Error error_of(int code, std::string_view doing) {
  const std::string what = "storage: " + std::string(doing) + ": ";
  switch (code) {
    case ENOSPC:
    case EDQUOT: return Error(Status::storage_failed, what + "the disk is full");
    case EIO:  // also LMDB's word for a write of which the disk took only a part
      return Error(Status::storage_failed, what + "the disk took only a part: it is full or failing (Input/output error)");
    case EFBIG: return Error(Status::storage_failed, what + "data.mdb is as large as the system allows a file to be");
    case MDB_MAP_FULL:
      return Error(Status::storage_failed, what + "the store has reached its greatest size (storage.map_size); set it higher and restart");
    case MDB_READERS_FULL: return Error(Status::database_unavailable, what + "too many transactions are open at once");
    case MDB_TXN_FULL: return Error(Status::storage_failed, what + "the transaction changes too much at once; split it");
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND: return Error(Status::storage_failed, what + "data.mdb is damaged (" + mdb_strerror(code) + ")");
    case MDB_PANIC: return Error(Status::storage_failed, what + "an earlier write failed badly; restart the server");
    default: return Error(Status::storage_failed, what + mdb_strerror(code));
  }
}

Environment::~Environment() {
  if (env_ == nullptr) return;
  if (marked_ && mdb_env_sync(env_, 1) == 0) folder_.clear_marker();
  for (Reader& reader : readers_) {
    for (MDB_cursor* cursor : reader.free_cursors) mdb_cursor_close(cursor);
    mdb_txn_abort(reader.txn);
  }
  mdb_env_close(env_);
}

Result<void> Environment::open(const EngineOptions& options) {
  const Folder::Marker marker = folder_.marker();
  PACKHOUSE_CHECK(open_map(options));
  PACKHOUSE_CHECK(cover_all_pages());
  PACKHOUSE_CHECK(check_content(marker == Folder::Marker::earlier_boot));
  if (marker != Folder::Marker::none) {
    // The process died between two syncs. What it wrote is in the system's cache; now it goes to disk.
    PACKHOUSE_CHECK(sync());
    folder_.clear_marker();
  }
  return ok;
}

Result<void> Environment::open_map(const EngineOptions& options) {
  const std::string file = folder_.data().string();
  for (std::uint64_t size = options.map_size;; size /= 2) {
    PACKHOUSE_CHECK(check(mdb_env_create(&env_), "opening " + file));
    PACKHOUSE_CHECK(check(mdb_env_set_mapsize(env_, size), "opening " + file));
    PACKHOUSE_CHECK(check(mdb_env_set_maxreaders(env_, options.max_snapshots), "opening " + file));
    // Without MDB_NORDAHEAD: a cold start and scans gain more from read-ahead than random reads lose.
    const int code = mdb_env_open(env_, folder_.path().c_str(), MDB_NOTLS, 0600);
    if (code == MDB_SUCCESS) return ok;
    mdb_env_close(env_);
    env_ = nullptr;
    if (code == ENOMEM && size / 2 >= least_map) continue;
    if (code == MDB_INVALID) return fail(Status::storage_failed, file + " is not a Packhouse store (no LMDB file, or cut short)");
    if (code == MDB_VERSION_MISMATCH) return fail(Status::storage_failed, file + " was written by an unknown version of LMDB");
    return tl::make_unexpected(error_of(code, "opening " + file));
  }
}

/// Pages that were given out but never written may lie behind the end of the file, and reading there would kill the
/// process. So would a file that was cut short; with zeros in place LMDB reports it as damaged.
Result<void> Environment::cover_all_pages() {
  MDB_envinfo info;
  MDB_stat stat;
  PACKHOUSE_CHECK(check(mdb_env_info(env_, &info), "reading the store's head"));
  PACKHOUSE_CHECK(check(mdb_env_stat(env_, &stat), "reading the store's head"));
  const CloseFile data{::open(folder_.data().c_str(), O_RDWR | O_CLOEXEC)};
  struct ::stat file;
  if (data.file < 0 || ::fstat(data.file, &file) != 0) return tl::make_unexpected(system_error("open data.mdb", errno));
  const auto needed = static_cast<off_t>((info.me_last_pgno + 1) * stat.ms_psize);
  if (file.st_size < needed && ::ftruncate(data.file, needed) != 0) {
    return tl::make_unexpected(system_error("extend data.mdb", errno));
  }
  return ok;
}

/// Tells our store from another program's, and with `everything` reads all of it.
Result<void> Environment::check_content(bool everything) {
  MDB_txn* txn = nullptr;
  PACKHOUSE_CHECK(check(mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn), "opening the store"));
  const auto finish = [txn](Result<void> result) {
    mdb_txn_abort(txn);
    return result;
  };
  if (const int code = mdb_dbi_open(txn, nullptr, 0, &dbi_); code != 0) return finish(check(code, "opening the store"));
  if (const int code = mdb_set_compare(txn, dbi_, compare_keys); code != 0) return finish(check(code, "opening the store"));
  MDB_stat stat;
  if (const int code = mdb_stat(txn, dbi_, &stat); code != 0) return finish(check(code, "opening the store"));
  if (stat.ms_entries == 0) return finish(ok);
  const auto sequence = read_sequence(txn, dbi_);
  if (!sequence) return finish(tl::make_unexpected(sequence.error()));
  if (*sequence == 0) return finish(fail(Status::storage_failed, folder_.data().string() + " belongs to another program"));
  publish(mdb_txn_id(txn), *sequence);
  if (!everything) return finish(ok);

  const auto damaged = [this](std::string_view how) {
    return fail(Status::storage_failed, folder_.data().string() + " is damaged (" + std::string(how) +
                                            "): the machine went down while commits were not synced; restore a backup");
  };
  MDB_cursor* cursor = nullptr;
  if (const int code = mdb_cursor_open(txn, dbi_, &cursor); code != 0) return finish(check(code, "checking the store"));
  MDB_val key, value, before{0, nullptr};
  std::size_t entries = 0;
  int code = 0;
  bool ordered = true;
  while (ordered && (code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS) {
    ordered = key.mv_size > 0 && key.mv_size <= kv::max_key && (++entries == 1 || mdb_cmp(txn, dbi_, &before, &key) < 0);
    before = key;
  }
  mdb_cursor_close(cursor);
  if (!ordered) return finish(damaged("its keys are out of order"));
  if (code != MDB_NOTFOUND) return finish(damaged(mdb_strerror(code)));
  if (entries != stat.ms_entries) return finish(damaged("entries are missing"));
  return finish(ok);
}

Result<Reader> Environment::take_reader() {
  Reader reader;
  {
    const std::lock_guard lock(readers_mutex_);
    if (!readers_.empty()) {
      reader = std::move(readers_.back());
      readers_.pop_back();
    }
  }
  if (reader.txn == nullptr) {
    PACKHOUSE_CHECK(check(mdb_txn_begin(env_, nullptr, MDB_RDONLY, &reader.txn), "opening a snapshot"));
    return reader;
  }
  if (const int code = mdb_txn_renew(reader.txn); code != MDB_SUCCESS) {
    for (MDB_cursor* cursor : reader.free_cursors) mdb_cursor_close(cursor);
    mdb_txn_abort(reader.txn);
    return tl::make_unexpected(error_of(code, "opening a snapshot"));
  }
  return reader;
}

void Environment::give_back(Reader reader) {
  mdb_txn_reset(reader.txn);
  {
    const std::lock_guard lock(readers_mutex_);
    if (readers_.size() < most_idle_readers) {
      readers_.push_back(std::move(reader));
      return;
    }
  }
  for (MDB_cursor* cursor : reader.free_cursors) mdb_cursor_close(cursor);
  mdb_txn_abort(reader.txn);
}

std::optional<std::uint64_t> Environment::sequence_of(std::size_t id) const {
  if (published_id_.load() != id) return std::nullopt;
  const std::uint64_t sequence = published_sequence_.load();
  return published_id_.load() == id ? std::optional(sequence) : std::nullopt;
}

void Environment::publish(std::size_t id, std::uint64_t sequence) {
  published_id_.store(0);  // LMDB's ids begin with 1
  published_sequence_.store(sequence);
  published_id_.store(id);
}

Result<void> Environment::set_sync(bool sync) {
  if (sync == syncing_) return ok;
  if (!sync && !marked_) {
    PACKHOUSE_CHECK(folder_.set_marker());
    marked_ = true;
  }
  PACKHOUSE_CHECK(check(mdb_env_set_flags(env_, MDB_NOSYNC, sync ? 0 : 1), "switching sync"));
  syncing_ = sync;
  return ok;
}

Result<void> Environment::sync() { return check(mdb_env_sync(env_, 1), "writing to disk"); }

std::uint64_t Environment::size_bytes() const {
  MDB_envinfo info;
  MDB_stat stat;
  if (mdb_env_info(env_, &info) != 0 || mdb_env_stat(env_, &stat) != 0) return 0;
  return (info.me_last_pgno + 1) * stat.ms_psize;
}

Result<std::uint64_t> read_sequence(MDB_txn* txn, MDB_dbi dbi) {
  const auto name = keys::sequence();
  MDB_val key = as_val(name), value;
  const int code = mdb_get(txn, dbi, &key, &value);
  if (code == MDB_NOTFOUND) return 0;
  PACKHOUSE_CHECK(check(code, "reading the last commit's number"));
  const auto sequence = keys::read_u64(from_val(value));
  if (!sequence) return fail(Status::storage_failed, "storage: the last commit's number is damaged");
  return *sequence;
}

}  // namespace packhouse::storage::lmdb
