#include "support.hpp"

namespace packhouse::storage {

TEST_CASE("a transaction sees its snapshot and its own changes, nothing else") {
  TestStore store;
  const KeyId key = must(store->key("k"));
  const LabelId label = must(store->label("L"));
  Arena arena;
  auto writer = begin(*store);
  const NodeId id = must(writer->create_node(std::span(&label, 1), Properties{{key, Value::integer(1)}}));
  auto before = begin(*store, AccessMode::read);
  CHECK(property(*writer, id, key, arena).as_integer() == 1);
  CHECK_FALSE(must(before->node(id)).has_value());
  const std::uint64_t sequence = must(commit(*writer));
  CHECK(store->last_sequence() == sequence);
  CHECK_FALSE(must(before->node(id)).has_value());
  CHECK(before->node_count() == 0);
  CHECK(drain(before->scan_label(label)).empty());
  auto after = begin(*store, AccessMode::read);
  CHECK(after->snapshot_sequence() == sequence);
  CHECK(property(*after, id, key, arena).as_integer() == 1);
  CHECK(after->node_count(label) == 1);
  CHECK(must(commit(*after)) == sequence);  // a bookmark without the committer
}

TEST_CASE("a read transaction can't write, and a finished one can do nothing") {
  TestStore store;
  auto reader = begin(*store, AccessMode::read);
  const auto refused = reader->create_node({});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().status() == Status::access_mode);
  must(commit(*reader));
  CHECK_FALSE(reader->node(NodeId{0}));
  CHECK_FALSE(commit(*reader));
}

TEST_CASE("a failed statement leaves no trace, the ones before it stay") {
  TestStore store;
  const KeyId key = must(store->key("k"));
  const LabelId a = must(store->label("A")), b = must(store->label("B"));
  const TypeId type = must(store->type("T"));
  Arena arena;
  auto tx = begin(*store);
  const NodeId x = must(tx->create_node(std::span(&a, 1), Properties{{key, Value::integer(1)}}));
  const NodeId y = must(tx->create_node({}));
  const RelId rel = must(tx->create_relationship(x, y, type));
  CHECK(tx->statement_counts().nodes_created == 2);
  CHECK(tx->statement_counts().labels_added == 1);
  CHECK(tx->statement_counts().properties_set == 1);

  tx->begin_statement();
  must(tx->set_property(x, key, Value::integer(2)));
  must(tx->add_label(x, b));
  must(tx->remove_label(x, a));
  must(tx->delete_relationship(rel));
  must(tx->delete_node(y));
  const NodeId z = must(tx->create_node(std::span(&b, 1)));
  CHECK(tx->statement_counts().relationships_deleted == 1);
  CHECK(drain(tx->scan_label(b)) == std::vector{x, z});
  tx->rollback_statement();

  CHECK(property(*tx, x, key, arena).as_integer() == 1);
  CHECK(drain(tx->scan_label(a)) == std::vector{x});
  CHECK(drain(tx->scan_label(b)).empty());
  CHECK(drain(tx->scan_nodes()) == std::vector{x, y});
  CHECK(drain(tx->scan_relationships()) == std::vector{rel});
  CHECK_FALSE(tx->deleted_here(y));
  CHECK_FALSE(must(tx->node(z)).has_value());
  CHECK(tx->node_count() == 2);
  std::vector<Edge> edges;
  must(tx->expand(x, Direction::out, {}, edges));
  CHECK(edges.size() == 1);
  must(commit(*tx));
  CHECK(drain(begin(*store)->scan_nodes()) == std::vector{x, y});
}

TEST_CASE("a cursor shows the moment it was opened") {
  TestStore store;
  const LabelId label = must(store->label("L"));
  auto tx = begin(*store);
  for (int i = 0; i < 300; ++i) must(tx->create_node(std::span(&label, 1)));
  must(commit(*tx));
  tx = begin(*store);
  for (int i = 0; i < 10; ++i) must(tx->create_node(std::span(&label, 1)));
  const auto cursor = must(tx->scan_label(label));
  std::vector<NodeId> part(100);
  REQUIRE(must(cursor->next(part)) == 100);
  for (std::uint64_t i = 100; i < 310; i += 2) must(tx->delete_node(NodeId{i}));
  for (int i = 0; i < 10; ++i) must(tx->create_node(std::span(&label, 1)));
  std::size_t rest = 0;
  while (const std::size_t n = must(cursor->next(part))) rest += n;
  CHECK(rest == 210);
  CHECK(drain(tx->scan_label(label)).size() == 310 - 105 + 10);
}

TEST_CASE("a node can't be deleted while it has relationships") {
  TestStore store;
  const TypeId type = must(store->type("T"));
  auto tx = begin(*store);
  const NodeId a = must(tx->create_node({})), b = must(tx->create_node({}));
  const RelId rel = must(tx->create_relationship(a, b, type));
  must(commit(*tx));

  tx = begin(*store);
  must(tx->delete_node(a));
  const auto refused = commit(*tx);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().status() == Status::constraint_failed);
  CHECK(refused.error().message() == "Cannot delete node<0>, because it still has relationships. To delete this node, you must "
                                     "first delete its relationships.");

  tx = begin(*store);
  must(tx->delete_node(a));
  must(tx->delete_relationship(rel));  // later is early enough
  CHECK(tx->deleted_type(rel) == type);
  const auto dead = tx->create_relationship(a, b, type);
  REQUIRE_FALSE(dead);
  CHECK(dead.error().status() == Status::entity_not_found);
  must(commit(*tx));
  CHECK(begin(*store)->node_count() == 1);
}

TEST_CASE("ids are never given out again") {
  for (const EngineKind kind : {EngineKind::memory, EngineKind::lmdb}) {
    TestStore store(kind);
    const std::string uuid(store->uuid());
    CHECK(uuid.size() == 32);
    auto tx = begin(*store);
    const NodeId a = must(tx->create_node({}));
    must(commit(*tx));
    tx = begin(*store);
    must(tx->delete_node(a));
    must(commit(*tx));
    tx.reset();
    const std::uint64_t sequence = store->last_sequence();
    store.reopen();
    CHECK(store->uuid() == uuid);
    CHECK(store->last_sequence() == sequence);
    tx = begin(*store);
    CHECK(raw(must(tx->create_node({}))) == raw(a) + 1);
  }
}

TEST_CASE("a snapshot that is held too long stops answering, and a closed store takes no commits") {
  TestStore store(EngineKind::memory, {.max_snapshot_age = std::chrono::milliseconds(0)});
  auto tx = begin(*store);
  Result<NodeId> id = NodeId{};
  while (id) id = tx->create_node({});  // until the committer's next look
  CHECK(id.error().status() == Status::timed_out);
  tx = begin(*store);
  if (tx->create_node({})) {
    store->close();
    const auto refused = commit(*tx);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status() == Status::database_unavailable);
  }
}

}  // namespace packhouse::storage
