#include "storage/store_meta.hpp"

#include <fmt/format.h>

#include <random>

#include "storage/schema_codec.hpp"

namespace packhouse::storage::meta {
namespace {

std::string random_uuid() {
  std::random_device device;
  std::string out;
  for (int i = 0; i < 4; ++i) out += fmt::format("{:08x}", device());
  return out;
}

Result<std::uint64_t> number(kv::Snapshot& snapshot, std::string_view name) {
  PACKHOUSE_TRY(const auto stored, snapshot.get(keys::meta(name)));
  const auto value = stored ? keys::read_u64(*stored) : std::nullopt;
  if (value) return *value;
  return fail(Status::storage_failed, fmt::format("the store's meta entry `{}` is missing or damaged", name));
}

Result<bool> is_empty(kv::Snapshot& snapshot) {
  keys::SmallKey first;
  first.put(std::uint8_t{0});
  PACKHOUSE_TRY(const auto scan, snapshot.scan(first, {}));
  kv::Entry entries[2];  // an engine may keep its sequence there
  PACKHOUSE_TRY(const std::size_t n, scan->next(entries));
  const keys::SmallKey sequence = keys::sequence();
  return n == 0 || (n == 1 && as_text(entries[0].key) == as_text(sequence.view()));
}

}  // namespace

Result<void> put(kv::Batch& batch, std::string_view name, std::uint64_t value) {
  return batch.put(keys::meta(name), keys::stored_u64(value));
}

Result<void> create(StoreCore& core) {
  PACKHOUSE_TRY(const auto batch, core.engine->begin_batch());
  PACKHOUSE_CHECK(put(*batch, format, format_version));
  PACKHOUSE_CHECK(batch->put(keys::meta(uuid), as_bytes(random_uuid())));
  for (const auto name : {next_node, next_relationship, next_schema_rule, schema_version}) PACKHOUSE_CHECK(put(*batch, name, 0));
  return batch->commit(batch->base_sequence() + 1, true);
}

Result<void> load(StoreCore& core) {
  {
    PACKHOUSE_TRY(const auto snapshot, core.engine->snapshot());
    PACKHOUSE_TRY(const bool empty, is_empty(*snapshot));
    if (empty) PACKHOUSE_CHECK(create(core));
  }
  PACKHOUSE_TRY(const auto snapshot, core.engine->snapshot());
  PACKHOUSE_TRY(const auto stored_format, snapshot->get(keys::meta(format)));
  if (!stored_format) return fail(Status::storage_failed, "this is not a Packhouse store: it has no format version");
  PACKHOUSE_TRY(const std::uint64_t version, number(*snapshot, format));
  if (version != format_version) {
    return fail(Status::storage_failed, fmt::format("the store has format {}, this version of Packhouse reads format {}", version, format_version));
  }
  PACKHOUSE_TRY(const auto id, snapshot->get(keys::meta(uuid)));
  if (!id || id->size() != 32) return fail(Status::storage_failed, "the store's meta entry `uuid` is missing or damaged");
  core.uuid = as_text(*id);
  PACKHOUSE_TRY(core.next_node, number(*snapshot, next_node));
  PACKHOUSE_TRY(core.next_relationship, number(*snapshot, next_relationship));
  PACKHOUSE_TRY(core.next_schema_rule, number(*snapshot, next_schema_rule));
  PACKHOUSE_TRY(const auto stored_next_id, snapshot->get(keys::meta(next_id)));
  if (stored_next_id) {  // stores of older versions have none
    PACKHOUSE_TRY(core.next_id, number(*snapshot, next_id));
  }
  PACKHOUSE_CHECK(core.labels.load(*snapshot));
  PACKHOUSE_CHECK(core.types.load(*snapshot));
  PACKHOUSE_CHECK(core.property_keys.load(*snapshot));
  PACKHOUSE_TRY(Schema schema, load_schema(*snapshot));
  PACKHOUSE_TRY(schema.version, number(*snapshot, schema_version));
  core.schema_version = schema.version;
  core.catalogs.start(std::make_shared<const Catalog>(std::move(schema)));
  core.last_sequence = snapshot->sequence();
  return ok;
}

CatalogPtr as_online(const Catalog& catalog) {
  Schema schema = catalog.schema();
  for (Index& index : schema.indexes) index.state = IndexState::online;
  return std::make_shared<const Catalog>(std::move(schema));
}

}  // namespace packhouse::storage::meta
