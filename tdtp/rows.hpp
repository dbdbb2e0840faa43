#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"

namespace packhouse::tdtp {

/// Rows of text cells. A cell is a view: of the arena here, or of text that whoever filled the rows keeps alive.
/// Rows need not all be of the same width. Not to be shared between threads while it changes.
class Rows {
 public:
  using Row = std::span<const std::string_view>;

  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  std::size_t cell_count() const { return cells_.size(); }
  Row operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return {cells_.data() + begin, ends_[i] - begin};
  }
  /// The cells of one row, to be replaced.
  std::span<std::string_view> edit(std::size_t i) {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return {cells_.data() + begin, ends_[i] - begin};
  }

  /// Adds a cell to the row that is being built.
  void add(std::string_view cell) { cells_.push_back(cell); }
  void end_row() { ends_.push_back(cells_.size()); }
  void add_row(Row row) {
    cells_.insert(cells_.end(), row.begin(), row.end());
    end_row();
  }
  /// Puts a text where the rows live.
  std::string_view keep(std::string_view text) { return text_.copy(text); }
  /// Takes over memory that cells already point into.
  void adopt(Arena&& arena) { adopted_.push_back(std::move(arena)); }
  char* room(std::size_t bytes) { return static_cast<char*>(text_.allocate(bytes, 1)); }

  void reserve(std::size_t rows, std::size_t cells) {
    ends_.reserve(rows);
    cells_.reserve(cells);
  }
  /// Forgets all rows and their text; keeps memory for the next ones.
  void clear() {
    cells_.clear();
    ends_.clear();
    text_.reset();
    adopted_.clear();
  }
  /// Bytes held, but for what was adopted.
  std::size_t footprint() const {
    return text_.footprint() + cells_.capacity() * sizeof(std::string_view) + ends_.capacity() * sizeof(std::size_t);
  }

  /// `data: null` of the JSON form: no rows, and not even an empty list.
  bool absent = false;

 private:
  std::vector<std::string_view> cells_;
  std::vector<std::size_t> ends_;
  Arena text_{std::size_t{64} << 10};
  std::vector<Arena> adopted_;
};

}  // namespace packhouse::tdtp
