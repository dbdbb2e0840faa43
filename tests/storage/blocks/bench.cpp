// Numbers behind the choices of storage/'s blocks: build bench_storage_blocks in a release build and run it.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "storage/adjacency.hpp"
#include "storage/adjacency_block.hpp"
#include "storage/keys.hpp"
#include "storage/lmdb/engine.hpp"
#include "storage/locks.hpp"
#include "storage/tokens.hpp"

namespace packhouse::storage {
namespace {

template <class T>
T must(Result<T> r) {
  if (!r) std::abort();
  return std::move(*r);
}
void must(Result<void> r) {
  if (!r) std::abort();
}

/// A store in a folder of its own, with 200,000 small records.
struct Store {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / "packhouse_bench_blocks";
  std::unique_ptr<kv::Engine> engine;
  std::uint64_t sequence = 0;
  static constexpr std::uint64_t records = 200'000;

  Store() {
    std::filesystem::remove_all(folder);
    engine = must(lmdb::open(folder));
    auto batch = must(engine->begin_batch());
    const std::string record(60, 'r');
    for (std::uint64_t i = 0; i < records; ++i) must(batch->put(keys::node(NodeId{i}), as_bytes(record)));
    must(batch->commit(++sequence, false));
  }
  ~Store() {
    engine.reset();
    std::filesystem::remove_all(folder);
  }
};
Store& store() {
  static Store one;
  return one;
}

void snapshot(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(must(store().engine->snapshot())->sequence());
}
BENCHMARK(snapshot)->Threads(1)->Threads(2);

void random_get(benchmark::State& state) {
  auto snapshot = must(store().engine->snapshot());
  std::mt19937_64 random(1);
  for (auto _ : state) benchmark::DoNotOptimize(must(snapshot->get(keys::node(NodeId{random() % Store::records}))));
}
BENCHMARK(random_get);

void full_scan(benchmark::State& state) {
  auto snapshot = must(store().engine->snapshot());
  const auto range = keys::all(keys::Table::node);
  std::vector<kv::Entry> entries(1024);
  for (auto _ : state) {
    auto scan = must(snapshot->scan(range.low, range.high));
    while (must(scan->next(entries)) > 0) benchmark::DoNotOptimize(entries.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(Store::records));
}
BENCHMARK(full_scan);

/// 1000 records, interleaved with as many label entries; range(0): inside a savepoint or not.
void puts(benchmark::State& state) {
  static std::uint64_t next = std::uint64_t{1} << 32;
  for (auto _ : state) {
    auto batch = must(store().engine->begin_batch());
    if (state.range(0) != 0) must(batch->begin_nested());
    const std::string record(60, 'r');
    for (int i = 0; i < 1000; ++i, ++next) {
      must(batch->put(keys::node(NodeId{next}), as_bytes(record)));
      must(batch->put(keys::label_entry(LabelId{1}, NodeId{next}), {}));
    }
    if (state.range(0) != 0) must(batch->commit_nested());
  }
  state.SetItemsProcessed(state.iterations() * 2000);
}
BENCHMARK(puts)->Arg(0)->Arg(1);

void random_puts(benchmark::State& state) {
  std::mt19937_64 random(1);
  for (auto _ : state) {
    auto batch = must(store().engine->begin_batch());
    if (state.range(0) != 0) must(batch->begin_nested());
    const std::string record(60, 's');
    for (int i = 0; i < 1000; ++i) must(batch->put(keys::node(NodeId{random() % Store::records}), as_bytes(record)));
    if (state.range(0) != 0) must(batch->commit_nested());
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(random_puts)->Arg(0)->Arg(1);

void small_commit(benchmark::State& state) {
  for (auto _ : state) {
    auto batch = must(store().engine->begin_batch());
    must(batch->put(keys::node(NodeId{7}), as_bytes("changed")));
    must(batch->commit(++store().sequence, state.range(0) != 0));
  }
}
BENCHMARK(small_commit)->Arg(0)->Arg(1);

std::vector<adjacency::Entry> entries_of(std::size_t n) {
  std::mt19937_64 random(1);
  std::vector<adjacency::Entry> entries;
  for (std::size_t i = 0; i < n; ++i) {
    entries.push_back({TypeId{static_cast<std::uint32_t>(random() % 2)}, NodeId{random() % 100'000}, RelId{random() % 1'700'000}});
  }
  std::ranges::sort(entries);
  return entries;
}

void decode_block(benchmark::State& state) {
  Buffer stored;
  write_block(entries_of(static_cast<std::size_t>(state.range(0))), false, stored);
  std::vector<Edge> edges;
  for (auto _ : state) {
    edges.clear();
    const auto block = must(adjacency::Block::parse(stored));
    for (std::size_t run = 0; run < block.run_count(); ++run) {
      block.append(block.run_begin(run), block.run_end(run), block.run_type(run), true, std::nullopt, edges);
    }
    benchmark::DoNotOptimize(edges.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(decode_block)->Arg(1)->Arg(17)->Arg(600);

/// Expansion of random nodes of 17 edges, as in the medium graph of the budgets.
void expand(benchmark::State& state) {
  constexpr std::uint64_t nodes = 100'000, degree = 17;
  static bool made = false;
  if (!made) {
    auto batch = must(store().engine->begin_batch());
    const auto entries = entries_of(degree);
    for (std::uint64_t i = 0; i < nodes; ++i) must(adjacency::merge(*batch, NodeId{i}, Direction::out, entries, {}));
    must(batch->commit(++store().sequence, false));
    made = true;
  }
  auto snapshot = must(store().engine->snapshot());
  std::mt19937_64 random(1);
  std::vector<Edge> edges;
  for (auto _ : state) {
    edges.clear();
    must(adjacency::expand(*snapshot, NodeId{random() % nodes}, Direction::out, {}, edges));
    benchmark::DoNotOptimize(edges.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(degree));
}
BENCHMARK(expand);

/// New relationships one by one between random nodes: a merge at each end.
void add_relationships(benchmark::State& state) {
  static std::uint64_t rel = 10'000'000;
  std::mt19937_64 random(1);
  for (auto _ : state) {
    auto batch = must(store().engine->begin_batch());
    for (int i = 0; i < 1000; ++i, ++rel) {
      const NodeId a{200'000 + random() % 100'000}, b{200'000 + random() % 100'000};
      const adjacency::Entry out{TypeId{0}, b, RelId{rel}}, in{TypeId{0}, a, RelId{rel}};
      must(adjacency::merge(*batch, a, Direction::out, std::span(&out, 1), {}));
      must(adjacency::merge(*batch, b, Direction::in, std::span(&in, 1), {}));
    }
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(add_relationships);

LockManager& locks() {
  static LockManager one;
  return one;
}

/// Ten records taken and given back.
void lock(benchmark::State& state) {
  LockOwner owner(static_cast<std::uint64_t>(state.thread_index()));
  std::uint64_t next = static_cast<std::uint64_t>(state.thread_index()) << 40;
  for (auto _ : state) {
    for (int i = 0; i < 10; ++i) benchmark::DoNotOptimize(locks().acquire(owner, record_key(NodeId{next++}), LockMode::exclusive));
    locks().release_all(owner);
  }
  state.SetItemsProcessed(state.iterations() * 10);
}
BENCHMARK(lock)->Threads(1)->Threads(2);

void index_key(benchmark::State& state) {
  const Value values[] = {Value::string("some ordinary name"), Value::integer(42)};
  for (auto _ : state) {
    const auto key = must(keys::index_entry(IndexId{1}, values, 99));
    benchmark::DoNotOptimize(key.view().data());
  }
}
BENCHMARK(index_key);

void token_find(benchmark::State& state) {
  static TokenTable* const table = [] {
    auto* t = new TokenTable(keys::TokenKind::key);
    for (int i = 0; i < 100; ++i) must(t->find_or_create("property" + std::to_string(i)));
    return t;
  }();
  for (auto _ : state) benchmark::DoNotOptimize(table->find("property57"));
}
BENCHMARK(token_find)->Threads(1)->Threads(2);

}  // namespace
}  // namespace packhouse::storage

BENCHMARK_MAIN();
