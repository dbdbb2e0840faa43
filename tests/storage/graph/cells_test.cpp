#include "storage/cells.hpp"

#include <map>
#include <random>

#include "support.hpp"

namespace packhouse::storage {
namespace {

std::string key(int n) { return "\x01k" + std::to_string(1000 + n); }
Bytes b(const std::string& s) { return as_bytes(s); }

std::optional<std::string> read(Transaction& tx, const std::string& k) {
  const auto v = must(tx.cells().cell(b(k)));
  return v ? std::optional(std::string(as_text(*v))) : std::nullopt;
}

std::map<std::string, std::string> all(Transaction& tx, const std::string& low = "\x01", const std::string& high = "\x02") {
  const auto cursor = must(tx.cells().scan_cells(b(low), b(high)));
  std::map<std::string, std::string> out;
  kv::Entry e;
  while (must(cursor->next(e))) {
    CHECK(out.emplace(std::string(as_text(e.key)), std::string(as_text(e.value))).second);
  }
  return out;
}

}  // namespace

TEST_CASE("cells: what a transaction writes is its own until it commits, and survives then") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    CAPTURE(name_of(kind));
    TestStore store(kind);
    {
      const auto tx = begin(*store);
      must(tx->cells().put_cell(b(key(1)), b("one")));
      CHECK(read(*tx, key(1)) == "one");
      CHECK(read(*begin(*store), key(1)) == std::nullopt);
      must(commit(*tx));
    }
    {
      const auto tx = begin(*store);
      must(tx->cells().erase_cell(b(key(1))));
      CHECK(read(*tx, key(1)) == std::nullopt);
      tx->rollback();
    }
    store.reopen();
    CHECK(read(*begin(*store, AccessMode::read), key(1)) == "one");
  }
}

TEST_CASE("cells: patches overwrite and grow, and only up to the end") {
  TestStore store;
  must(auto_commit(*store, [](Transaction& tx) { return tx.cells().put_cell(b(key(1)), b("abcdef")); }));
  const auto tx = begin(*store);
  must(tx->cells().patch_cell(b(key(1)), 2, b("XY")));
  must(tx->cells().patch_cell(b(key(1)), 6, b("gh")));
  must(tx->cells().patch_cell(b(key(2)), 0, b("new")));
  CHECK(read(*tx, key(1)) == "abXYefgh");
  CHECK(read(*tx, key(2)) == "new");
  CHECK_FALSE(tx->cells().patch_cell(b(key(1)), 9, b("z")));
  CHECK_FALSE(tx->cells().patch_cell(b(key(3)), 1, b("z")));
  tx->begin_statement();
  must(tx->cells().patch_cell(b(key(1)), 0, b("0123456789")));
  must(tx->cells().erase_cell(b(key(2))));
  tx->rollback_statement();
  CHECK(read(*tx, key(1)) == "abXYefgh");
  CHECK(read(*tx, key(2)) == "new");
  must(commit(*tx));
  CHECK(all(*begin(*store)) == std::map<std::string, std::string>{{key(1), "abXYefgh"}, {key(2), "new"}});
}

TEST_CASE("cells: keys and values have limits, and reading transactions don't write") {
  TestStore store;
  const auto tx = begin(*store);
  CHECK_FALSE(tx->cells().put_cell({}, b("x")));
  CHECK_FALSE(tx->cells().put_cell(b(std::string(max_cell_key + 1, 'k')), b("x")));
  must(tx->cells().put_cell(b(std::string(max_cell_key, 'k')), b("x")));
  const std::string large(max_cell_value, 'v');
  must(tx->cells().put_cell(b("big"), b(large)));
  CHECK_FALSE(tx->cells().patch_cell(b("big"), max_cell_value, b("x")));
  tx->limit_changes(max_cell_value / 2);
  CHECK(tx->cells().put_cell(b("more"), b("x")).error().status() == Status::out_of_memory);
  const auto reader = begin(*store, AccessMode::read);
  CHECK(reader->cells().put_cell(b("k"), b("x")).error().status() == Status::access_mode);
  CHECK(reader->cells().lock_cell(b("k")).error().status() == Status::access_mode);
  CHECK(reader->cells().create_blob().error().status() == Status::access_mode);
}

