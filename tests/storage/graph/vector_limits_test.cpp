#include <limits>
#include <random>
#include <thread>

#include "support.hpp"

// The edges of vector indexes: what they refuse, what they do without memory, many threads at once.
namespace packhouse::storage {
namespace {

IndexDefinition definition(Store& store, std::uint32_t dimensions) {
  IndexDefinition d;
  d.name = "vectors";
  d.type = IndexType::vector;
  d.token = raw(must(store.label("L")));
  d.keys = {must(store.key("v"))};
  d.vector.dimensions = dimensions;
  d.vector.similarity = VectorSimilarity::euclidean;
  return d;
}

Result<std::vector<VectorMatch>> ask(Transaction& tx, IndexId index, std::vector<float> wanted, std::uint64_t k) {
  VectorQuery query;
  query.index = index;
  query.vector = wanted;
  query.limit = k;
  return tx.vector_search(query);
}

NodeId add(Transaction& tx, std::initializer_list<double> numbers) {
  std::vector<Value> items;
  for (const double d : numbers) items.push_back(Value::real(d));
  const LabelId label = must(tx.store().label("L"));
  const std::pair<KeyId, Value> property{must(tx.store().key("v")), Value::list(items)};
  return must(tx.create_node(std::span(&label, 1), std::span(&property, 1)));
}

/// Points on a line, so that the nearest are known.
void fill(Store& store, int count) {
  auto tx = begin(store);
  for (int i = 0; i < count; ++i) add(*tx, {static_cast<double>(i), 0});
  must(commit(*tx));
}

}  // namespace

TEST_CASE("what a vector index refuses") {
  TestStore store;
  auto tx = begin(*store);
  const IndexId index = must(tx->create_index(definition(*store, 3)));
  auto populating = ask(*tx, index, {1, 2, 3}, 1);
  REQUIRE_FALSE(populating);
  CHECK(populating.error().status() == Status::argument_error);
  must(commit(*tx));
  tx = begin(*store);
  auto two = definition(*store, 3);
  two.keys.push_back(must(store->key("w")));
  CHECK(tx->create_index(two).error().status() == Status::argument_error);
  CHECK(ask(*tx, IndexId{77}, {1, 2, 3}, 1).error().status() == Status::index_not_found);
  const auto wrong = ask(*tx, index, {1, 2}, 1);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message() == "Index query vector has 2 dimensions, but indexed vectors have 3.");
  CHECK(ask(*tx, index, {1, 2, std::numeric_limits<float>::infinity()}, 1).error().status() == Status::argument_error);
  CHECK(must(ask(*tx, index, {1, 2, 3}, 5)).empty());
}

TEST_CASE("an index without dimensions takes all, and compares those of the same") {
  TestStore store;
  auto tx = begin(*store);
  const IndexId index = must(tx->create_index(definition(*store, 0)));
  must(commit(*tx));
  tx = begin(*store);
  const NodeId two = add(*tx, {1, 2}), three = add(*tx, {1, 2, 3});
  CHECK(must(ask(*tx, index, {1, 2}, 9)).at(0).id == raw(two));
  must(commit(*tx));
  tx = begin(*store, AccessMode::read);
  CHECK(must(ask(*tx, index, {1, 2, 3}, 9)).size() == 1);
  CHECK(must(ask(*tx, index, {1, 2, 3}, 9)).at(0).id == raw(three));
  CHECK(must(ask(*tx, index, {1, 2, 3}, 9)).at(0).score == 1);
}

TEST_CASE("a graph for which there is no memory is done without") {
  StoreOptions options;
  options.vector_graph_from = 100;
  options.vector_graph_memory = 10'000;
  TestStore store(EngineKind::memory, options);
  auto tx = begin(*store);
  const IndexId index = must(tx->create_index(definition(*store, 2)));
  must(commit(*tx));
  fill(*store, 500);
  store->settle_vector_indexes();
  CHECK(store->vector_statistics(index)->phase == VectorIndexStatistics::Phase::too_large);
  CHECK(store->vector_statistics(index)->graph_bytes == 0);
  tx = begin(*store, AccessMode::read);
  const auto found = must(ask(*tx, index, {250, 0}, 3));
  REQUIRE(found.size() == 3);
  CHECK(found[0].score == 1);
}

