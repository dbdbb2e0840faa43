// Columns: several transactions at once.
#include <algorithm>
#include <thread>

#include "support.hpp"

namespace packhouse::storage {

TEST_CASE("columns: writers of a column wait for each other, and nothing gets lost") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    CAPTURE(name_of(kind));
    TestStore store(kind);
    must(auto_commit(*store, [](Transaction& tx) -> Result<void> {
      PACKHOUSE_TRY([[maybe_unused]] const bool made, Columns(tx.cells()).create("c", "i64"));
      return ok;
    }));
    constexpr int writers = 4, each = 40;
    std::vector<std::thread> threads;
    std::atomic<int> failures{0};
    for (int w = 0; w < writers; ++w) {
      threads.emplace_back([&, w] {
        for (int i = 0; i < each; ++i) {
          const auto done = auto_commit(*store, [&](Transaction& tx) -> Result<void> {
            PACKHOUSE_TRY(Column c, Columns(tx.cells()).open_to_write("c"));
            return c.append(Value::integer(w * each + i));
          });
          if (!done) ++failures;
        }
      });
    }
    for (std::thread& t : threads) t.join();
    CHECK(failures == 0);
    const auto tx = begin(*store, AccessMode::read);
    Column c = must(columns_of(tx).open("c"));
    Arena arena;
    std::vector<int> seen(writers * each);
    for (const Value& v : must(c.slice(must(c.range(0, std::nullopt)), arena)))
      ++seen[static_cast<std::size_t>(v.as_integer())];
    CHECK(std::ranges::count(seen, 1) == writers * each);
  }
}

TEST_CASE("columns: who has read an older state can't write over a newer one") {
  TestStore store;
  must(auto_commit(*store, [](Transaction& tx) -> Result<void> {
    PACKHOUSE_TRY([[maybe_unused]] const bool made, Columns(tx.cells()).create("c", "i64"));
    return ok;
  }));
  const auto late = begin(*store);
  CHECK(must(must(columns_of(late).open("c")).length()) == 0);
  late->begin_statement();
  must(auto_commit(*store, [](Transaction& tx) -> Result<void> {
    PACKHOUSE_TRY(Column c, Columns(tx.cells()).open_to_write("c"));
    return c.append(Value::integer(1));
  }));
  CHECK(must(must(columns_of(late).open("c")).length()) == 0);  // its snapshot
  const auto refused = columns_of(late).open_to_write("c");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().status() == Status::conflict);
  CHECK_FALSE(late->wait_pending());
}

TEST_CASE("columns: two that create the same column don't both get it") {
  TestStore store;
  const auto first = begin(*store);
  must(columns_of(first).create("c", "i64"));
  const auto second = begin(*store);
  CHECK(columns_of(second).create("c", "f64").error().status() == Status::conflict);
  REQUIRE(second->wait_pending());
  must(commit(*first));
  second->rollback_statement();
  must(wait_and_resume(*second));
  second->begin_statement();
  CHECK(message(columns_of(second).create("c", "f64")) == "column `c`: exists already");
  CHECK_FALSE(must(columns_of(second).create("c", "f64", true)));
}

TEST_CASE("columns: a graph change and a column change are one transaction") {
  TestStore store;
  const LabelId label = must(store->label("L"));
  {
    const auto tx = begin(*store);
    must(tx->create_node(std::span(&label, 1)));
    must(columns_of(tx).create("c", "i64"));
    tx->rollback();
  }
  CHECK(begin(*store)->node_count() == 0);
  CHECK_FALSE(columns_of(begin(*store)).open("c"));
  must(auto_commit(*store, [&](Transaction& tx) -> Result<void> {
    PACKHOUSE_TRY([[maybe_unused]] const NodeId id, tx.create_node(std::span(&label, 1)));
    PACKHOUSE_TRY([[maybe_unused]] const bool made, Columns(tx.cells()).create("c", "i64"));
    PACKHOUSE_TRY(Column c, Columns(tx.cells()).open_to_write("c"));
    return c.append(Value::integer(1));
  }));
  const auto tx = begin(*store);
  CHECK(tx->node_count() == 1);
  CHECK(must(must(columns_of(tx).open("c")).length()) == 1);
}

}  // namespace packhouse::storage
