#include "storage/record_schemas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "storage/constraints.hpp"
#include "storage/transaction.hpp"

namespace packhouse::storage {
namespace record_schemas {
namespace {

/// Gathers a record's properties by name, once for all its schemas.
class Checker {
 public:
  Checker(const Catalog& catalog, const StoreCore& core) : catalog_(catalog), core_(core) {}

  Result<void> check(const RecordReader& record, EntityType entity, std::uint64_t id, std::uint32_t token) {
    for (const RecordSchema* schema : catalog_.record_schemas(entity, token)) {
      if (!gathered_) PACKHOUSE_CHECK(gather(record));
      const auto fault = schema->rule->check(properties_);
      if (fault) return tl::make_unexpected(refuse(*schema, entity, id, token, *fault));
    }
    return ok;
  }
  void next_record() { gathered_ = false; }

 private:
  Result<void> gather(const RecordReader& record) {
    arena_.reset();
    properties_.clear();
    for (std::size_t i = 0; i < record.property_count(); ++i) {
      PACKHOUSE_TRY(const Value value, record.value(i, arena_));
      properties_.push_back({core_.property_keys.name(raw(record.key(i))), value});
    }
    std::ranges::sort(properties_, {}, &MapEntry::key);
    gathered_ = true;
    return ok;
  }
  Error refuse(const RecordSchema& schema, EntityType entity, std::uint64_t id, std::uint32_t token,
               const RecordFault& fault) const {
    const bool node = entity == EntityType::node;
    return {Status::constraint_failed,
            fmt::format("{} with {} `{}` does not meet its {} schema: {}{}", constraints::entity(entity, id),
                        node ? "label" : "type", node ? core_.labels.name(token) : core_.types.name(token),
                        name(schema.kind), fault.property.empty() ? "" : fmt::format("property `{}`: ", fault.property),
                        fault.what)};
  }

  const Catalog& catalog_;
  const StoreCore& core_;
  Arena arena_;
  std::vector<MapEntry> properties_;
  bool gathered_ = false;
};

}  // namespace

Result<void> check_records(ChangedRecords changes, const Catalog& catalog, const StoreCore& core) {
  if (!catalog.has_record_schemas()) return ok;
  Checker checker(catalog, core);
  for (const OverlayNode* node : changes.nodes) {
    if (!node->exists()) continue;
    checker.next_record();
    const RecordReader record(node->now);
    for (std::size_t i = 0; i < record.label_count(); ++i) {
      PACKHOUSE_CHECK(checker.check(record, EntityType::node, raw(node->id), raw(record.label(i))));
    }
  }
  for (const OverlayRel* rel : changes.rels) {
    if (!rel->exists()) continue;
    checker.next_record();
    PACKHOUSE_CHECK(checker.check(RecordReader(rel->now), EntityType::relationship, raw(rel->id), raw(rel->type)));
  }
  return ok;
}

}  // namespace record_schemas

/// Frees a label and a type of their schemas of one kind; a schema that keeps one of two gets a new id, because its
/// definition changes.
bool TransactionImpl::take_record_schema(Schema& schema, RecordSchemaKind kind, std::optional<LabelId> label,
                                         std::optional<TypeId> type) {
  bool taken = false;
  for (RecordSchema& s : schema.record_schemas) {
    if (s.kind != kind) continue;
    const bool of_label = label && s.label == label, of_type = type && s.type == type;
    if (!of_label && !of_type) continue;
    if (of_label) s.label.reset();
    if (of_type) s.type.reset();
    s.id = RecordSchemaId{static_cast<std::uint32_t>(core_.next_schema_rule.fetch_add(1))};
    taken = true;
  }
  std::erase_if(schema.record_schemas, [](const RecordSchema& s) { return !s.label && !s.type; });
  return taken;
}

Result<void> TransactionImpl::set_record_schema(RecordSchemaDefinition definition) {
  if (!definition.label && !definition.type)
    return fail(Status::argument_error, "A record schema needs a label or a relationship type.");
  PACKHOUSE_TRY(auto compiled, compile(definition.kind, definition.text));
  PACKHOUSE_TRY(Schema schema, editable_schema());
  take_record_schema(schema, definition.kind, definition.label, definition.type);
  RecordSchema made{std::move(definition), {}, nullptr};
  made.id = RecordSchemaId{static_cast<std::uint32_t>(core_.next_schema_rule.fetch_add(1))};
  made.text = std::move(compiled.text);
  made.rule = std::move(compiled.rule);
  schema.record_schemas.push_back(std::move(made));
  use_schema(std::move(schema));
  return ok;
}

Result<bool> TransactionImpl::drop_record_schema(RecordSchemaKind kind, std::optional<LabelId> label,
                                                 std::optional<TypeId> type) {
  PACKHOUSE_TRY(Schema schema, editable_schema());
  if (!take_record_schema(schema, kind, label, type)) return false;
  use_schema(std::move(schema));
  return true;
}

}  // namespace packhouse::storage
