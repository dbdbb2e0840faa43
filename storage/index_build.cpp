#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "storage/erase_range.hpp"
#include "storage/fulltext/write.hpp"
#include "storage/commit_write.hpp"
#include "storage/constraints.hpp"
#include "storage/schema_codec.hpp"
#include "storage/store_meta.hpp"
#include "storage/unique.hpp"
#include "storage/vector/entry.hpp"

namespace packhouse::storage {
namespace {

/// Calls f(id, record) for all entities of a label or type in the snapshot.
template <class F>
Result<void> for_each_entity(kv::Snapshot& base, EntityType entity, std::uint32_t token, F&& f) {
  constexpr std::size_t step = 128;
  const bool node = entity == EntityType::node;
  const auto range = node ? keys::label_entries(LabelId{token}) : keys::type_entries(TypeId{token});
  PACKHOUSE_TRY(auto scan, base.scan(range.low, range.high));
  std::array<kv::Entry, step> entries;
  std::array<keys::SmallKey, step> key;
  std::array<Bytes, step> views, records;
  for (;;) {
    PACKHOUSE_TRY(const std::size_t n, scan->next(entries));
    if (n == 0) return ok;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t id = keys::last_id(entries[i].key);
      key[i] = node ? keys::node(NodeId{id}) : keys::relationship(RelId{id});
      views[i] = key[i];
    }
    PACKHOUSE_CHECK(base.get_many(std::span(views).first(n), std::span(records).first(n)));
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t id = keys::last_id(entries[i].key);
      const auto what = [&] { return constraints::entity(entity, id) + ": "; };
      if (!records[i].data()) return fail(Status::storage_failed, what() + "named by a label or type, but not there");
      if (auto view = packos::RecordView::open(records[i]); !view) return tl::make_unexpected(std::move(view).error().in(what()));
      PACKHOUSE_CHECK(f(id, RecordReader(records[i], nullptr)));
    }
  }
}

/// Whether two entries that share a cut key really have the same values.
Result<bool> same_values(kv::Snapshot& base, const Index& index, std::uint64_t a, std::uint64_t b, Arena& arena) {
  const auto values = [&](std::uint64_t id) -> Result<std::vector<Value>> {
    PACKHOUSE_TRY(const auto bytes, base.get(index.entity == EntityType::node ? keys::node(NodeId{id}) : keys::relationship(RelId{id})));
    return unique::values(RecordReader(bytes.value_or(Bytes()), nullptr), index.keys, arena);
  };
  PACKHOUSE_TRY(const auto mine, values(a));
  PACKHOUSE_TRY(const auto other, values(b));
  return std::ranges::equal(mine, other, [](const Value& x, const Value& y) { return equivalent(x, y); });
}

Result<void> check_duplicates(kv::Snapshot& base, const Index& index, const Constraint& owner, const std::vector<Bytes>& sorted,
                              const StoreCore& core) {
  Arena arena;
  const auto values_of = [](Bytes key) { return as_text(key.first(key.size() - sizeof(std::uint64_t))); };
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (values_of(sorted[i]) != values_of(sorted[i - 1])) continue;
    const std::uint64_t a = keys::last_id(sorted[i - 1]), b = keys::last_id(sorted[i]);
    if (sorted[i].size() == kv::max_key) {
      PACKHOUSE_TRY(const bool same, same_values(base, index, a, b, arena));
      if (!same) continue;
    }
    PACKHOUSE_TRY(const auto bytes, base.get(index.entity == EntityType::node ? keys::node(NodeId{b}) : keys::relationship(RelId{b})));
    PACKHOUSE_TRY(const auto values, unique::values(RecordReader(bytes.value_or(Bytes()), nullptr), index.keys, arena));
    return fail(Status::constraint_creation_failed,
                fmt::format("Unable to create {}:\nBoth {} and {} have the {}", constraints::describe(owner, core),
                            constraints::entity(index.entity, a), constraints::entity(index.entity, b),
                            constraints::place(owner, values, core)));
  }
  return ok;
}

/// The transaction's own changes are written over these.
Result<void> build_vectors(const Index& index, kv::Snapshot& base, kv::Batch& batch) {
  Arena scratch;
  std::vector<float> elements;
  return for_each_entity(base, index.entity, index.token, [&](std::uint64_t id, const RecordReader& record) -> Result<void> {
    scratch.reset();
    PACKHOUSE_TRY(const Value value, record.property(index.keys.front(), scratch));
    if (!vectors::entry(value, index.vector, elements)) return ok;
    return batch.put(keys::vector_entry(index.id, id), vectors::bytes_of(elements));
  });
}

/// Relationships have one type, so only nodes can come twice. The transaction's own changes are applied to these.
Result<void> build_fulltext(const Index& index, kv::Snapshot& base, kv::Batch& batch) {
  FulltextBuild build(index, batch);
  std::size_t number = 0;
  Result<void> result = ok;
  index.for_each_token([&](std::uint32_t token) {
    const std::size_t n = index.entity == EntityType::node ? number++ : 0;
    if (!result) return;
    result = for_each_entity(base, index.entity, token,
                             [&](std::uint64_t id, const RecordReader& record) { return build.add(id, record, n); });
  });
  PACKHOUSE_CHECK(result);
  return build.finish();
}

