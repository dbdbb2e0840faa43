#include <thread>

#include "model.hpp"

// The n-th engine call fails, for every n: the caller is told, and the store stays what it was before or becomes what it
// would have been after, never something between.
namespace packhouse::storage {
namespace {

struct Tokens {
  explicit Tokens(Store& store)
      : label(must(store.label("L0"))), type(must(store.type("T0"))), key(must(store.key("k0"))) {}
  LabelId label;
  TypeId type;
  KeyId key;
};

/// Writes of every kind; stops at the first error.
Result<void> work(Store& store, const Tokens& t) {
  PACKHOUSE_TRY(const auto tx, store.begin(AccessMode::write));
  tx->begin_statement();
  PACKHOUSE_TRY(const NodeId fresh, tx->create_node(std::span(&t.label, 1), Properties{{t.key, Value::integer(100)}}));
  PACKHOUSE_CHECK(tx->create_relationship(fresh, NodeId{1}, t.type));
  PACKHOUSE_CHECK(tx->set_property(NodeId{2}, t.key, Value::integer(200)));
  PACKHOUSE_CHECK(tx->remove_label(NodeId{3}, t.label));
  std::vector<Edge> edges;
  PACKHOUSE_CHECK(tx->expand(NodeId{4}, Direction::both, {}, edges));
  for (const Edge& e : edges) PACKHOUSE_CHECK(tx->delete_relationship(e.rel));
  PACKHOUSE_CHECK(tx->delete_node(NodeId{4}));
  tx->node_count(t.label);
  PACKHOUSE_TRY(auto cursor, tx->scan_label(t.label));
  std::vector<NodeId> ids(10);
  PACKHOUSE_CHECK(cursor->next(ids));
  PACKHOUSE_CHECK(commit(*tx));
  return ok;
}

/// The graph as the store shows it; node ids and values as text.
std::string picture(Store& store, const Tokens& t) {
  std::string out;
  Arena arena;
  const auto tx = begin(store, AccessMode::read);
  for (const NodeId id : drain(tx->scan_nodes())) {
    const auto view = must(tx->node(id));
    REQUIRE(view.has_value());
    out += "(" + std::to_string(view->label_count()) + " " + std::to_string(must(view->property(t.key, arena)).as_integer());
    std::vector<Edge> edges;
    must(tx->expand(id, Direction::both, {}, edges));
    for (const Edge& e : edges) {
      REQUIRE(must(tx->node(e.neighbour)).has_value());
      REQUIRE(must(tx->relationship(e.rel)).has_value());
    }
    out += " " + std::to_string(edges.size()) + ")";
  }
  const auto labelled = drain(tx->scan_label(t.label));
  const auto typed = drain(tx->scan_type(t.type));
  CHECK(tx->node_count(t.label) == labelled.size());
  CHECK(tx->relationship_count(t.type) == typed.size());
  CHECK(tx->relationship_count() == drain(tx->scan_relationships()).size());
  IndexRange all;
  CHECK(drain(tx->index_seek(tx->schema().indexes.at(0).id, all)).size() == labelled.size());
  return out + std::to_string(labelled.size()) + "," + std::to_string(typed.size());
}

void fill(Store& store, const Tokens& t) {
  auto tx = begin(store);
  IndexDefinition index;
  index.token = raw(t.label);
  index.keys = {t.key};
  must(tx->create_index(index));
  must(commit(*tx));
  tx = begin(store);
  std::vector<NodeId> ids;
  for (int i = 0; i < 6; ++i) ids.push_back(must(tx->create_node(std::span(&t.label, 1), Properties{{t.key, Value::integer(i)}})));
  for (const NodeId a : ids) must(tx->create_relationship(a, ids[4], t.type));
  must(commit(*tx));
}

}  // namespace

TEST_CASE("any one engine call may fail: the transaction happens wholly or not at all, and the store goes on") {
  std::string before, after;
  bool succeeded = false;
  std::uint64_t failures = 0;
  for (std::uint64_t n = 1; !succeeded; ++n) {
    REQUIRE(n < 500);
    CAPTURE(n);
    TestStore store;
    const Tokens t(*store);
    fill(*store, t);
    before = picture(*store, t);
    store.engine().fail_after(n);
    const auto result = work(*store, t);
    store.engine().heal();
    const std::string now = picture(*store, t);
    succeeded = result.has_value();
    if (!result) {
      ++failures;
      CHECK(result.error().status() == Status::storage_failed);
      CHECK(now == before);
      must(work(*store, t));  // nothing was left locked or half done
    }
    const std::string then = picture(*store, t);
    if (after.empty()) after = then;
    CHECK(then == after);
    store.reopen();
    CHECK(picture(*store, t) == then);
  }
  CHECK(failures > 20);
}

TEST_CASE("building an index or opening a store may fail at any call and can be repeated") {
  const auto add_index = [](Store& store, KeyId key) -> Result<void> {
    PACKHOUSE_TRY(const auto tx, store.begin(AccessMode::write));
    IndexDefinition index;
    index.token = 0;
    index.name = "second";
    index.keys = {key, key};
    PACKHOUSE_CHECK(tx->create_index(index));
    PACKHOUSE_CHECK(commit(*tx));
    return ok;
  };
  bool succeeded = false;
  for (std::uint64_t n = 1; !succeeded; ++n) {
    REQUIRE(n < 500);
    TestStore store;
    const Tokens t(*store);
    fill(*store, t);
    store.engine().fail_after(n);
    succeeded = add_index(*store, t.key).has_value();
    store.engine().heal();
    CHECK(begin(*store)->schema().indexes.size() == (succeeded ? 2 : 1));
    if (!succeeded) must(add_index(*store, t.key));
    IndexRange all;
    auto tx = begin(*store);
    CHECK(drain(tx->index_seek(tx->schema().index("second")->id, all)).size() == 6);
  }
  succeeded = false;
  for (std::uint64_t n = 1; !succeeded; ++n) {
    REQUIRE(n < 500);
    TestStore store;
    const Tokens t(*store);
    fill(*store, t);
    const std::string before = picture(*store, t);
    store.close();
    store.engine().fail_after(n);
    succeeded = store.try_open().has_value();
    store.engine().heal();
    if (!succeeded) must(store.try_open());
    CHECK(picture(*store, t) == before);
  }
}

TEST_CASE("one bad transaction of a group fails alone") {
  TestStore store;
  const Tokens t(*store);
  fill(*store, t);
  std::atomic<int> committed{0}, refused{0}, other{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      for (int i = 0; i < 50; ++i) {
        const auto r = auto_commit(*store, [&](Transaction& tx) -> Result<void> {
          PACKHOUSE_CHECK(tx.create_node(std::span(&t.label, 1), Properties{{t.key, Value::integer(c)}}));
          if (i % 5 == 0) PACKHOUSE_CHECK(tx.delete_node(NodeId{5}));  // has relationships
          return ok;
        });
        ++(r ? committed : r.error().status() == Status::constraint_failed ? refused : other);
      }
    });
  }
  for (auto& c : clients) c.join();
  CHECK(committed == 320);
  CHECK(refused == 80);
  CHECK(other == 0);
  CHECK(begin(*store)->node_count(t.label) == 326);
  CHECK(store->last_sequence() <= 323 + 2);  // several share a batch
}

TEST_CASE("without sync a power cut takes the newest commits, never half of one") {
  TestStore store(EngineKind::memory, {.sync = false, .sync_interval = std::chrono::hours(1)});
  const Tokens t(*store);
  fill(*store, t);
  must(work(*store, t));
  const std::string before = picture(*store, t);
  store.close();  // syncs
  store.engine().power_cut();
  must(store.try_open());
  CHECK(picture(*store, t) == before);
}

}  // namespace packhouse::storage
