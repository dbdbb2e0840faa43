#pragma once
#include <cstring>

#include "base/buffer.hpp"

namespace packhouse::packstream {

/// Writes the header of a container that has just been closed in place of the one byte that was written at `start`.
inline void put_front(Buffer& out, std::size_t start, Bytes header) {
  if (header.size() > 1) out.insert_gap(start + 1, header.size() - 1);
  std::memcpy(out.data() + start, header.data(), header.size());
}

}  // namespace packhouse::packstream
