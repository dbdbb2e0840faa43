#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "tdtp/capi/libtdtp.h"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp::capi {

/// What a packet that we fill points to: rows, pointers to cells, cells. Kept in a register until D_FreePacket asks
/// for it, so that a pointer that is not ours is never freed.
class Table {
 public:
  /// Room for `rows` rows; cells may be added row by row.
  explicit Table(std::size_t rows);

  void begin_row(std::size_t cells);
  void add(std::string_view cell);

  /// Hands the rows to the packet: count 0 means no rows at all. An error if there are more than an int can count.
  static Result<void> give(std::unique_ptr<Table> table, D_Packet& out);

 private:
  friend struct Register;
  Arena memory_{std::size_t{1} << 20};
  D_Row* rows_;
  std::size_t size_ = 0;
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
