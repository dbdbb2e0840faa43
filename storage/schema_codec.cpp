#include "storage/schema_codec.hpp"

#include <array>
#include <string>

#include "packstream/decode.hpp"
#include "packstream/writer.hpp"
#include "storage/keys.hpp"
#include "storage/record_rules.hpp"

namespace packhouse::storage {
namespace {

using packstream::Writer;

constexpr std::string_view definition_damaged = "the definition of an index, constraint or record schema is damaged: ";

void write_keys(const std::vector<KeyId>& keys, Writer& out) {
  out.write_string("keys");
  out.write_list_header(keys.size());
  for (const KeyId key : keys) out.write_integer(raw(key));
}

template <class Definition>
void write_common(const Definition& d, Writer& out) {
  out.write_string("name"), out.write_string(d.name);
  out.write_string("type"), out.write_integer(static_cast<std::int64_t>(d.type));
  out.write_string("entity"), out.write_integer(static_cast<std::int64_t>(d.entity));
  out.write_string("token"), out.write_integer(d.token);
  write_keys(d.keys, out);
}

/// A stored map, and the first complaint about it.
class Fields {
 public:
  static Result<Fields> parse(Bytes stored, Arena& arena) {
    auto value = packstream::decode_value(stored, arena);
    if (!value) return tl::make_unexpected(Error(Status::storage_failed, std::string(definition_damaged) + value.error().message()));
    if (!value->is(Kind::map)) return fail(Status::storage_failed, std::string(definition_damaged) + "it is no map");
    return Fields(value->as_map());
  }

  bool has(std::string_view key) const { return find(map_, key) != nullptr; }
  /// An integer of [0, end).
  std::uint32_t number(std::string_view key, std::int64_t end) { return checked(find(map_, key), key, end); }
  std::string text(std::string_view key) {
    const Value* v = find(map_, key);
    if (v != nullptr && v->is(Kind::string)) return std::string(v->as_string());
    return complain(key), std::string();
  }
  std::vector<KeyId> keys() {
    std::vector<KeyId> out;
    for (const std::uint32_t key : numbers("keys")) out.push_back(KeyId{key});
    return out;
  }
  std::vector<std::uint32_t> numbers(std::string_view key) {
    std::vector<std::uint32_t> out;
    const Value* v = find(map_, key);
    if (v == nullptr || !v->is(Kind::list)) return complain(key), out;
    for (const Value& item : v->as_list()) out.push_back(checked(&item, key, token_end));
    return out;
  }

  template <class T>
  Result<T> result(T&& parsed) const {
    if (bad_.empty()) return std::forward<T>(parsed);
    return fail(Status::storage_failed, std::string(definition_damaged) + "its '" + bad_ + "'");
  }

  static constexpr std::int64_t token_end = std::int64_t{1} << 32;

 private:
  explicit Fields(std::span<const MapEntry> map) : map_(map) {}
  std::uint32_t checked(const Value* v, std::string_view key, std::int64_t end) {
    if (v != nullptr && v->is(Kind::integer) && v->as_integer() >= 0 && v->as_integer() < end) {
      return static_cast<std::uint32_t>(v->as_integer());
    }
    return complain(key), 0;
  }
  void complain(std::string_view key) {
    if (bad_.empty()) bad_ = key;
  }

