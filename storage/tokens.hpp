#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "storage/keys.hpp"
#include "storage/kv/engine.hpp"

namespace packhouse::storage {

/// Names of one kind (labels, relationship types or property keys) and their dense ids, given out for good.
/// Thread-safe; id -> name takes no lock, name -> id a shared one. The views live as long as the table.
///
/// A name exists at once, but reaches the disk only with the next commit: whoever commits writes `unpersisted()`
/// in the same batch, so no record on disk ever refers to an unwritten token.
class TokenTable {
 public:
  static constexpr std::uint32_t max_tokens = 1U << 24;
  static constexpr std::size_t max_name = 65'535;  ///< bytes

  explicit TokenTable(keys::TokenKind kind);
  ~TokenTable();

  /// Reads all names of this kind; call once, before any other use. storage_failed when ids are not dense.
  Result<void> load(kv::Snapshot& snapshot);

  std::optional<std::uint32_t> find(std::string_view name) const;
  /// Status::argument_error for an empty or overlong name, storage_failed when the table is full.
  Result<std::uint32_t> find_or_create(std::string_view name);
  /// The name of an id that was given out (id < size()).
  std::string_view name(std::uint32_t id) const;
  std::uint32_t size() const { return size_.load(std::memory_order_acquire); }

  struct Token {
    std::uint32_t id;
    std::string_view name;
  };
  /// Names that no successful commit has written yet, by id.
  std::vector<Token> unpersisted() const;
  bool all_persisted() const { return persisted_.load(std::memory_order_acquire) == size(); }
  /// Puts `unpersisted()` into the batch and returns the size to give to mark_persisted() once it is committed.
  Result<std::uint32_t> write(kv::Batch& batch) const;
  void mark_persisted(std::uint32_t size);

 private:
  static constexpr std::uint32_t chunk_size = 1024;
  struct Chunk;
  struct Names;
  std::uint32_t append(std::string_view name);  // with the mutex held

  keys::TokenKind kind_;
  std::atomic<std::uint32_t> size_{0}, persisted_{0};
  std::unique_ptr<std::atomic<Chunk*>[]> chunks_;
  mutable std::shared_mutex mutex_;
  std::unique_ptr<Names> names_;
};

}  // namespace packhouse::storage
