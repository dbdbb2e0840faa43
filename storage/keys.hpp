#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "storage/cells.hpp"
#include "storage/graph.hpp"
#include "storage/kv/engine.hpp"
#include "value/value.hpp"

// Where everything lies: the layout of all keys of a store. One byte of table first, then fixed parts in big-endian
// order, so that a table, a node's blocks or an index is one contiguous range.
namespace packhouse::storage::keys {

/// First byte of every key. Never renumber: it is the disk format.
enum class Table : std::uint8_t {
  meta = 0x01,            ///< text name
  token = 0x02,           ///< kind u8, id u32 -> name
  schema = 0x03,          ///< 0 index / 1 constraint / 2 record schema, id u32 -> definition
  count = 0x04,           ///< kind u8, token u32 -> u64 big-endian
  node = 0x10,            ///< id u64 -> record
  relationship = 0x11,    ///< id u64 -> record
  adjacency = 0x20,       ///< node u64, direction u8 [, first entry: type u32, neighbour u64, rel u64] -> block
  label_index = 0x30,     ///< label u32, node u64 -> nothing
  type_index = 0x31,      ///< type u32, relationship u64 -> nothing
  property_index = 0x40,  ///< index u32, encoded values, entity u64 -> nothing
  vector_index = 0x41,    ///< index u32, entity u64 -> little-endian f32 elements (of unit length under cosine)
  fulltext_index = 0x42,  ///< index u32, field u8, term, 0x00, least entity u64 -> postings; fulltext/layout.hpp
  cell = 0x50,            ///< CellSpace u8, what its owner chose -> value
  blob = 0x51,            ///< blob u64, chunk u32 -> bytes
  blob_mark = 0x52,       ///< blob u64 -> nothing; of blobs whose transaction has not committed
};

enum class TokenKind : std::uint8_t { label, type, key };
enum class CountKind : std::uint8_t { nodes, label, relationships, type };

/// A key of bounded size, built on the stack. Copyable; converts to the Bytes that the engine wants.
template <std::size_t Capacity>
class FixedKey {
 public:
  FixedKey() = default;
  explicit FixedKey(Table t) { put(static_cast<std::uint8_t>(t)); }

  FixedKey& put(std::uint8_t v) { return raw_byte(v); }
  FixedKey& put(std::uint32_t v) { return big_endian(v); }
  FixedKey& put(std::uint64_t v) { return big_endian(v); }
  /// Appends as much as fits; false when something was cut.
  bool append(Bytes b) {
    const std::size_t n = b.size() < Capacity - size_ ? b.size() : Capacity - size_;
    if (n > 0) std::memcpy(bytes_.data() + size_, b.data(), n);
    size_ += n;
    return n == b.size();
  }
  void truncate(std::size_t n) { size_ = n; }
  std::size_t size() const { return size_; }
  Bytes view() const { return {bytes_.data(), size_}; }
  operator Bytes() const { return view(); }

  /// Turns the key into the least one that is greater than every key that starts with it. It never becomes
  /// empty, because a table byte is never 0xFF.
  FixedKey& to_successor() {
    while (size_ > 0 && bytes_[size_ - 1] == std::byte{0xFF}) --size_;
    if (size_ > 0) bytes_[size_ - 1] = static_cast<std::byte>(std::to_integer<unsigned>(bytes_[size_ - 1]) + 1);
    return *this;
  }

 private:
  FixedKey& raw_byte(std::uint8_t v) {
    bytes_[size_++] = static_cast<std::byte>(v);
    return *this;
  }
  template <class T>
  FixedKey& big_endian(T v) {
    v = sizeof(T) == 8 ? static_cast<T>(__builtin_bswap64(v)) : static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(v)));
    std::memcpy(bytes_.data() + size_, &v, sizeof v);
    size_ += sizeof v;
    return *this;
  }
  std::array<std::byte, Capacity> bytes_;
  std::size_t size_ = 0;
};

