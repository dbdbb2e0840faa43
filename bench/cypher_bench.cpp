// What it costs to get from the text of a query to its operators: read, analysed and planned anew, and from the cache.
// The queries are those of bench/queries.cypher, on a store that knows none of their names but has indexes for some.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "cypher/engine.hpp"
#include "storage/memory/engine.hpp"
#include "storage/store.hpp"

namespace packhouse {
namespace {

std::vector<std::string> queries() {
  std::vector<std::string> out;
  std::ifstream in(PACKHOUSE_SOURCE_DIR "/bench/queries.cypher");
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && !line.starts_with("//")) out.push_back(line);
  }
  return out;
}

[[noreturn]] void stop(const std::string& what, const Error& e) {
  fmt::print(stderr, "{}: {}\n", what, e.message());
  std::exit(1);
}

template <class T>
T value(const std::string& what, Result<T> r) {
  if (!r) stop(what, r.error());
  return std::move(*r);
}

/// Every parameter that the queries name, null: planning doesn't look at values.
Value parameters(const std::vector<std::string>& texts, Arena& arena) {
  std::vector<MapEntry> entries;
  for (const std::string& text : texts) {
    for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
      std::size_t end = at + 1;
      while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
      const auto name = std::string_view(text).substr(at + 1, end - at - 1);
      if (find(entries, name) == nullptr) entries.push_back({name, Value()});
    }
  }
  const auto kept = arena.array<MapEntry>(entries.size());
  std::ranges::copy(entries, kept.begin());
  return Value::map(kept);
}

struct Bench {
  std::unique_ptr<storage::Store> store = value("store", storage::Store::open(std::make_unique<storage::memory::Engine>()));
  cypher::Engine engine{*store};
  Arena arena;
  std::vector<std::string> texts = queries();
  Value given = parameters(texts, arena);

  void execute(const std::string& text) {
    auto tx = value(text, store->begin(storage::AccessMode::write));
    auto run = value(text, engine.run(*tx, text, Value()));
    while (value(text, run->advance()) != cypher::Run::State::done) {
    }
    run.reset();
    tx->commit([&](Result<std::uint64_t> r) {
      if (!r) stop(text, r.error());
    });
  }

  /// Microseconds, the least of `rounds`. Each round sees another text when it must not be in the cache.
  double measure(storage::Transaction& tx, const std::string& text, bool cached, int rounds) {
    double best = 1e9;
    for (int i = 0; i < rounds; ++i) {
      const std::string asked = cached ? text : text + " // " + std::to_string(i);
      const auto begin = std::chrono::steady_clock::now();
      const auto run = engine.run(tx, asked, given);
      const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
      if (!run) stop(text, run.error());
      best = std::min(best, took.count());
    }
    return best;
  }
};

double at(std::vector<double>& sorted, double share) {
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

void report(const char* what, std::vector<double> times) {
  std::ranges::sort(times);
  fmt::print("{:<28} median {:6.2f} us   p90 {:6.2f} us   p99 {:6.2f} us   max {:6.2f} us\n", what, at(times, 0.5), at(times, 0.9),
             at(times, 0.99), times.back());
}

}  // namespace
}  // namespace packhouse

int main() {
  using namespace packhouse;
  Bench bench;
  bench.execute("CREATE INDEX FOR (n:User) ON (n.id)");
  bench.execute("CREATE INDEX FOR (n:Movie) ON (n.title)");
  bench.execute("UNWIND range(1, 1000) AS i CREATE (:User {id: i, age: i % 90})-[:FRIEND]->(:Movie {title: toString(i)})");
  const auto tx = value("transaction", bench.store->begin(storage::AccessMode::write));
  std::vector<double> fresh, cached;
  for (const std::string& text : bench.texts) {
    fresh.push_back(bench.measure(*tx, text, false, 30));
    cached.push_back(bench.measure(*tx, text, true, 100));
  }
  fmt::print("{} queries of bench/queries.cypher, each the best of its rounds\n", bench.texts.size());
  report("read, analysed and planned", std::move(fresh));
  report("from the cache", std::move(cached));
}
