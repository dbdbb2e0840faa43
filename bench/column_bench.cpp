// Columns of f64 at 1 and 100 million elements on LMDB in $PACKHOUSE_BENCH_FOLDER (default: the temp folder): what an
// operation costs must not depend on the length. Run: bench_column [millions …]
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <random>
#include <string>
#include <vector>

#include "storage/columns/column.hpp"
#include "storage/store.hpp"

namespace packhouse::storage {
namespace {

template <class T>
T must(Result<T> r) {
  if (!r) {
    std::fprintf(stderr, "%s\n", r.error().message().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*r);
}

/// A store that is removed at the end.
struct Bench {
  Bench() {
    const char* where = std::getenv("PACKHOUSE_BENCH_FOLDER");
    folder = (where ? std::filesystem::path(where) : std::filesystem::temp_directory_path()) /
             ("packhouse_columns_" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    store = must(Store::open(folder));
  }
  ~Bench() {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  template <class F>
  void write(F&& change) {
    const auto tx = must(store->begin(AccessMode::write));
    tx->begin_statement();
    change(*tx);
    std::promise<Result<std::uint64_t>> done;
    tx->commit([&](Result<std::uint64_t> r) { done.set_value(std::move(r)); });
    must(done.get_future().get());
  }

  std::filesystem::path folder;
  std::unique_ptr<Store> store;
};

/// The best of `rounds` runs, in nanoseconds for one of `n`.
template <class F>
double nanos(int rounds, std::size_t n, F&& work) {
  double best = 1e300;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count() / static_cast<double>(n));
  }
  return best;
}

constexpr std::size_t million = 1'000'000;

std::vector<Value> reals(std::size_t n) {
  std::vector<Value> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(Value::real(static_cast<double>(i) / 2));
  return out;
}

void fill(Bench& b, std::size_t elements) {
  std::vector<double> part(million, 0.5);
  b.write([](Transaction& tx) { must(Columns(tx.cells()).create("c", "f64")); });
  for (std::size_t done = 0; done < elements; done += million) {
    b.write([&](Transaction& tx) {
      Column c = must(Columns(tx.cells()).open_to_write("c"));
      must(c.extend_packed(std::as_bytes(std::span(part))));
    });
  }
}

/// One column of the table.
std::vector<double> measure(std::size_t elements) {
  Bench b;
  std::vector<double> out;
  const auto open = [](Transaction& tx) { return must(Columns(tx.cells()).open_to_write("c")); };
  out.push_back(nanos(1, elements, [&] { fill(b, elements); }));
  const auto values = reals(10'000);
  out.push_back(nanos(10, 10'000, [&] { b.write([&](Transaction& tx) { must(open(tx).extend(values)); }); }));
  out.push_back(nanos(10, 10'000, [&] {
    b.write([&](Transaction& tx) {
      Column c = open(tx);
      for (const Value& v : values) must(c.append(v));
    });
  }));
  out.push_back(nanos(5, 50, [&] {
    for (int i = 0; i < 50; ++i) b.write([&](Transaction& tx) { must(open(tx).append(values[0])); });
  }));
  std::mt19937_64 random(1);
  std::vector<std::int64_t> where(100'000);
  for (auto& i : where) i = static_cast<std::int64_t>(random() % elements);
  {
    const auto tx = must(b.store->begin(AccessMode::read));
    Column c = must(Columns(tx->cells()).open("c"));
    Arena arena;
    std::vector<Value> got(where.size());
    out.push_back(nanos(5, where.size(), [&] {
      for (const std::int64_t i : where) must(c.get(i, arena));
    }));
    out.push_back(nanos(5, where.size(), [&] { must(c.get_many(where, arena, got)); }));
    out.push_back(nanos(5, 100 * 1000, [&] {
      for (std::size_t i = 0; i < 100; ++i) {
        arena.reset();
        const auto from = static_cast<std::uint64_t>(where[i]) % (elements - 1000);
        must(c.slice({from, from + 1000}, arena));
      }
    }));
    Buffer packed;
    out.push_back(nanos(5, million, [&] {
      packed.clear();
      must(c.packed({elements - million, elements}, packed));
    }));
  }
  out.push_back(nanos(5, 50, [&] {
    for (std::size_t i = 0; i < 50; ++i) b.write([&](Transaction& tx) { must(open(tx).set(where[i], values[1])); });
  }));
  out.push_back(nanos(5, 50, [&] {
    for (std::size_t i = 0; i < 50; ++i)
      b.write([&](Transaction& tx) { must(open(tx).insert(where[i], {values.data(), 1})); });
  }));
  out.push_back(nanos(5, 50, [&] {
    for (std::size_t i = 0; i < 50; ++i) b.write([&](Transaction& tx) { must(open(tx).erase(where[i])); });
  }));
  return out;
}

}  // namespace
}  // namespace packhouse::storage

int main(int argc, char** argv) {
  using namespace packhouse::storage;
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(static_cast<std::size_t>(std::atoll(argv[i])) * million);
  if (sizes.empty()) sizes = {million, 100 * million};
  const char* names[] = {"fill, a million a commit",
                         "extend by 10,000, a commit",
                         "append, 10,000 a commit",
                         "append, a commit each",
                         "get at random",
                         "getMany at random",
                         "slice of 1,000 as values",
                         "a million as packed bytes",
                         "set at random, a commit each",
                         "insert at random, a commit each",
                         "erase at random, a commit each"};
  std::vector<std::vector<double>> columns;
  std::printf("%-34s", "ns an element, f64");
  for (const std::size_t n : sizes) {
    columns.push_back(measure(n));
    std::printf("%10zu M", n / million);
  }
  std::printf("     ratio\n");
  for (std::size_t i = 0; i < std::size(names); ++i) {
    std::printf("%-34s", names[i]);
    for (const auto& c : columns) std::printf("%12.1f", c[i]);
    std::printf("%10.2f\n", columns.back()[i] / columns.front()[i]);
  }
}
