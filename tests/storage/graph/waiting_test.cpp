#include <thread>

#include "support.hpp"

namespace packhouse::storage {
namespace {

NodeId make_node(Store& store, KeyId key, std::int64_t value) {
  const auto tx = begin(store);
  const NodeId id = must(tx->create_node({}, Properties{{key, Value::integer(value)}}));
  must(commit(*tx));
  return id;
}

Result<void> increment(Transaction& tx, NodeId id, KeyId key) {
  Arena arena;
  PACKHOUSE_TRY(const auto view, tx.node(id));
  PACKHOUSE_TRY(const Value old, view->property(key, arena));
  PACKHOUSE_CHECK(tx.set_property(id, key, Value::integer(old.as_integer() + 1)));
  return ok;
}

}  // namespace

TEST_CASE("a counter that 16 clients increment at once ends exact, without an error") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    TestStore store(kind);
    const KeyId key = must(store->key("n"));
    const NodeId id = make_node(*store, key, 0);
    constexpr int threads = 16, rounds = 30;
    std::atomic<int> errors{0};
    std::vector<std::thread> clients;
    for (int t = 0; t < threads; ++t) {
      clients.emplace_back([&] {
        for (int i = 0; i < rounds; ++i) {
          if (!auto_commit(*store, [&](Transaction& tx) { return increment(tx, id, key); })) ++errors;
        }
      });
    }
    for (auto& c : clients) c.join();
    CHECK(errors == 0);
    Arena arena;
    CHECK(property(*begin(*store), id, key, arena).as_integer() == threads * rounds);
    CHECK(store->statistics().commits == threads * rounds + 1);
    CHECK(store->statistics().conflicts == 0);
  }
}

TEST_CASE("a second writer waits; its first statement restarts on what the first one left") {
  TestStore store;
  const KeyId key = must(store->key("n"));
  const NodeId id = make_node(*store, key, 1);
  auto first = begin(*store), second = begin(*store);
  must(increment(*first, id, key));
  const auto blocked = increment(*second, id, key);
  REQUIRE_FALSE(blocked);
  CHECK(blocked.error().status() == Status::conflict);
  CHECK(second->wait_pending());
  CHECK(second->restartable());
  second->rollback_statement();
  std::atomic<bool> woken = false;
  second->on_wake([&] { woken = true; });
  CHECK_FALSE(woken);
  must(commit(*first));
  while (!woken) std::this_thread::yield();  // the committer wakes before or after it answers
  must(second->resume_after_wait());
  CHECK_FALSE(second->wait_pending());
  second->begin_statement();
  CHECK(second->restartable());
  must(increment(*second, id, key));
  must(commit(*second));
  Arena arena;
  CHECK(property(*begin(*store), id, key, arena).as_integer() == 3);
}

TEST_CASE("a later statement that lost the race is a conflict, unless the other one gave up") {
  TestStore store;
  const KeyId key = must(store->key("n"));
  const NodeId id = make_node(*store, key, 1);
  for (const bool other_commits : {true, false}) {
    auto first = begin(*store), second = begin(*store);
    must(second->node(id));
    second->begin_statement();
    CHECK_FALSE(second->restartable());
    must(increment(*first, id, key));
    REQUIRE_FALSE(increment(*second, id, key));
    REQUIRE(second->wait_pending());
    second->rollback_statement();
    if (other_commits) must(commit(*first));
    else first->rollback();
    const auto resumed = wait_and_resume(*second);
    CHECK(resumed.has_value() != other_commits);
    if (resumed) must(increment(*second, id, key));
    else CHECK(resumed.error().status() == Status::conflict);
    CHECK_FALSE(second->wait_pending());
  }
}

TEST_CASE("what the planner reads does not stand in the way of a restart") {
  TestStore store;
  const KeyId key = must(store->key("n"));
  const NodeId id = make_node(*store, key, 1);
  auto tx = begin(*store);
  CHECK(tx->count_reads(false));
  CHECK(tx->node_count() == 1);
  CHECK_FALSE(tx->count_reads(true));
  tx->begin_statement();
  CHECK(tx->restartable());
  must(tx->node(id));
  tx->begin_statement();
  CHECK_FALSE(tx->restartable());
}

