// Full-text search: 100,000 texts of about 20 words (vocabulary of 50,000 after Zipf, fixed seed) in an index on LMDB: how
// fast they are loaded with and without the index, its size, how long CREATE takes, queries a second of several kinds.
// `bench_fulltext [count]`.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <random>
#include <string>

#include "storage/store.hpp"

namespace packhouse::storage {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

template <class T>
T must(Result<T> r) {
  if (!r) std::fprintf(stderr, "%s\n", r.error().message().c_str()), std::exit(1);
  if constexpr (!std::is_void_v<T>) return std::move(*r);
}

/// Words after Zipf: the n-th is about n times rarer than the first.
class Words {
 public:
  explicit Words(unsigned seed) : random_(seed) {}
  int rank() {
    const double u = std::uniform_real_distribution<double>()(random_);
    return static_cast<int>(std::pow(50'000.0, u)) - 1;
  }
  static std::string word(int rank) {
    std::string out;
    for (unsigned n = static_cast<unsigned>(rank) * 2654435761U, i = 0; i < 3 + n % 5; ++i, n = n * 1664525U + 1013904223U) {
      out += static_cast<char>('a' + n / 16777216U % 26);
    }
    return out + std::to_string(rank % 10);
  }
  std::string text() {
    std::string out;
    for (unsigned n = 10 + static_cast<unsigned>(random_()) % 21; n > 0; --n) out += word(rank()) + " ";
    return out;
  }

 private:
  std::mt19937 random_;
};

void finish(Transaction& tx) {
  std::promise<Result<std::uint64_t>> done;
  tx.commit([&](Result<std::uint64_t> r) { done.set_value(std::move(r)); });
  (void)must(done.get_future().get());
}

/// Texts a second.
double fill(Store& store, std::size_t count, std::size_t portion) {
  const LabelId label = must(store.label("L"));
  const KeyId key = must(store.key("text"));
  Words words(1);
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < count; i += portion) {
    const auto tx = must(store.begin(AccessMode::write));
    tx->begin_statement();
    for (std::size_t j = i; j < std::min(count, i + portion); ++j) {
      const std::string text = words.text();
      const std::pair<KeyId, Value> property{key, Value::string(text)};
      (void)must(tx->create_node(std::span(&label, 1), std::span(&property, 1)));
    }
    finish(*tx);
  }
  return static_cast<double>(count) / seconds_since(begin);
}

IndexId make_index(Store& store) {
  IndexDefinition d;
  d.name = "texts";
  d.type = IndexType::fulltext;
  d.token = raw(must(store.label("L")));
  d.keys = {must(store.key("text"))};
  const auto tx = must(store.begin(AccessMode::write));
  const IndexId id = must(tx->create_index(d));
  finish(*tx);
  return id;
}

void ask(Store& store, IndexId index, const char* kind, const std::function<std::string(Words&)>& query) {
  Words words(2);
  const auto tx = must(store.begin(AccessMode::read));
  std::size_t asked = 0, found = 0;
  const auto begin = Clock::now();
  while (seconds_since(begin) < 1.5) {
    const std::string text = query(words);
    found += must(tx->fulltext_search({.index = index, .text = text, .analyzer = {}, .limit = 10, .pause = {}})).size();
    ++asked;
  }
  std::printf("%-28s %9.0f a second, %4.1f found\n", kind, static_cast<double>(asked) / seconds_since(begin),
              static_cast<double>(found) / static_cast<double>(asked));
}

void run(std::size_t count) {
  const auto folder = std::filesystem::temp_directory_path() / ("packhouse_fulltext_" + std::to_string(::getpid()));
  StoreOptions options;
  options.map_size = std::uint64_t{8} << 30;
  {
    const auto plain = must(Store::open(folder / "plain", options));
    std::printf("without an index: %.0f texts a second (1,000 a transaction)\n", fill(*plain, count, 1000));
    const std::uint64_t before = plain->statistics().size_bytes;
    const auto begin = Clock::now();
    (void)make_index(*plain);
    std::printf("CREATE FULLTEXT INDEX: %.2f s, %.1f MB for %.1f MB\n", seconds_since(begin),
                static_cast<double>(plain->statistics().size_bytes - before) / 1e6, static_cast<double>(before) / 1e6);
  }
  const auto store = must(Store::open(folder / "indexed", options));
  const IndexId index = make_index(*store);
  std::printf("with the index: %.0f texts a second (1,000 a transaction), %.1f MB\n", fill(*store, count, 1000),
              static_cast<double>(store->statistics().size_bytes) / 1e6);
  const auto word = [](Words& w) { return Words::word(w.rank()); };
  ask(*store, index, "one word", word);
  ask(*store, index, "rare word", [](Words& w) { return Words::word(1000 + w.rank() % 40'000); });
  ask(*store, index, "three words, any", [&](Words& w) { return word(w) + " " + word(w) + " " + word(w); });
  ask(*store, index, "two words, both", [&](Words& w) { return word(w) + " AND " + word(w); });
  ask(*store, index, "a phrase of two", [&](Words& w) { return "\"" + word(w) + " " + word(w) + "\""; });
  ask(*store, index, "a prefix of three letters", [&](Words& w) { return word(w).substr(0, 3) + "*"; });
  ask(*store, index, "a fuzzy word", [&](Words& w) { return word(w) + "~1"; });
  std::printf("one text a transaction: %.0f a second\n", fill(*store, 500, 1));
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace
}  // namespace packhouse::storage

int main(int argc, char** argv) {
  packhouse::storage::run(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000);
  return 0;
}
