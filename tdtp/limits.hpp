#pragma once
#include <cstddef>
#include <cstdint>

namespace packhouse::tdtp {

/// What is refused with an error instead of being believed (decision T15).
struct Limits {
  std::uint64_t file_bytes = std::uint64_t{16} << 30;           ///< a file
  std::uint64_t decompressed_bytes = std::uint64_t{256} << 20;  ///< what one compressed part may become
  std::size_t token_bytes = std::size_t{1} << 20;               ///< one tag, comment or declaration of XML
  std::size_t depth = 1000;                                     ///< nesting of XML elements, JSON values, parentheses
  std::size_t cell_bytes = std::size_t{256} << 20;              ///< one row of a file
};

}  // namespace packhouse::tdtp
