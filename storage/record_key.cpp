#include "storage/record_key.hpp"

namespace packhouse::storage {

namespace {

RecordKey hashed(RecordKind kind, Bytes bytes) {
  std::uint64_t h = 0xCBF29CE484222325U;
  for (const std::byte b : bytes) h = (h ^ std::to_integer<std::uint64_t>(b)) * 0x100000001B3U;
  return record_key(kind, h ^ (h >> 56));
}

}  // namespace

RecordKey index_entry_key(Bytes prefix) { return hashed(RecordKind::index_entry, prefix); }
RecordKey cell_key(Bytes key) { return hashed(RecordKind::cell, key); }

}  // namespace packhouse::storage
