#pragma once
#include "storage/columns/column.hpp"

namespace packhouse::storage {

/// Values of a batch, packed, before they go into the column.
struct Column::Packed {
  Buffer data, ends;
  std::uint64_t count = 0;
  columns::Elements view(std::size_t size) const;
};

}  // namespace packhouse::storage