TEST_CASE("cells: a cursor merges, and goes on from its place while the transaction writes") {
  TestStore store;
  must(auto_commit(*store, [](Transaction& tx) -> Result<void> {
    for (int i = 0; i < 200; i += 2) PACKHOUSE_CHECK(tx.cells().put_cell(b(key(i)), b("old")));
    return ok;
  }));
  const auto tx = begin(*store);
  for (int i = 1; i < 100; i += 2) must(tx->cells().put_cell(b(key(i)), b("new")));
  for (int i = 100; i < 150; i += 2) must(tx->cells().erase_cell(b(key(i))));
  CHECK(all(*tx).size() == 100 + 50 - 25);
  CHECK(all(*tx, key(98), key(153)) == std::map<std::string, std::string>{{key(98), "old"}, {key(99), "new"}, {key(150), "old"}, {key(152), "old"}});
  const auto cursor = must(tx->cells().scan_cells(b(key(0)), b(key(200))));
  kv::Entry e;
  std::size_t seen = 0;
  while (must(cursor->next(e))) {  // each behind the cursor's place is erased, one ahead of all is added
    const std::string k(as_text(e.key));
    if (seen++ == 10) must(tx->cells().put_cell(b(key(199)), b("late")));
    must(tx->cells().erase_cell(b(k)));
  }
  CHECK(seen == 126);
  CHECK(all(*tx).empty());
}

TEST_CASE("cells: two writers that lock the same key come one after the other, and nothing is lost") {
  TestStore store;
  const auto count = [](Transaction& tx) -> Result<void> {
    PACKHOUSE_CHECK(tx.cells().lock_cell(b(key(1))));
    PACKHOUSE_TRY(const auto now, tx.cells().cell(b(key(1))));
    const int n = now ? std::stoi(std::string(as_text(*now))) : 0;
    return tx.cells().put_cell(b(key(1)), b(std::to_string(n + 1)));
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) must(auto_commit(*store, count));
    });
  }
  for (auto& t : threads) t.join();
  CHECK(read(*begin(*store), key(1)) == "200");
}

TEST_CASE("cells: a transaction that read before it could lock what changed is told to run again") {
  TestStore store;
  const auto first = begin(*store), second = begin(*store);
  CHECK(read(*first, key(1)) == std::nullopt);
  first->begin_statement();
  must(second->cells().lock_cell(b(key(1))));
  must(second->cells().put_cell(b(key(1)), b("x")));
  must(commit(*second));
  const auto locked = first->cells().lock_cell(b(key(1)));
  REQUIRE_FALSE(locked);
  CHECK(locked.error().status() == Status::conflict);
  CHECK_FALSE(first->wait_pending());
}

TEST_CASE("cells: random changes, savepoints and commits against a map") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    TestStore store(kind);
    std::mt19937 random(7);
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    std::map<std::string, std::string> committed;
    for (int t = 0; t < 60; ++t) {
      auto tx = begin(*store);
      auto now = committed;
      for (int s = 0; s < 4; ++s) {
        tx->begin_statement();
        const auto before = now;
        for (int i = 0; i < 10; ++i) {
          const std::string k = key(pick(20));
          const int what = pick(3);
          const std::string v(static_cast<std::size_t>(pick(30)), static_cast<char>('a' + pick(26)));
          if (what == 0) {
            must(tx->cells().put_cell(b(k), b(v)));
            now[k] = v;
          } else if (what == 1) {
            must(tx->cells().erase_cell(b(k)));
            now.erase(k);
          } else {
            std::string& value = now[k];
            const std::size_t at = value.empty() ? 0 : static_cast<std::size_t>(pick(static_cast<int>(value.size()) + 1));
            must(tx->cells().patch_cell(b(k), at, b(v)));
            if (value.size() < at + v.size()) value.resize(at + v.size());
            value.replace(at, v.size(), v);
          }
        }
        if (pick(3) == 0) {
          tx->rollback_statement();
          now = before;
        }
        CHECK(all(*tx) == now);
      }
      if (pick(4) == 0) continue;
      must(commit(*tx));
      committed = now;
      tx.reset();
      if (pick(10) == 0) store.reopen();
    }
    CHECK(all(*begin(*store)) == committed);
  }
}

}  // namespace packhouse::storage