TEST_CASE("a record that changed since the snapshot: restart at once, or conflict") {
  TestStore store;
  const KeyId key = must(store->key("n"));
  const NodeId id = make_node(*store, key, 1);
  auto fresh = begin(*store), old = begin(*store);
  must(old->node(id));
  old->begin_statement();
  must(auto_commit(*store, [&](Transaction& tx) { return increment(tx, id, key); }));
  REQUIRE_FALSE(increment(*fresh, id, key));
  REQUIRE(fresh->wait_pending());
  fresh->rollback_statement();
  std::atomic<bool> woken = false;
  fresh->on_wake([&] { woken = true; });
  CHECK(woken);  // nothing to wait for
  must(fresh->resume_after_wait());
  must(increment(*fresh, id, key));
  must(commit(*fresh));
  const auto lost = increment(*old, id, key);
  REQUIRE_FALSE(lost);
  CHECK(lost.error().status() == Status::conflict);
  CHECK(lost.error().retryable());
  CHECK_FALSE(old->wait_pending());
  CHECK(store->statistics().conflicts == 1);
}

TEST_CASE("two that wait for each other: one of them is told") {
  TestStore store;
  const KeyId key = must(store->key("n"));
  const NodeId a = make_node(*store, key, 1), b = make_node(*store, key, 1);
  auto first = begin(*store), second = begin(*store);
  must(increment(*first, a, key));
  must(increment(*second, b, key));
  REQUIRE_FALSE(increment(*first, b, key));
  REQUIRE(first->wait_pending());
  const auto refused = increment(*second, a, key);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().status() == Status::deadlock);
  CHECK_FALSE(second->wait_pending());
  second->rollback();
  first->rollback_statement();
  must(wait_and_resume(*first));
  first->begin_statement();
  must(increment(*first, a, key));
  must(increment(*first, b, key));
  must(commit(*first));
  CHECK(store->statistics().deadlocks == 1);
}

TEST_CASE("a wait can be given up") {
  TestStore store;
  const KeyId key = must(store->key("n"));
  const NodeId id = make_node(*store, key, 1);
  auto first = begin(*store), second = begin(*store);
  must(increment(*first, id, key));
  REQUIRE_FALSE(increment(*second, id, key));
  std::atomic<bool> woken = false;
  second->on_wake([&] { woken = true; });
  second->cancel_wait();
  CHECK(woken);
  CHECK_FALSE(second->resume_after_wait());
  second->rollback();
  must(commit(*first));
}

TEST_CASE("a new relationship keeps its nodes alive, and a delete keeps them free of new ones") {
  TestStore store;
  const KeyId key = must(store->key("n"));
  const TypeId type = must(store->type("T"));
  const NodeId a = make_node(*store, key, 1), b = make_node(*store, key, 1);
  SUBCASE("relationships don't exclude each other, nor changes of properties") {
    auto first = begin(*store), second = begin(*store), third = begin(*store);
    must(first->create_relationship(a, b, type));
    must(second->create_relationship(b, a, type));
    must(increment(*third, a, key));
    must(commit(*first));
    must(commit(*second));
    must(commit(*third));
    CHECK(must(begin(*store)->degree(a, Direction::both, {})) == 2);
  }
  SUBCASE("a delete waits for a relationship, then sees it") {
    auto first = begin(*store), second = begin(*store);
    must(first->create_relationship(a, b, type));
    REQUIRE_FALSE(second->delete_node(a));
    REQUIRE(second->wait_pending());
    second->rollback_statement();
    must(commit(*first));
    must(wait_and_resume(*second));
    second->begin_statement();
    must(second->delete_node(a));
    const auto refused = commit(*second);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status() == Status::constraint_failed);
  }
  SUBCASE("a delete with an older snapshot is a conflict, not a dangling relationship") {
    auto second = begin(*store);
    must(second->node(a));
    second->begin_statement();
    must(auto_commit(*store, [&](Transaction& tx) -> Result<void> {
      PACKHOUSE_CHECK(tx.create_relationship(a, b, type));
      return ok;
    }));
    const auto refused = second->delete_node(a);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status() == Status::conflict);
  }
  SUBCASE("a relationship to a node that was deleted meanwhile") {
    auto second = begin(*store), third = begin(*store);
    must(third->node(a));
    third->begin_statement();
    must(auto_commit(*store, [&](Transaction& tx) -> Result<void> {
      PACKHOUSE_CHECK(tx.delete_node(a));
      return ok;
    }));
    REQUIRE_FALSE(second->create_relationship(b, a, type));
    REQUIRE(second->wait_pending());
    second->rollback_statement();
    must(wait_and_resume(*second));
    const auto gone = second->create_relationship(b, a, type);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().status() == Status::entity_not_found);
    const auto refused = third->create_relationship(b, a, type);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status() == Status::conflict);
  }
}

}  // namespace packhouse::storage
