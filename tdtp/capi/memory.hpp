#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "tdtp/capi/libtdtp.h"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp::capi {

/// Memory for cells, in blocks. Freed ones are kept for the next packet, up to 32 MiB of them in the process: making
/// pages anew costs as much as filling them.
class Blocks {
 public:
  Blocks() = default;
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  ~Blocks();

  template <class T>
  T* array(std::size_t n) {
    return static_cast<T*>(allocate(n * sizeof(T), alignof(T)));
  }

 private:
  static constexpr std::size_t block = std::size_t{1} << 20;
  using Block = std::unique_ptr<std::byte[]>;
  friend struct Stock;

  void* allocate(std::size_t bytes, std::size_t align) {
    const std::size_t pad = (~reinterpret_cast<std::uintptr_t>(at_) + 1) & (align - 1);
    if (bytes + pad > left_) return refill(bytes, align);
    std::byte* p = at_ + pad;
    at_ = p + bytes;
    left_ -= bytes + pad;
    return p;
  }
  void* refill(std::size_t bytes, std::size_t align);

  std::byte* at_ = nullptr;
  std::size_t left_ = 0;
  std::vector<Block> blocks_, large_;
};

/// What a packet that we fill points to: rows, pointers to cells, cells. Kept in a register until D_FreePacket asks
/// for it, so that a pointer that is not ours is never freed.
class Table {
 public:
  /// `rows`: how many there will be, if that is known.
  explicit Table(std::size_t rows = 0) { rows_.reserve(rows); }

  void begin_row(std::size_t cells) {
    next_ = memory_.array<char*>(cells);
    rows_.push_back({next_, static_cast<int>(cells)});
  }
  void add(std::string_view cell) { *next_++ = copy(cell); }
  void add_row(std::span<const std::string_view> cells) {
    begin_row(cells.size());
    for (const auto cell : cells) add(cell);
  }
  /// A row of a caller; NULL is an empty cell. What comes back may be changed until the next row is added.
  const D_Row& copy_row(const D_Row& row);
  char* copy(std::string_view cell) {
    char* text = memory_.array<char>(cell.size() + 1);
    if (!cell.empty()) std::memcpy(text, cell.data(), cell.size());
    text[cell.size()] = '\0';
    return text;
  }

  /// Hands the rows to the packet: count 0 means no rows at all. An error if there are more than an int can count.
  static Result<void> give(std::unique_ptr<Table> table, D_Packet& out);

 private:
  friend struct Register;
  Blocks memory_;
  std::vector<D_Row> rows_;
  char** next_ = nullptr;
};

/// Hands a schema to the packet.
Result<void> give_schema(const Schema& schema, D_Packet& out);
/// A copy of a caller's schema.
Result<void> give_schema(const D_Schema& schema, D_Packet& out);

/// Frees what was given, and clears the pointers. Counts stay as they are.
void take_back(D_Packet& packet) noexcept;

/// Copies a text into a field of `size` bytes, cut between two characters if it is too long.
void put(char* field, std::size_t size, std::string_view text);
template <std::size_t n>
void put(char (&field)[n], std::string_view text) {
  put(field, n, text);
}

/// The text in a field, whether it ends with a zero byte or not.
std::string_view text_of(const char* field, std::size_t size);
template <std::size_t n>
std::string_view text_of(const char (&field)[n]) {
  return text_of(field, n);
}

}  // namespace packhouse::tdtp::capi
