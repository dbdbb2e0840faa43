// The store as a loader and as many small clients see it, on LMDB in $PACKHOUSE_BENCH_FOLDER (default: the temp folder).
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <random>

#include "storage/store.hpp"

namespace packhouse::storage {
namespace {

/// An opened store with tokens and one index on :L(id), removed at the end.
struct Bench {
  Bench() {
    const char* where = std::getenv("PACKHOUSE_BENCH_FOLDER");
    folder = (where ? std::filesystem::path(where) : std::filesystem::temp_directory_path()) / ("packhouse_bench_" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    store = std::move(*Store::open(folder));
    constexpr std::string_view names[] = {"k0", "k1", "k2", "k3"};
    label = *store->label("L");
    type = *store->type("T");
    for (std::size_t i = 0; i < 4; ++i) keys[i] = *store->key(names[i]);
    IndexDefinition d;
    d.token = raw(label);
    d.keys = {keys[0]};
    auto tx = begin();
    index = *tx->create_index(d);
    finish(*tx);
  }
  ~Bench() {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  std::unique_ptr<Transaction> begin(AccessMode mode = AccessMode::write) {
    auto tx = std::move(*store->begin(mode));
    tx->begin_statement();
    return tx;
  }
  void finish(Transaction& tx) {
    std::promise<bool> done;
    tx.commit([&](Result<std::uint64_t> r) { done.set_value(r.has_value()); });
    if (!done.get_future().get()) std::abort();
  }
  NodeId make(Transaction& tx, std::int64_t i) {
    const std::pair<KeyId, Value> properties[] = {{keys[0], Value::integer(i * 7919 % 1'000'003)},
                                                  {keys[1], Value::string("a name of some length")},
                                                  {keys[2], Value::real(static_cast<double>(i))},
                                                  {keys[3], Value::boolean(true)}};
    return *tx.create_node(std::span(&label, 1), properties);
  }
  void fill(std::int64_t n) {
    auto tx = begin();
    for (std::int64_t i = 0; i < n; ++i) make(*tx, i);
    finish(*tx);
  }

  std::filesystem::path folder;
  std::unique_ptr<Store> store;
  LabelId label;
  TypeId type;
  KeyId keys[4];
  IndexId index;
};

constexpr std::int64_t batch = 10'000;

void load_nodes(benchmark::State& state) {
  Bench b;
  std::int64_t i = 0;
  for (auto _ : state) {
    auto tx = b.begin();
    for (std::int64_t n = 0; n < batch; ++n) b.make(*tx, i++);
    b.finish(*tx);
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK(load_nodes)->UseRealTime()->Unit(benchmark::kMillisecond);

/// MATCH (a:L {id: …}), (b:L {id: …}) CREATE (a)-[:T]->(b): `seek` is the matching, without it only the storage of edges.
void load_relationships(benchmark::State& state) {
  Bench b;
  constexpr std::int64_t nodes = 100'000;
  b.fill(nodes);
  std::mt19937_64 random(1);
  const bool seek = state.range(0) != 0;
  const auto find = [&](Transaction& tx) {
    const std::uint64_t i = random() % nodes;
    if (!seek) return NodeId{i};
    IndexRange range;
    range.prefix.push_back(Value::integer(static_cast<std::int64_t>(i) * 7919 % 1'000'003));
    NodeId id[2];
    const auto cursor = std::move(*tx.index_seek(b.index, range));
    if (*cursor->next(id) != 1) std::abort();
    return id[0];
  };
  for (auto _ : state) {
    auto tx = b.begin();
    for (std::int64_t n = 0; n < batch; ++n) {
      const NodeId from = find(*tx), to = find(*tx);
      if (!tx->create_relationship(from, to, b.type)) std::abort();
    }
    b.finish(*tx);
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK(load_relationships)->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);

/// UNWIND … MERGE (n:L {id: …}) against the index, all new.
void merge_nodes(benchmark::State& state) {
  Bench b;
  std::int64_t i = 0;
  for (auto _ : state) {
    auto tx = b.begin();
    for (std::int64_t n = 0; n < batch; ++n, ++i) {
      IndexRange range;
      range.prefix.push_back(Value::integer(i * 7919 % 1'000'003));
      NodeId id[2];
      const auto cursor = std::move(*tx->index_seek(b.index, range));
      if (*cursor->next(id) == 0) b.make(*tx, i);
    }
    b.finish(*tx);
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK(merge_nodes)->UseRealTime()->Unit(benchmark::kMillisecond);

void begin_read(benchmark::State& state) {
  Bench b;
  for (auto _ : state) benchmark::DoNotOptimize(b.begin(AccessMode::read));
}
BENCHMARK(begin_read);

void point_read(benchmark::State& state) {
  Bench b;
  b.fill(100'000);
  auto tx = b.begin(AccessMode::read);
  std::mt19937_64 random(1);
  Arena arena;
  for (auto _ : state) {
    const auto view = *tx->node(NodeId{random() % 100'000});
    benchmark::DoNotOptimize(*view->property(b.keys[0], arena));
  }
}
BENCHMARK(point_read);

void index_seek(benchmark::State& state) {
  Bench b;
  b.fill(100'000);
  auto tx = b.begin(AccessMode::read);
  std::int64_t i = 0;
  for (auto _ : state) {
    IndexRange range;
    range.prefix.push_back(Value::integer(++i % 100'000 * 7919 % 1'000'003));
    NodeId id[2];
    const auto cursor = std::move(*tx->index_seek(b.index, range));
    if (*cursor->next(id) != 1) std::abort();
    benchmark::DoNotOptimize(id[0]);
  }
}
BENCHMARK(index_seek);

void scan_label(benchmark::State& state) {
  Bench b;
  b.fill(100'000);
  auto tx = b.begin(AccessMode::read);
  NodeId ids[1024];
  for (auto _ : state) {
    const auto cursor = std::move(*tx->scan_label(b.label));
    while (*cursor->next(ids)) benchmark::DoNotOptimize(ids[0]);
  }
  state.SetItemsProcessed(state.iterations() * 100'000);
}
BENCHMARK(scan_label)->Unit(benchmark::kMicrosecond);

/// One node a transaction, durable; the threads share the syncs.
void single_commits(benchmark::State& state) {
  static std::unique_ptr<Bench> b;
  if (state.thread_index() == 0) b = std::make_unique<Bench>();
  for (auto _ : state) {
    auto tx = b->begin();
    b->make(*tx, state.thread_index());
    b->finish(*tx);
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) b.reset();
}
BENCHMARK(single_commits)->Threads(1)->Threads(16)->Threads(64)->UseRealTime();

}  // namespace
}  // namespace packhouse::storage

BENCHMARK_MAIN();
