#include "storage/keys.hpp"

namespace packhouse::storage::keys {

SmallKey meta(std::string_view name) {
  SmallKey key(Table::meta);
  key.append(as_bytes(name));
  return key;
}

SmallKey sequence() { return meta("sequence"); }

SmallKey token(TokenKind kind, std::uint32_t id) {
  return SmallKey(Table::token).put(static_cast<std::uint8_t>(kind)).put(id);
}

SmallKey index_definition(IndexId id) { return SmallKey(Table::schema).put(std::uint8_t{0}).put(raw(id)); }
SmallKey constraint_definition(ConstraintId id) { return SmallKey(Table::schema).put(std::uint8_t{1}).put(raw(id)); }
SmallKey record_schema_definition(RecordSchemaId id) { return SmallKey(Table::schema).put(std::uint8_t{2}).put(raw(id)); }

SmallKey count(CountKind kind, std::uint32_t token) {
  return SmallKey(Table::count).put(static_cast<std::uint8_t>(kind)).put(token);
}

SmallKey node(NodeId id) { return SmallKey(Table::node).put(raw(id)); }
SmallKey relationship(RelId id) { return SmallKey(Table::relationship).put(raw(id)); }

SmallKey adjacency(NodeId node, Direction direction) {
  return SmallKey(Table::adjacency).put(raw(node)).put(static_cast<std::uint8_t>(direction));
}

SmallKey adjacency(NodeId node, Direction direction, TypeId type, NodeId neighbour, RelId rel) {
  return adjacency(node, direction).put(raw(type)).put(raw(neighbour)).put(raw(rel));
}

SmallKey label_entry(LabelId label, NodeId node) { return SmallKey(Table::label_index).put(raw(label)).put(raw(node)); }
SmallKey type_entry(TypeId type, RelId rel) { return SmallKey(Table::type_index).put(raw(type)).put(raw(rel)); }
SmallKey blob_chunk(BlobId blob, std::uint32_t chunk) { return SmallKey(Table::blob).put(raw(blob)).put(chunk); }
SmallKey blob_mark(BlobId blob) { return SmallKey(Table::blob_mark).put(raw(blob)); }

IndexKey cell(Bytes key) {
  IndexKey out(Table::cell);
  out.append(key);
  return out;
}

Range<SmallKey> all(Table table) { return starting_with(SmallKey(table)); }
Range<SmallKey> tokens(TokenKind kind) {
  return starting_with(SmallKey(Table::token).put(static_cast<std::uint8_t>(kind)));
}
Range<SmallKey> label_entries(LabelId label) { return starting_with(SmallKey(Table::label_index).put(raw(label))); }
Range<SmallKey> type_entries(TypeId type) { return starting_with(SmallKey(Table::type_index).put(raw(type))); }
Range<SmallKey> blob_chunks(BlobId blob) { return starting_with(SmallKey(Table::blob).put(raw(blob))); }
Range<SmallKey> index_entries(IndexId index) { return starting_with(SmallKey(Table::property_index).put(raw(index))); }

SmallKey vector_entry(IndexId index, std::uint64_t entity) { return SmallKey(Table::vector_index).put(raw(index)).put(entity); }
Range<SmallKey> vector_entries(IndexId index) { return starting_with(SmallKey(Table::vector_index).put(raw(index))); }

Range<SmallKey> fulltext_entries(IndexId index) { return starting_with(SmallKey(Table::fulltext_index).put(raw(index))); }

std::uint64_t last_id(Bytes key) {
  std::uint64_t id = 0;
  if (key.size() >= 8) [[likely]] {
    std::memcpy(&id, key.data() + key.size() - 8, 8);
    return __builtin_bswap64(id);
  }
  for (std::size_t i = 0; i < key.size(); ++i) {
    id = id << 8 | std::to_integer<std::uint64_t>(key[i]);
  }
  return id;
}

std::array<std::byte, 8> stored_u64(std::uint64_t v) {
  std::array<std::byte, 8> out;
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::byte>(v >> (56 - 8 * i));
  return out;
}

std::optional<std::uint64_t> read_u64(Bytes stored) {
  if (stored.size() != 8) return std::nullopt;
  return last_id(stored);
}

}  // namespace packhouse::storage::keys
