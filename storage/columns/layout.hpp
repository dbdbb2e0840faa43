#pragma once
#include <cstdint>
#include <string_view>

#include "codec/datapacker/array.hpp"
#include "storage/cells.hpp"
#include "storage/keys.hpp"

// How a column lies in cells (docs/DATAPACKER.md, "Storage"). A counted directory of two levels, so that finding an
// element and adding one cost the same however long the column is, and a change in the middle rewrites one chunk:
//
//   root, under the column's name:  version u16 | size of dtype u16 | dtype | column u64 | next number u32 | bytes u64
//   |
//                                   for each page: number u32, elements up to its end u64
//   page, under column and number:  for each chunk: number u32, elements of the page up to its end u32
//   chunk, under column and number: the elements as DataPacker packs them, one after the other
//   ends, the same, of dtypes whose elements differ in size: where each element of the chunk ends, u32
//
// Numbers in cells are little-endian. Pages and chunks are never empty.
namespace packhouse::storage::columns {

/// What a chunk holds at most, unless a single element is larger: sixteen pages of the engine, less its header.
inline constexpr std::size_t chunk_bytes = 65'520;
/// Elements of different sizes in a chunk, at most.
inline constexpr std::uint32_t chunk_elements = 4'096;
/// Chunks of a page, at most.
inline constexpr std::size_t page_chunks = 1'024;
/// Longest name of a column, in bytes.
inline constexpr std::size_t max_name = 400;
/// Largest packed element of a column, in bytes.
inline constexpr std::size_t max_element = max_cell_value - 1024;

using CellKey = keys::FixedKey<max_cell_key>;
CellKey root_key(std::string_view name);
CellKey page_key(std::uint64_t column, std::uint32_t page);
CellKey chunk_key(std::uint64_t column, std::uint32_t chunk);
CellKey ends_key(std::uint64_t column, std::uint32_t chunk);
/// All roots, and the pages, chunks and ends of one column.
keys::Range<CellKey> all_roots();
std::array<keys::Range<CellKey>, 3> all_parts(std::uint64_t column);
/// The name in a root's key.
std::string_view name_in(Bytes root_key);

/// A view of a root cell.
class Root {
 public:
  /// Nothing when it is damaged.
  static std::optional<Root> parse(Bytes cell);
  static void write_header(std::string_view dtype, std::uint64_t column, Buffer& out);

  std::string_view dtype() const { return as_text(cell_.subspan(4, dtype_size_)); }
  std::uint64_t column() const { return number<std::uint64_t>(4 + dtype_size_); }
  std::uint32_t next() const { return number<std::uint32_t>(next_at()); }
  std::uint64_t bytes() const { return number<std::uint64_t>(next_at() + 4); }
  std::size_t pages() const { return (cell_.size() - entries_at()) / entry_size; }
  std::uint32_t page(std::size_t i) const { return number<std::uint32_t>(entry_at(i)); }
  /// Elements of the pages before the i-th.
  std::uint64_t start(std::size_t i) const { return i == 0 ? 0 : number<std::uint64_t>(entry_at(i - 1) + 4); }
  std::uint64_t length() const { return start(pages()); }
  /// The page that holds an element (index < length()).
  std::size_t find(std::uint64_t index) const;

  // Places in the cell, for patches: `next` and `bytes` lie side by side, and so do an entry's two numbers.
  std::size_t next_at() const { return 12 + dtype_size_; }
  std::size_t entry_at(std::size_t i) const { return entries_at() + i * entry_size; }
  Bytes header() const { return cell_.first(entries_at()); }

  static constexpr std::size_t entry_size = 12;

 private:
  Root(Bytes cell, std::size_t dtype_size) : cell_(cell), dtype_size_(dtype_size) {}
  template <class T>
  T number(std::size_t at) const {
    return datapacker::load<T>(cell_.data() + at);
  }
  std::size_t entries_at() const { return 24 + dtype_size_; }

  Bytes cell_;
  std::size_t dtype_size_;
};

/// A view of a page cell.
class Page {
 public:
  static std::optional<Page> parse(Bytes cell);
  std::size_t chunks() const { return cell_.size() / entry_size; }
  std::uint32_t chunk(std::size_t i) const { return datapacker::load<std::uint32_t>(cell_.data() + i * entry_size); }
  std::uint32_t start(std::size_t i) const {
    return i == 0 ? 0 : datapacker::load<std::uint32_t>(cell_.data() + i * entry_size - 4);
  }
  std::uint32_t length() const { return start(chunks()); }
  std::size_t find(std::uint32_t index) const;

  static constexpr std::size_t entry_size = 8;

 private:
  explicit Page(Bytes cell) : cell_(cell) {}
  Bytes cell_;
};

template <class T>
void put_number(Buffer& out, T v) {
  datapacker::store(out.extend(sizeof v), v);
}

/// Packed elements side by side, a view.
struct Elements {
  Bytes data;
  std::uint64_t count = 0;
  std::size_t size = 0;  ///< of each; 0: they differ
  Bytes ends;            ///< then: where each ends, u32, counted from `base`
  std::uint32_t base = 0;

  /// Where element i begins in `data`; i = count: its end.
  std::size_t offset(std::uint64_t i) const {
    if (size > 0) return i * size;
    return i == 0 ? 0 : datapacker::load<std::uint32_t>(ends.data() + (i - 1) * 4) - base;
  }
  Bytes element(std::uint64_t i) const { return data.subspan(offset(i), offset(i + 1) - offset(i)); }
  /// Elements from `from` up to `to`.
  Elements part(std::uint64_t from, std::uint64_t to) const;
};

/// Elements that are put together.
class ElementBuffer {
 public:
  explicit ElementBuffer(std::size_t size) : size_(size) {}
  /// False when elements of different sizes come to 4 GiB.
  bool append(const Elements& more);
  Elements view() const;

 private:
  std::size_t size_;
  std::uint64_t count_ = 0;
  Buffer data_, ends_;
};

/// How many of the first elements go into a chunk that has `bytes` and `count` already and takes `most_bytes`; at least
/// one goes into an empty chunk.
std::uint64_t fitting(const Elements& e, std::size_t bytes, std::uint64_t count, std::size_t most_bytes = chunk_bytes);

}  // namespace packhouse::storage::columns