using SmallKey = FixedKey<32>;
using IndexKey = FixedKey<kv::max_key>;

/// Keys in [low, high).
template <class Key>
struct Range {
  Key low, high;
};

/// Everything that starts with `prefix`.
template <class Key>
Range<Key> starting_with(const Key& prefix) {
  Range<Key> range{prefix, prefix};
  range.high.to_successor();
  return range;
}

SmallKey meta(std::string_view name);  ///< at most 31 bytes of name
/// Where every engine keeps the sequence of the last commit (u64 big-endian); engines write it themselves.
SmallKey sequence();
SmallKey token(TokenKind kind, std::uint32_t id);
SmallKey index_definition(IndexId id);
SmallKey constraint_definition(ConstraintId id);
SmallKey record_schema_definition(RecordSchemaId id);
SmallKey count(CountKind kind, std::uint32_t token = 0);
SmallKey node(NodeId id);
SmallKey relationship(RelId id);
/// The node's first block of one direction (`out` or `in`); its other blocks start with this key.
SmallKey adjacency(NodeId node, Direction direction);
SmallKey adjacency(NodeId node, Direction direction, TypeId type, NodeId neighbour, RelId rel);
SmallKey label_entry(LabelId label, NodeId node);
SmallKey type_entry(TypeId type, RelId rel);
SmallKey blob_chunk(BlobId blob, std::uint32_t chunk);
SmallKey blob_mark(BlobId blob);
IndexKey cell(Bytes key);  ///< at most max_cell_key bytes

Range<SmallKey> all(Table table);
Range<SmallKey> tokens(TokenKind kind);
Range<SmallKey> label_entries(LabelId label);
Range<SmallKey> type_entries(TypeId type);
Range<SmallKey> blob_chunks(BlobId blob);
/// All entries of a property index.
Range<SmallKey> index_entries(IndexId index);

SmallKey vector_entry(IndexId index, std::uint64_t entity);
/// All entries of a vector index.
Range<SmallKey> vector_entries(IndexId index);

/// Everything of a full-text index.
Range<SmallKey> fulltext_entries(IndexId index);

/// The id at the end of a node, relationship, label, type or index key. Asks for a key of one of these tables.
std::uint64_t last_id(Bytes key);

std::array<std::byte, 8> stored_u64(std::uint64_t v);  ///< big-endian, for counts and the sequence
std::optional<std::uint64_t> read_u64(Bytes stored);   ///< nothing unless it is 8 bytes

// ---- property indexes --------------------------------------------------------------------------------------------
// Values are encoded so that unsigned byte order is the order of value/compare.hpp's order(), and so that one
// encoding is never the prefix of another. An encoding longer than max_index_values is cut and ends in a hash.

/// Room for the values in an index key: 511 less table, index and entity.
inline constexpr std::size_t max_index_values = kv::max_key - 1 - 4 - 8;

/// Whether values of this kind can be in a property index: everything storable but maps.
bool indexable(const Value& v);

/// The key of one entry. Status::type_error for a value that can't be indexed.
Result<IndexKey> index_entry(IndexId index, std::span<const Value> values, std::uint64_t entity);
/// The same without the entity: all entries with exactly these values start with it (also used for locks).
/// If `exact` says false, other values may share it (cut and hashed): look at the record.
struct IndexPrefix {
  IndexKey key;
  bool exact = true;
};
Result<IndexPrefix> index_prefix(IndexId index, std::span<const Value> values);

struct IndexBounds {
  IndexKey low, high;    ///< scan [low, high)
  bool empty = false;    ///< nothing can match (null or NaN in a bound, bounds of different groups, not comparable kinds)
  bool recheck = false;  ///< the range may hold more than asked: compare with the record
};
/// Where the entries of a seek lie. Type group and inclusiveness are already worked into the bounds.
Result<IndexBounds> index_bounds(IndexId index, const IndexRange& range);

}  // namespace packhouse::storage::keys
