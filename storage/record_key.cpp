#include "storage/record_key.hpp"

namespace packhouse::storage {

RecordKey index_entry_key(Bytes prefix) {
  std::uint64_t h = 0xCBF29CE484222325U;
  for (const std::byte b : prefix) h = (h ^ std::to_integer<std::uint64_t>(b)) * 0x100000001B3U;
  return record_key(RecordKind::index_entry, h ^ (h >> 56));
}

}  // namespace packhouse::storage
