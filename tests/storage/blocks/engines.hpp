#pragma once
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/kv/engine.hpp"
#include "storage/lmdb/engine.hpp"
#include "storage/memory/engine.hpp"

namespace packhouse::storage {

/// A folder that disappears with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() /
            ("packhouse_blocks_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// The value of a Result, or a failed test that shows the error.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message());
  return std::move(*result);
}
inline void must(Result<void> result) {
  if (!result) FAIL(result.error().message());
}

inline lmdb::EngineOptions small_map() { return {.map_size = std::uint64_t{1} << 30, .max_snapshots = 512}; }

/// One engine of each kind; contract tests run over all of them.
struct EngineUnderTest {
  explicit EngineUnderTest(int kind) {
    if (kind == 0) {
      engine = must(lmdb::open(folder / "store", small_map()));
    } else {
      engine = std::make_unique<memory::Engine>();
    }
  }
  TemporaryFolder folder;
  std::unique_ptr<kv::Engine> engine;
};
inline constexpr const char* engine_names[] = {"lmdb", "memory"};

inline std::string text(Bytes b) { return std::string(as_text(b)); }

inline std::vector<std::pair<std::string, std::string>> all_of(kv::Snapshot& snapshot, std::string_view low = {},
                                                               std::string_view high = {}, std::size_t batch = 3) {
  auto scan = must(snapshot.scan(as_bytes(low), as_bytes(high)));
  std::vector<kv::Entry> entries(batch);
  std::vector<std::pair<std::string, std::string>> out;
  while (const std::size_t n = must(scan->next(entries))) {
    for (std::size_t i = 0; i < n; ++i) {
      // Every store also has its commit sequence, in table 1 (meta).
      if (entries[i].key[0] != std::byte{1}) out.emplace_back(text(entries[i].key), text(entries[i].value));
    }
  }
  CHECK(must(scan->next(entries)) == 0);  // the end stays the end
  return out;
}

inline void put_all(kv::Engine& engine, std::uint64_t sequence, const std::map<std::string, std::string>& content) {
  auto batch = must(engine.begin_batch());
  for (const auto& [key, value] : content) must(batch->put(as_bytes(key), as_bytes(value)));
  must(batch->commit(sequence, false));
}

}  // namespace packhouse::storage
