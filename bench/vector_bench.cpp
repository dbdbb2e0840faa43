// Vector search: 100,000 clustered vectors of 128 dimensions (fixed seed) in an index on LMDB: how long the graph takes
// to build, queries a second and recall@10 by graph and exactly, memory. `bench_vector [count] [dimensions]`.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>
#include <string>
#include <thread>

#include "storage/store.hpp"
#include "value/vector_math.hpp"

namespace packhouse::storage {
namespace {

using Clock = std::chrono::steady_clock;
using Vector = std::vector<float>;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

template <class T>
T must(Result<T> r) {
  if (!r) std::fprintf(stderr, "%s\n", r.error().message().c_str()), std::exit(1);
  if constexpr (!std::is_void_v<T>) return std::move(*r);
}

/// Points around 1,000 centres.
std::vector<Vector> clustered(std::size_t count, std::size_t dimensions) {
  std::mt19937 random(20261121);
  std::normal_distribution<float> number;
  std::vector<Vector> centres(1000, Vector(dimensions)), out(count, Vector(dimensions));
  for (Vector& c : centres) std::ranges::generate(c, [&] { return number(random); });
  for (Vector& v : out) {
    const Vector& c = centres[random() % centres.size()];
    for (std::size_t i = 0; i < dimensions; ++i) v[i] = c[i] + 0.6F * number(random);
  }
  return out;
}

std::uint64_t resident() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t size = 0, pages = 0;
  statm >> size >> pages;
  return pages * 4096;
}

void finish(Transaction& tx) {
  std::promise<Result<std::uint64_t>> done;
  tx.commit([&](Result<std::uint64_t> r) { done.set_value(std::move(r)); });
  (void)must(done.get_future().get());
}

struct Answers {
  double per_second = 0;
  std::vector<std::vector<std::uint64_t>> ids;
};

Answers ask(Store& store, IndexId index, const std::vector<Vector>& queries, int threads) {
  Answers out;
  out.ids.resize(queries.size());
  std::atomic<std::size_t> next{0};
  const auto begin = Clock::now();
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      const auto tx = must(store.begin(AccessMode::read));
      for (std::size_t i; (i = next++) < queries.size();) {
        for (const VectorMatch& m : must(tx->vector_search({index, queries[i], 10, {}}))) out.ids[i].push_back(m.id);
      }
    });
  }
  for (std::thread& w : workers) w.join();
  out.per_second = static_cast<double>(queries.size()) / seconds_since(begin);
  return out;
}

double recall(const Answers& got, const Answers& want) {
  std::size_t hits = 0, asked = 0;
  for (std::size_t i = 0; i < want.ids.size(); ++i) {
    for (const std::uint64_t id : want.ids[i]) ++asked, hits += std::ranges::count(got.ids[i], id) > 0 ? 1U : 0U;
  }
  return static_cast<double>(hits) / static_cast<double>(asked);
}

void fill(Store& store, const std::vector<Vector>& vectors, std::size_t count) {
  const LabelId label = must(store.label("L"));
  const KeyId key = must(store.key("v"));
  constexpr std::size_t portion = 5000;
  for (std::size_t i = 0; i < count; i += portion) {
    const auto tx = must(store.begin(AccessMode::write));
    tx->begin_statement();
    for (std::size_t j = i; j < std::min(count, i + portion); ++j) {
      const auto data = std::as_bytes(std::span(vectors[j]));
      const std::pair<KeyId, Value> property{
          key, Value::vector(Element::f32, static_cast<std::uint32_t>(vectors[j].size()), data.data())};
      (void)must(tx->create_node(std::span(&label, 1), std::span(&property, 1)));
    }
    finish(*tx);
  }
}

IndexId make_index(Store& store, std::size_t dimensions, VectorSimilarity similarity) {
  IndexDefinition d;
  d.name = "vectors";
  d.type = IndexType::vector;
  d.token = raw(must(store.label("L")));
  d.keys = {must(store.key("v"))};
  d.vector.dimensions = static_cast<std::uint32_t>(dimensions);
  d.vector.similarity = similarity;
  const auto tx = must(store.begin(AccessMode::write));
  const IndexId id = must(tx->create_index(d));
  finish(*tx);
  return id;
}

/// The kernels alone, from the cache.
void kernels(std::size_t dimensions) {
  const auto vectors = clustered(64, dimensions);
  for (const auto& [name, kernel] :
       {std::pair{"dot", vectors::dot}, std::pair{"squared distance", vectors::squared_distance}}) {
    const auto begin = Clock::now();
    float sum = 0;
    constexpr std::size_t rounds = 4'000'000;
    for (std::size_t i = 0; i < rounds; ++i)
      sum += kernel(vectors[i % 64].data(), vectors[(i * 7) % 64].data(), dimensions);
    std::printf("%s of %zu dimensions: %.1f ns (%g)\n", name, dimensions, seconds_since(begin) / rounds * 1e9,
                static_cast<double>(sum));
  }
}

int run(std::size_t count, std::size_t dimensions) {
  kernels(dimensions);
  const char* where = std::getenv("PACKHOUSE_BENCH_FOLDER");
  const auto folder = (where ? std::filesystem::path(where) : std::filesystem::temp_directory_path()) /
                      ("packhouse_vectors_" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  const auto all = clustered(count + 1000, dimensions);
  const std::vector<Vector> queries(all.end() - 1000, all.end());
  const std::vector<Vector> some(queries.begin(), queries.begin() + 200);

  StoreOptions exactly, by_graph;
  exactly.vector_graph_from = ~std::uint64_t{0} >> 1;
  auto store = must(Store::open(folder, exactly));
  auto begin = Clock::now();
  fill(*store, all, count);
  std::printf("loading %zu vectors of %zu dimensions: %.1f s\n", count, dimensions, seconds_since(begin));
  begin = Clock::now();
  const IndexId index = make_index(*store, dimensions, VectorSimilarity::cosine);
  std::printf("CREATE VECTOR INDEX: %.2f s\n", seconds_since(begin));
  const Answers right = ask(*store, index, queries, 2);
  std::printf("exact: %.0f queries/s on one thread, %.0f on two\n", ask(*store, index, some, 1).per_second,
              right.per_second);
  store.reset();

  begin = Clock::now();
  store = must(Store::open(folder, by_graph));
  std::printf("opening: %.1f ms\n", seconds_since(begin) * 1000);
  const std::uint64_t before = resident();
  begin = Clock::now();
  store->settle_vector_indexes();
  const double built = seconds_since(begin);
  const auto statistics = store->vector_statistics(index).value();
  std::printf("graph of %lu: built in %.1f s, %.0f MB by its own count\n", statistics.in_graph, built,
              static_cast<double>(statistics.graph_bytes) / 1e6);
  std::printf("resident memory grew by %.0f MB (with the store's mapped pages)\n",
              static_cast<double>(resident() - before) / 1e6);
  (void)ask(*store, index, some, 1);
  const Answers got = ask(*store, index, queries, 1);
  std::printf("graph: %.0f queries/s on one thread, %.0f on two, recall@10 %.4f\n", got.per_second,
              ask(*store, index, queries, 2).per_second, recall(got, right));
  store.reset();
  std::filesystem::remove_all(folder);
  return recall(got, right) >= 0.95 ? 0 : 1;
}

}  // namespace
}  // namespace packhouse::storage

int main(int argc, char** argv) {
  return packhouse::storage::run(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000,
                                 argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 128);
}
