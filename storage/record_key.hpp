#pragma once
#include <cstdint>

#include "base/bytes.hpp"
#include "base/ids.hpp"

namespace packhouse::storage {

/// What a lock or a change is about. Ids stay below 2^56 (checked nowhere: the store can't get there).
enum class RecordKind : std::uint8_t {
  node = 1,       ///< the node's record: labels and properties
  relationship,   ///< the relationship's record
  node_edges,     ///< the node's list of relationships (shared: keep the node alive; exclusive: delete it)
  index_entry,    ///< a hash of index and values (uniqueness, MERGE)
  schema,         ///< the whole schema
  other,
  cell,           ///< a hash of what Cells::lock_cell() was given
};

/// Names one record for LockManager and RecentChanges: kind and id in 64 bits. Keys of index entries are
/// hashes: two entries may share one, which costs a needless wait and nothing else.
struct RecordKey {
  std::uint64_t bits = 0;
  bool operator==(const RecordKey&) const = default;
  RecordKind kind() const { return static_cast<RecordKind>(bits >> 56); }
  std::uint64_t id() const { return bits & ((std::uint64_t{1} << 56) - 1); }
};

constexpr RecordKey record_key(RecordKind kind, std::uint64_t id) {
  return {static_cast<std::uint64_t>(kind) << 56 | (id & ((std::uint64_t{1} << 56) - 1))};
}
constexpr RecordKey record_key(NodeId id) { return record_key(RecordKind::node, raw(id)); }
constexpr RecordKey record_key(RelId id) { return record_key(RecordKind::relationship, raw(id)); }
constexpr RecordKey edges_key(NodeId id) { return record_key(RecordKind::node_edges, raw(id)); }
/// `prefix` is keys::index_prefix(index, values).key.
RecordKey index_entry_key(Bytes prefix);
RecordKey cell_key(Bytes key);

/// Spreads the bits: ids are dense, flat maps want them scattered.
struct RecordKeyHash {
  using is_avalanching = void;
  std::size_t operator()(RecordKey k) const noexcept {
    std::uint64_t x = k.bits * 0x9E3779B97F4A7C15U;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93U;
    return x ^ (x >> 29);
  }
};

}  // namespace packhouse::storage
