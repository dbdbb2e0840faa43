#pragma once
#include <limits>

#include "storage/kv/engine.hpp"

namespace packhouse::storage {

/// Erases keys in [low, high), at most `most` of them; how many it were.
Result<std::size_t> erase_range(kv::Batch& batch, Bytes low, Bytes high,
                                std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace packhouse::storage
