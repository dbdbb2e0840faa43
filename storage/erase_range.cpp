#include "storage/erase_range.hpp"

#include "storage/keys.hpp"

namespace packhouse::storage {

Result<std::size_t> erase_range(kv::Batch& batch, Bytes low, Bytes high, std::size_t most) {
  for (std::size_t n = 0; n < most; ++n) {
    PACKHOUSE_TRY(const auto entry, batch.first(low, high));
    if (!entry) return n;
    keys::IndexKey key;  // a copy: the view ends with the change
    key.append(entry->key);
    PACKHOUSE_CHECK(batch.erase(key));
  }
  return most;
}

}  // namespace packhouse::storage
