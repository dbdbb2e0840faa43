#include <array>

#include "storage/cells.hpp"
#include "storage/keys.hpp"
#include "support.hpp"

namespace packhouse::storage {
namespace {

/// Bytes that tell where they are.
std::vector<std::byte> pattern(std::size_t size, unsigned seed = 1) {
  std::vector<std::byte> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>((i * 2654435761U + seed * 97) >> 11);
  return out;
}

std::vector<std::byte> read(Transaction& tx, BlobId blob) {
  std::vector<std::byte> out;
  for (std::uint32_t n = 0;; ++n) {
    const auto chunk = must(tx.cells().blob_chunk(blob, n));
    if (!chunk) return out;
    out.insert(out.end(), chunk->begin(), chunk->end());
  }
}

void append(Transaction& tx, BlobId blob, Bytes bytes, std::size_t step) {
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(step, bytes.size()))) {
    must(tx.cells().append_blob(blob, bytes.first(std::min(step, bytes.size()))));
  }
}

/// Entries of the tables of blobs, committed or not.
std::size_t entries(memory::Engine& engine) {
  const auto snapshot = must(engine.snapshot());
  std::size_t n = 0;
  for (const auto table : {keys::Table::blob, keys::Table::blob_mark}) {
    const auto range = keys::all(table);
    const auto scan = must(snapshot->scan(range.low, range.high));
    std::array<kv::Entry, 100> found;
    while (const std::size_t more = must(scan->next(found))) n += more;
  }
  return n;
}

constexpr std::size_t large = 5 * 1024 * 1024 + 12345;

}  // namespace

TEST_CASE("blobs: large ones are on disk before the commit, readable by their transaction at once, by others afterwards") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    CAPTURE(name_of(kind));
    TestStore store(kind);
    const auto content = pattern(large);
    BlobId blob{};
    {
      const auto tx = begin(*store);
      tx->limit_changes(3 << 20);  // less than the blob
      blob = must(tx->cells().create_blob());
      append(*tx, blob, content, 100'003);
      CHECK(must(tx->cells().open_blob_size(blob)) == large);
      CHECK(read(*tx, blob) == content);
      must(commit(*tx));
    }
    CHECK(read(*begin(*store, AccessMode::read), blob) == content);
    store.reopen();
    CHECK(read(*begin(*store, AccessMode::read), blob) == content);
    const auto old = begin(*store, AccessMode::read);
    must(auto_commit(*store, [&](Transaction& tx) { return tx.cells().drop_blob(blob); }));
    CHECK(read(*old, blob) == content);
  }
}

TEST_CASE("blobs: what is dropped is removed after the commit, also when the disk fails at first") {
  TestStore store;
  BlobId blob{}, other{};
  must(auto_commit(*store, [&](Transaction& tx) -> Result<void> {
    PACKHOUSE_TRY(blob, tx.cells().create_blob());
    PACKHOUSE_TRY(other, tx.cells().create_blob());
    PACKHOUSE_CHECK(tx.cells().append_blob(other, pattern(10)));
    return tx.cells().append_blob(blob, pattern(large));
  }));
  must(auto_commit(*store, [&](Transaction& tx) -> Result<void> {
    PACKHOUSE_CHECK(tx.cells().drop_blob(other));
    return tx.cells().drop_blob(blob);
  }));
  store.close();
  store.engine().fail_after(9, true);
  if (store.try_open()) store.close();
  store.engine().heal();
  store.open();
  must(auto_commit(*store, [](Transaction& tx) { return tx.cells().put_cell(as_bytes("\x02x"), {}); }));
  store.close();
  CHECK(entries(store.engine()) == 0);
}

TEST_CASE("blobs: sizes around a chunk") {
  TestStore store;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, blob_chunk_size - 1, blob_chunk_size, blob_chunk_size + 1, 3 * blob_chunk_size}) {
    CAPTURE(size);
    const auto content = pattern(size);
    const auto tx = begin(*store);
    const BlobId blob = must(tx->cells().create_blob());
    append(*tx, blob, content, 70'000);
    CHECK(read(*tx, blob) == content);
    must(commit(*tx));
    CHECK(read(*begin(*store), blob) == content);
  }
}

TEST_CASE("blobs: what isn't committed is removed") {
  TestStore store;
  {
    const auto tx = begin(*store);
    append(*tx, must(tx->cells().create_blob()), pattern(large), 1 << 20);
    tx->rollback();
  }
  {
    const auto tx = begin(*store);
    const BlobId blob = must(tx->cells().create_blob());
    append(*tx, blob, pattern(large), 1 << 20);
    must(tx->cells().drop_blob(blob));  // made and dropped by the same
    must(commit(*tx));
  }
  store.close();  // the committer does what it was given first
  store.open();
  must(auto_commit(*store, [](Transaction& tx) { return tx.cells().put_cell(as_bytes("\x02x"), {}); }));
  store.close();
  CHECK(entries(store.engine()) == 0);
}