  std::span<const MapEntry> map_;
  std::string bad_;
};

template <class Definition, class Type>
void read_common(Fields& fields, Definition& d, Type last) {
  d.name = fields.text("name");
  d.type = static_cast<Type>(fields.number("type", static_cast<std::int64_t>(last) + 1));
  d.entity = static_cast<EntityType>(fields.number("entity", 2));
  d.token = fields.number("token", Fields::token_end);
  d.keys = fields.keys();
}

}  // namespace

namespace {

void write_fulltext_config(const Index& index, Writer& writer) {
  writer.write_string("tokens"), writer.write_list_header(index.more_tokens.size());
  for (const std::uint32_t token : index.more_tokens) writer.write_integer(token);
  writer.write_string("analyzer"), writer.write_string(index.fulltext.analyzer);
  writer.write_string("eventually_consistent"), writer.write_integer(index.fulltext.eventually_consistent ? 1 : 0);
}

}  // namespace

void serialize(const Index& index, Buffer& out) {
  Writer writer(out);
  const bool vector = index.type == IndexType::vector;
  const bool fulltext = index.type == IndexType::fulltext;
  writer.write_map_header(std::size_t{6} + (index.owner ? 1 : 0) + (vector ? 5 : 0) + (fulltext ? 3 : 0));
  write_common(index, writer);
  writer.write_string("state"), writer.write_integer(static_cast<std::int64_t>(index.state));
  if (index.owner) writer.write_string("owner"), writer.write_integer(raw(*index.owner));
  if (fulltext) write_fulltext_config(index, writer);
  if (!vector) return;
  writer.write_string("similarity"), writer.write_integer(static_cast<std::int64_t>(index.vector.similarity));
  writer.write_string("dimensions"), writer.write_integer(index.vector.dimensions);
  writer.write_string("m"), writer.write_integer(index.vector.m);
  writer.write_string("ef_construction"), writer.write_integer(index.vector.ef_construction);
  writer.write_string("quantization"), writer.write_integer(index.vector.quantization ? 1 : 0);
}

void serialize(const Constraint& constraint, Buffer& out) {
  Writer writer(out);
  writer.write_map_header(constraint.index ? 7 : 6);
  write_common(constraint, writer);
  writer.write_string("property_type"), writer.write_string(constraint.property_type);
  if (constraint.index) writer.write_string("index"), writer.write_integer(raw(*constraint.index));
}

void serialize(const RecordSchema& schema, Buffer& out) {
  Writer writer(out);
  writer.write_map_header(std::size_t{2} + (schema.label ? 1 : 0) + (schema.type ? 1 : 0));
  writer.write_string("kind"), writer.write_integer(static_cast<std::int64_t>(schema.kind));
  if (schema.label) writer.write_string("label"), writer.write_integer(raw(*schema.label));
  if (schema.type) writer.write_string("type"), writer.write_integer(raw(*schema.type));
  writer.write_string("text"), writer.write_string(schema.text);
}

namespace {

VectorConfig read_vector_config(Fields& fields) {
  VectorConfig c;
  c.similarity = static_cast<VectorSimilarity>(fields.number("similarity", 2));
  c.dimensions = fields.number("dimensions", std::int64_t{max_vector_dimensions} + 1);
  c.m = fields.number("m", 513);
  c.ef_construction = fields.number("ef_construction", 3201);
  c.quantization = fields.number("quantization", 2) == 1;
  return c;
}

}  // namespace

Result<Index> parse_index(IndexId id, Bytes stored) {
  Arena arena;
  PACKHOUSE_TRY(Fields fields, Fields::parse(stored, arena));
  Index index;
  index.id = id;
  read_common(fields, index, IndexType::vector);
  index.state = static_cast<IndexState>(fields.number("state", static_cast<std::int64_t>(IndexState::failed) + 1));
  if (fields.has("owner")) index.owner = ConstraintId{fields.number("owner", Fields::token_end)};
  if (index.type == IndexType::vector) index.vector = read_vector_config(fields);
  if (index.type == IndexType::fulltext) {
    index.more_tokens = fields.numbers("tokens");
    index.fulltext.analyzer = fields.text("analyzer");
    index.fulltext.eventually_consistent = fields.number("eventually_consistent", 2) == 1;
  }
  return fields.result(std::move(index));
}

Result<Constraint> parse_constraint(ConstraintId id, Bytes stored) {
  Arena arena;
  PACKHOUSE_TRY(Fields fields, Fields::parse(stored, arena));
  Constraint constraint;
  constraint.id = id;
  read_common(fields, constraint, ConstraintType::property_type);
  constraint.property_type = fields.text("property_type");
  if (fields.has("index")) constraint.index = IndexId{fields.number("index", Fields::token_end)};
  return fields.result(std::move(constraint));
}

Result<RecordSchema> parse_record_schema(RecordSchemaId id, Bytes stored) {
  Arena arena;
  PACKHOUSE_TRY(Fields fields, Fields::parse(stored, arena));
  RecordSchema schema;
  schema.id = id;
  schema.kind = static_cast<RecordSchemaKind>(fields.number("kind", 256));
  if (fields.has("label")) schema.label = LabelId{fields.number("label", Fields::token_end)};
  if (fields.has("type")) schema.type = TypeId{fields.number("type", Fields::token_end)};
  schema.text = fields.text("text");
  PACKHOUSE_TRY(RecordSchema parsed, fields.result(std::move(schema)));
  auto compiled = compile(parsed.kind, parsed.text);
  if (!compiled) return fail(Status::storage_failed, std::string(definition_damaged) + compiled.error().message());
  parsed.rule = std::move(compiled->rule);
  return parsed;
}

Result<Schema> load_schema(kv::Snapshot& snapshot) {
  Schema schema;
  const auto range = keys::all(keys::Table::schema);
  PACKHOUSE_TRY(const auto scan, snapshot.scan(range.low, range.high));
  std::array<kv::Entry, 32> entries;
  while (true) {
    PACKHOUSE_TRY(const std::size_t n, scan->next(entries));
    if (n == 0) return schema;
    for (std::size_t i = 0; i < n; ++i) {
      const auto [key, value] = entries[i];
      if (key.size() != 6) return fail(Status::storage_failed, std::string(definition_damaged) + "its key");
      const auto id = static_cast<std::uint32_t>(keys::last_id(key.last(4)));
      if (key[1] == std::byte{0}) {
        PACKHOUSE_TRY(Index index, parse_index(IndexId{id}, value));
        schema.indexes.push_back(std::move(index));
      } else if (key[1] == std::byte{2}) {
        PACKHOUSE_TRY(RecordSchema record_schema, parse_record_schema(RecordSchemaId{id}, value));
        schema.record_schemas.push_back(std::move(record_schema));
      } else {
        PACKHOUSE_TRY(Constraint constraint, parse_constraint(ConstraintId{id}, value));
        schema.constraints.push_back(std::move(constraint));
      }
    }
  }
}

Result<void> put(kv::Batch& batch, const Index& index) {
  Buffer out;
  serialize(index, out);
  return batch.put(keys::index_definition(index.id), out);
}

Result<void> put(kv::Batch& batch, const Constraint& constraint) {
  Buffer out;
  serialize(constraint, out);
  return batch.put(keys::constraint_definition(constraint.id), out);
}

Result<void> put(kv::Batch& batch, const RecordSchema& schema) {
  Buffer out;
  serialize(schema, out);
  return batch.put(keys::record_schema_definition(schema.id), out);
}

Result<void> erase(kv::Batch& batch, IndexId id) { return batch.erase(keys::index_definition(id)); }
Result<void> erase(kv::Batch& batch, ConstraintId id) { return batch.erase(keys::constraint_definition(id)); }
Result<void> erase(kv::Batch& batch, RecordSchemaId id) { return batch.erase(keys::record_schema_definition(id)); }

}  // namespace packhouse::storage
