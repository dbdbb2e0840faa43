#pragma once
#include <string>
#include <vector>

#include "base/error.hpp"
#include "tdtp/packet.hpp"

namespace packhouse::tdtp {

/// How two tables differ. Rows are views of the two packets.
struct Diff {
  struct Modified {
    std::string key;  ///< the key cells of the old row, joined by |
    Rows::Row old_row, new_row;
    std::vector<std::size_t> columns;  ///< where the cells differ
  };
  std::vector<Rows::Row> added, removed;  ///< in the order of the new table; of the old one
  std::vector<Modified> modified;         ///< in the order of the new table
  std::size_t total_old = 0, total_new = 0, unchanged = 0;
};

/// Compares two tables of one name and equal columns by the key columns of the old one. Cells are texts, compared
/// exactly, or without regard to case; up to the end of the shorter row. A key that comes twice is an error that names
/// it (decision T12). Messages: `diff error: …`.
Result<Diff> diff(const Packet& old_packet, const Packet& new_packet, bool ignore_case = false);

}  // namespace packhouse::tdtp