TEST_CASE("a shrunk index gives its graph up, a dropped one everything") {
  StoreOptions options;
  options.vector_graph_from = 300;
  TestStore store(EngineKind::memory, options);
  auto tx = begin(*store);
  const IndexId index = must(tx->create_index(definition(*store, 2)));
  must(commit(*tx));
  fill(*store, 2000);
  store->settle_vector_indexes();
  CHECK(store->vector_statistics(index)->phase == VectorIndexStatistics::Phase::graph);
  tx = begin(*store);
  for (std::uint64_t i = 100; i < 2000; ++i) must(tx->delete_node(NodeId{i}));
  must(commit(*tx));
  store->settle_vector_indexes();
  CHECK(store->vector_statistics(index)->phase == VectorIndexStatistics::Phase::exact);
  tx = begin(*store);
  CHECK(must(ask(*tx, index, {1999, 0}, 3)).at(0).id == 99);
  must(tx->drop_index(index));
  must(commit(*tx));
  CHECK_FALSE(store->vector_statistics(index));
  tx = begin(*store);
  CHECK(ask(*tx, index, {1, 0}, 1).error().status() == Status::index_not_found);
  // Built anew from what is there, not from what was.
  const IndexId again = must(tx->create_index(definition(*store, 2)));
  must(commit(*tx));
  tx = begin(*store, AccessMode::read);
  CHECK(must(ask(*tx, again, {1999, 0}, 300)).size() == 100);
}

TEST_CASE("a reader from before the graph goes on seeing what was") {
  StoreOptions options;
  options.vector_graph_from = 500;
  TestStore store(EngineKind::memory, options);
  auto tx = begin(*store);
  const IndexId index = must(tx->create_index(definition(*store, 2)));
  must(commit(*tx));
  store->settle_vector_indexes();
  fill(*store, 400);
  auto old = begin(*store, AccessMode::read);
  tx = begin(*store);
  const Value far[] = {Value::integer(9999), Value::integer(9999)};
  for (std::uint64_t i = 0; i < 400; ++i) must(tx->set_property(NodeId{i}, must(store->key("v")), Value::list(far)));
  must(commit(*tx));
  fill(*store, 2000);
  store->settle_vector_indexes();
  CHECK(store->vector_statistics(index)->phase == VectorIndexStatistics::Phase::graph);
  const auto found = must(ask(*old, index, {100, 0}, 3));
  REQUIRE(found.size() == 3);
  CHECK((found[0].id == 100 && found[0].score == 1 && found[1].id == 99 && found[2].id == 101));
  old = begin(*store, AccessMode::read);
  CHECK(must(ask(*old, index, {100, 0}, 1)).at(0).id == 500);
}

TEST_CASE("deleted vectors are cleared away") {
  StoreOptions options;
  options.vector_graph_from = 500;
  TestStore store(EngineKind::memory, options);
  auto tx = begin(*store);
  const IndexId index = must(tx->create_index(definition(*store, 2)));
  must(commit(*tx));
  fill(*store, 4000);
  store->settle_vector_indexes();
  tx = begin(*store);
  for (std::uint64_t i = 0; i < 3000; ++i) must(tx->delete_node(NodeId{i}));
  must(commit(*tx));
  store->settle_vector_indexes();
  CHECK(store->vector_statistics(index)->in_graph == 1000);
  CHECK(store->vector_statistics(index)->deleted == 0);
}

TEST_CASE("many threads ask while others write") {
  StoreOptions options;
  options.vector_graph_from = 200;
  TestStore store(EngineKind::lmdb, options);
  auto tx = begin(*store);
  const IndexId index = must(tx->create_index(definition(*store, 2)));
  must(commit(*tx));
  fill(*store, 2000);
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0}, asked{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&, t] {
      std::mt19937 random(static_cast<unsigned>(t));
      while (!done || asked < 50) {
        auto reader = store->begin(AccessMode::read);
        const auto x = static_cast<float>(5 + random() % 1990);
        const auto found = ask(**reader, index, {x, 0}, 5);
        // Every node stays within 1 of where it began: the fifth nearest is not farther than 3, or 4 if one was missed.
        if (!found || found->size() != 5 || found->back().score < 1.0 / 18) ++wrong;
        ++asked;
      }
    });
  }
  std::mt19937 random(99);
  const KeyId key = must(store->key("v"));
  for (int i = 0; i < 100; ++i) {
    auto writer = begin(*store);
    for (int j = 0; j < 20; ++j) {
      const std::uint64_t id = random() % 2000;
      const Value items[] = {Value::real(static_cast<double>(id) + static_cast<double>(random() % 100) / 100),
                             Value::integer(0)};
      must(writer->set_property(NodeId{id}, key, Value::list(items)));
    }
    must(commit(*writer));
  }
  done = true;
  for (std::thread& t : readers) t.join();
  CHECK(wrong == 0);
  store->settle_vector_indexes();
  CHECK(store->vector_statistics(index)->in_graph == 2000);
}

}  // namespace packhouse::storage