TEST_CASE("blobs: a statement that is rolled back takes back what it appended, on disk or not") {
  TestStore store;
  auto tx = begin(*store);
  const BlobId blob = must(tx->cells().create_blob());
  const auto first = pattern(large, 1), second = pattern(large, 2), third = pattern(100'000, 3);
  append(*tx, blob, first, 50'000);
  tx->begin_statement();
  append(*tx, blob, second, 50'000);
  const BlobId other = must(tx->cells().create_blob());
  append(*tx, other, second, 50'000);
  must(tx->cells().drop_blob(blob));
  tx->rollback_statement();
  CHECK(read(*tx, blob) == first);
  CHECK_FALSE(tx->cells().append_blob(other, third));
  tx->begin_statement();
  append(*tx, blob, third, 999);
  auto whole = first;
  whole.insert(whole.end(), third.begin(), third.end());
  CHECK(read(*tx, blob) == whole);
  must(commit(*tx));
  CHECK(read(*begin(*store), blob) == whole);
  tx.reset();
  store.close();
  CHECK(entries(store.engine()) == (whole.size() + blob_chunk_size - 1) / blob_chunk_size);
}

TEST_CASE("blobs: a crash before the commit leaves nothing, and numbers are not given out again") {
  TestStore store;
  const auto before = must([&]() -> Result<BlobId> {
    const auto tx = begin(*store);
    return tx->cells().create_blob();
  }());
  auto tx = begin(*store);
  const BlobId blob = must(tx->cells().create_blob());
  append(*tx, blob, pattern(large), 1 << 20);
  CHECK(read(*tx, blob).size() == large);  // waits until it is on disk
  // The process ends here: another one opens what the disk has. The transaction's removal goes nowhere.
  store.engine().fail_after(1, true);
  tx.reset();
  store.close();
  store.engine().heal();
  CHECK(entries(store.engine()) > 60);
  store.open();
  auto again = begin(*store);
  CHECK(must(again->cells().create_blob()) > blob);
  CHECK(blob > before);
  must(again->cells().put_cell(as_bytes("\x02x"), {}));
  must(commit(*again));
  again.reset();
  for (int i = 0; i < 3; ++i) must(auto_commit(*store, [&](Transaction& t) { return t.cells().put_cell(as_bytes("\x02y"), {}); }));
  store.close();
  CHECK(entries(store.engine()) == 0);
}

TEST_CASE("blobs: a disk that fails while bytes are written ahead fails the transaction, not the store") {
  TestStore store;
  {
    const auto tx = begin(*store);
    const BlobId blob = must(tx->cells().create_blob());
    must(tx->cells().append_blob(blob, pattern(1000)));
    store.engine().fail_after(1, true);
    Result<void> appended = ok;
    for (int i = 0; i < 40 && appended; ++i) appended = tx->cells().append_blob(blob, pattern(1 << 20));
    const auto committed = commit(*tx);
    REQUIRE_FALSE(committed);
    CHECK(committed.error().status() == Status::storage_failed);
    store.engine().heal();
  }
  must(auto_commit(*store, [](Transaction& tx) -> Result<void> {
    PACKHOUSE_TRY(const BlobId blob, tx.cells().create_blob());
    return tx.cells().append_blob(blob, pattern(1000));
  }));
}

TEST_CASE("blobs: statements that wait for a lock begin again without what they wrote") {
  TestStore store;
  auto holder = begin(*store);
  must(holder->cells().lock_cell(as_bytes("\x02gate")));
  BlobId blob{};
  std::thread writer([&] {
    must(auto_commit(*store, [&](Transaction& tx) -> Result<void> {
      PACKHOUSE_TRY(blob, tx.cells().create_blob());
      PACKHOUSE_CHECK(tx.cells().append_blob(blob, pattern(large)));
      return tx.cells().lock_cell(as_bytes("\x02gate"));
    }));
  });
  must(holder->cells().put_cell(as_bytes("\x02gate"), as_bytes("open")));
  must(commit(*holder));
  holder.reset();
  writer.join();
  CHECK(read(*begin(*store), blob) == pattern(large));
  store.close();
  store.open();
  must(auto_commit(*store, [](Transaction& tx) { return tx.cells().put_cell(as_bytes("\x02x"), {}); }));
  store.close();
  CHECK(entries(store.engine()) == (large + blob_chunk_size - 1) / blob_chunk_size);
}

}  // namespace packhouse::storage
