#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace packhouse::storage {

/// The cells that a transaction has changed, with what the current statement found. For one thread.
class CellOverlay {
 public:
  /// What a cell is now; no value: erased.
  struct Cell {
    std::optional<std::vector<std::byte>> value;
    std::uint32_t statement = 0;  ///< the last one that changed it
  };
  using Map = std::map<std::string, Cell, std::less<>>;

  void begin_statement();
  void rollback_statement();

  const Map& cells() const { return cells_; }
  bool empty() const { return cells_.empty(); }
  /// Null when the transaction has not changed it.
  const Cell* find(Bytes key) const;

  void put(Bytes key, Bytes value);
  void erase(Bytes key);
  /// `base` is what the snapshot has, for a cell that wasn't changed yet. `offset` must be at most the size.
  void patch(Bytes key, std::optional<Bytes> base, std::size_t offset, Bytes bytes);

  /// Bytes held, about.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Undo {
    Map::iterator cell;
    std::optional<Cell> old;  ///< nothing: the statement made the entry
  };
  /// The entry, after noting for the statement's savepoint what it was.
  Cell& changing(Bytes key, bool keep_value);
  static std::size_t size_of(const Cell& cell) { return cell.value ? cell.value->capacity() : 0; }
  static constexpr std::size_t entry_overhead = 128;

  Map cells_;
  std::vector<Undo> undo_;
  std::uint32_t statement_ = 1;
  std::size_t bytes_ = 0;
};

}  // namespace packhouse::storage