Result<void> build(const CommitRequest& request, const Index& index, kv::Snapshot& base, kv::Batch& batch, const StoreCore& core) {
  if (index.type == IndexType::vector) return build_vectors(index, base, batch);
  if (index.type == IndexType::fulltext) return build_fulltext(index, base, batch);
  if (!keeps_entries(index.type)) return ok;
  Arena arena(64 * 1024), scratch;
  std::vector<Bytes> entries;
  // The transaction's own changes follow as a delta: what it takes away can't be a duplicate.
  const IndexDelta* delta = request.state->overlay.index(index.id);
  PACKHOUSE_CHECK(for_each_entity(base, index.entity, index.token, [&](std::uint64_t id, const RecordReader& record) -> Result<void> {
    scratch.reset();
    PACKHOUSE_TRY(const auto values, unique::values(record, index.keys, scratch));
    if (!std::ranges::all_of(values, [&](const Value& v) { return !v.is_null() && takes(index.type, v); })) return ok;
    PACKHOUSE_TRY(const auto key, keys::index_entry(index.id, values, id));
    const auto* change = delta ? delta->find(key) : nullptr;
    if (!change || change->net >= 0) entries.push_back(arena.copy(key.view()));
    return ok;
  }));
  std::ranges::sort(entries, {}, [](Bytes b) { return as_text(b); });
  const Constraint* owner = index.owner ? request.catalog().constraint(*index.owner) : nullptr;
  if (owner) PACKHOUSE_CHECK(check_duplicates(base, index, *owner, entries, core));
  for (const Bytes entry : entries) PACKHOUSE_CHECK(batch.put(entry, {}));
  return ok;
}

Result<void> check_existing(const CommitRequest& request, const Constraint& constraint, kv::Snapshot& base, const StoreCore& core) {
  if (constraint.type == ConstraintType::unique) return ok;
  Arena arena;
  const Overlay& overlay = request.state->overlay;
  const bool node = constraint.entity == EntityType::node;
  return for_each_entity(base, constraint.entity, constraint.token, [&](std::uint64_t id, const RecordReader& record) -> Result<void> {
    const OverlayRecord* own = node ? static_cast<const OverlayRecord*>(overlay.find(NodeId{id})) : overlay.find(RelId{id});
    if (own && own->changed()) return ok;  // checked with all other changes
    arena.reset();
    PACKHOUSE_TRY(const std::string wrong, constraints::fault(record, id, constraint, core, arena));
    if (wrong.empty()) return ok;
    return fail(Status::constraint_creation_failed,
                fmt::format("Unable to create {}:\n{}", constraints::describe(constraint, core), wrong));
  });
}

Result<void> clear(const keys::Range<keys::SmallKey>& range, kv::Batch& batch) {
  PACKHOUSE_CHECK(erase_range(batch, range.low, range.high));
  return ok;
}

/// Whatever the transaction did to record schemas: each change has made a new id.
Result<void> write_record_schemas(const std::vector<RecordSchema>& old, const std::vector<RecordSchema>& now, kv::Batch& batch) {
  const auto has = [](const std::vector<RecordSchema>& in, RecordSchemaId id) { return std::ranges::find(in, id, &RecordSchema::id) != in.end(); };
  for (const RecordSchema& s : old) {
    if (!has(now, s.id)) PACKHOUSE_CHECK(erase(batch, s.id));
  }
  for (const RecordSchema& s : now) {
    if (!has(old, s.id)) PACKHOUSE_CHECK(put(batch, s));
  }
  return ok;
}

}  // namespace

Result<void> write_schema(const CommitRequest& request, kv::Snapshot& base, kv::Batch& batch, const StoreCore& core) {
  const SchemaChange& change = request.state->schema;
  for (const IndexId id : change.dropped_indexes) {
    PACKHOUSE_CHECK(erase(batch, id));
    PACKHOUSE_CHECK(clear(keys::index_entries(id), batch));
    PACKHOUSE_CHECK(clear(keys::vector_entries(id), batch));
    PACKHOUSE_CHECK(clear(keys::fulltext_entries(id), batch));
  }
  for (const ConstraintId id : change.dropped_constraints) PACKHOUSE_CHECK(erase(batch, id));
  for (const ConstraintId id : change.created_constraints) {
    const Constraint* constraint = change.catalog->constraint(id);
    if (!constraint) continue;  // dropped again
    PACKHOUSE_CHECK(check_existing(request, *constraint, base, core));
    PACKHOUSE_CHECK(put(batch, *constraint));
  }
  for (const IndexId id : change.created_indexes) {
    const Index* index = change.catalog->index(id);
    if (!index) continue;
    PACKHOUSE_CHECK(build(request, *index, base, batch, core));
    Index online = *index;
    online.state = IndexState::online;
    PACKHOUSE_CHECK(put(batch, online));
  }
  PACKHOUSE_CHECK(write_record_schemas(request.base_catalog->schema().record_schemas, change.catalog->schema().record_schemas, batch));
  return meta::put(batch, meta::schema_version, change.catalog->version());
}

}  // namespace packhouse::storage
