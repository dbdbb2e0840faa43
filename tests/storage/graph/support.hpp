#pragma once
#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "storage/memory/engine.hpp"
#include "storage/store.hpp"

namespace packhouse::storage {

/// A folder that disappears with the test.
class Folder {
 public:
  Folder() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() / ("packhouse_graph_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message());
  return std::move(*result);
}
inline void must(Result<void> result) {
  if (!result) FAIL(result.error().message());
}

/// Lets a store own an engine that the test goes on to use.
class SharedEngine final : public kv::Engine {
 public:
  explicit SharedEngine(std::shared_ptr<memory::Engine> inner) : inner_(std::move(inner)) {}
  Result<std::unique_ptr<kv::Snapshot>> snapshot() override { return inner_->snapshot(); }
  Result<std::unique_ptr<kv::Batch>> begin_batch() override { return inner_->begin_batch(); }
  Result<void> sync() override { return inner_->sync(); }
  std::uint64_t size_bytes() const override { return inner_->size_bytes(); }

 private:
  std::shared_ptr<memory::Engine> inner_;
};

enum class EngineKind { memory, lmdb };
inline const char* name_of(EngineKind kind) { return kind == EngineKind::memory ? "memory" : "lmdb"; }

/// A store on either engine that can be closed and opened again.
class TestStore {
 public:
  explicit TestStore(EngineKind kind = EngineKind::memory, StoreOptions options = {}) : kind_(kind), options_(options) {
    options_.map_size = std::uint64_t{1} << 32;
    if (kind_ == EngineKind::memory) memory_ = std::make_shared<memory::Engine>();
    open();
  }
  Store* operator->() const { return store_.get(); }
  Store& operator*() const { return *store_; }
  memory::Engine& engine() const { return *memory_; }
  void reopen() {
    close();
    open();
  }
  void close() { store_.reset(); }
  void open() {
    if (kind_ == EngineKind::lmdb) {
      store_ = must(Store::open(folder_.path() / "store", options_));
    } else {
      memory_ = memory_->take_over();
      store_ = must(Store::open(std::make_unique<SharedEngine>(memory_), options_));
    }
  }
  /// Without take_over(), for stores that could not be opened.
  Result<void> try_open() {
    auto store = Store::open(std::make_unique<SharedEngine>(memory_), options_);
    if (!store) return tl::make_unexpected(std::move(store).error());
    store_ = std::move(*store);
    return ok;
  }

 private:
  EngineKind kind_;
  StoreOptions options_;
  Folder folder_;
  std::shared_ptr<memory::Engine> memory_;
  std::unique_ptr<Store> store_;
};

inline std::unique_ptr<Transaction> begin(Store& store, AccessMode mode = AccessMode::write) {
  auto tx = must(store.begin(mode));
  tx->begin_statement();
  return tx;
}

inline Result<std::uint64_t> commit(Transaction& tx) {
  std::promise<Result<std::uint64_t>> promise;
  tx.commit([&](Result<std::uint64_t> r) { promise.set_value(std::move(r)); });
  return promise.get_future().get();
}

/// Blocks until the awaited lock is granted, then resumes.
inline Result<void> wait_and_resume(Transaction& tx) {
  std::promise<void> woken;
  tx.on_wake([&] { woken.set_value(); });
  woken.get_future().get();
  return tx.resume_after_wait();
}

/// Runs `statement` as the engine will: again after each wait, in one transaction, then commits.
template <class F>
Result<std::uint64_t> auto_commit(Store& store, F&& statement) {
  PACKHOUSE_TRY(const auto tx, store.begin(AccessMode::write));
  for (;;) {
    tx->begin_statement();
    Result<void> r = statement(*tx);
    if (r) return commit(*tx);
    if (!tx->wait_pending()) return tl::make_unexpected(std::move(r).error());
    tx->rollback_statement();
    PACKHOUSE_CHECK(wait_and_resume(*tx));
  }
}

template <class Id>
std::vector<Id> drain(Result<std::unique_ptr<Cursor<Id>>> cursor, std::size_t step = 7) {
  auto c = must(std::move(cursor));
  std::vector<Id> out, part(step);
  while (const std::size_t n = must(c->next(part))) out.insert(out.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(n));
  return out;
}

inline Value property(Transaction& tx, NodeId id, KeyId key, Arena& arena) {
  const auto view = must(tx.node(id));
  REQUIRE(view.has_value());
  return must(view->property(key, arena));
}

using Properties = std::vector<std::pair<KeyId, Value>>;

}  // namespace packhouse::storage
