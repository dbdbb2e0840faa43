#include "storage/constraints.hpp"

#include <fmt/format.h>

#include "value/print.hpp"

namespace packhouse::storage::constraints {
namespace {

std::string_view token_name(const ConstraintDefinition& c, const StoreCore& core) {
  return c.entity == EntityType::node ? core.labels.name(c.token) : core.types.name(c.token);
}

std::string key_list(const ConstraintDefinition& c, const StoreCore& core, std::string_view quote) {
  std::string out;
  for (const KeyId key : c.keys) {
    if (!out.empty()) out += ", ";
    out += fmt::format("{}{}{}", quote, core.property_keys.name(raw(key)), quote);
  }
  return out;
}

std::string owner(const ConstraintDefinition& c, const StoreCore& core) {
  return fmt::format("{} `{}`", c.entity == EntityType::node ? "label" : "type", token_name(c, core));
}

std::string missing(std::uint64_t id, const Constraint& c, const StoreCore& core) {
  const bool one = c.keys.size() == 1;
  return fmt::format("{} with {} must have the {} {}{}{}", entity(c.entity, id), owner(c, core),
                     one ? "property" : "properties", one ? "" : "(", key_list(c, core, "`"), one ? "" : ")");
}

template <class Record>
Result<void> check(const Record& record, EntityType type, std::uint32_t token, const Catalog& catalog, const StoreCore& core,
                   Arena& arena) {
  for (const Constraint* c : catalog.constraints(type, token)) {
    PACKHOUSE_TRY(std::string wrong, fault(RecordReader(record.now), raw(record.id), *c, core, arena));
    if (wrong.empty()) continue;
    const char* const status = c->type == ConstraintType::property_type ? "22N78" : "22N77";
    return tl::make_unexpected(Error(Status::constraint_failed, std::move(wrong)).with_gql(status));
  }
  return ok;
}

}  // namespace

std::string entity(EntityType type, std::uint64_t id) {
  return fmt::format("{}({})", type == EntityType::node ? "Node" : "Relationship", id);
}

std::string place(const ConstraintDefinition& c, std::span<const Value> values, const StoreCore& core) {
  std::string out = fmt::format("{} and {} ", owner(c, core), c.keys.size() == 1 ? "property" : "properties");
  for (std::size_t i = 0; i < c.keys.size(); ++i) {
    out += fmt::format("{}`{}` = {}", i ? ", " : "", core.property_keys.name(raw(c.keys[i])), print(values[i]));
  }
  return out;
}

Error already_exists(const Constraint& c, std::uint64_t existing, std::span<const Value> values, const StoreCore& core) {
  return Error(Status::constraint_failed, fmt::format("{} already exists with {}", entity(c.entity, existing), place(c, values, core)))
      .with_gql("22N79");
}

std::string describe(const ConstraintDefinition& c, const StoreCore& core) {
  const bool node = c.entity == EntityType::node;
  const char* type = "PROPERTY TYPE";
  switch (c.type) {
    case ConstraintType::unique: type = node ? "UNIQUENESS" : "RELATIONSHIP UNIQUENESS"; break;
    case ConstraintType::existence: type = node ? "NODE PROPERTY EXISTENCE" : "RELATIONSHIP PROPERTY EXISTENCE"; break;
    case ConstraintType::key: type = node ? "NODE KEY" : "RELATIONSHIP KEY"; break;
    case ConstraintType::property_type: type = node ? "NODE PROPERTY TYPE" : "RELATIONSHIP PROPERTY TYPE"; break;
  }
  return fmt::format("Constraint( name='{}', type='{}', schema={}:{} {{{}}}{} )", c.name, type, node ? "(" : "()-[", token_name(c, core),
                     key_list(c, core, ""), node ? ")" : "]-()");
}

bool has_type(const Value& value, std::string_view type) {
  int depth = 0;
  for (std::size_t i = 0; i < type.size(); ++i) {  // a union: any of its parts
    depth += type[i] == '<' ? 1 : type[i] == '>' ? -1 : 0;
    if (type[i] == '|' && depth == 0) return has_type(value, type.substr(0, i)) || has_type(value, type.substr(i + 1));
  }
  while (type.starts_with(' ')) type.remove_prefix(1);
  while (type.ends_with(' ')) type.remove_suffix(1);
  constexpr std::string_view not_null = " NOT NULL";
  if (type.ends_with(not_null)) return !value.is_null() && has_type(value, type.substr(0, type.size() - not_null.size()));
  if (type == "ANY" || type == "ANY VALUE" || type == "PROPERTY VALUE") return true;
  if (type.starts_with("LIST<") && type.ends_with(">")) {
    if (!value.is(Kind::list)) return false;
    const auto inner = type.substr(5, type.size() - 6);
    return std::ranges::all_of(value.as_list(), [&](const Value& item) { return has_type(item, inner); });
  }
  return type == type_name(value.kind());
}

Result<std::string> fault(const RecordReader& record, std::uint64_t id, const Constraint& c, const StoreCore& core, Arena& arena) {
  if (c.type == ConstraintType::unique) return std::string();
  for (const KeyId key : c.keys) {
    PACKHOUSE_TRY(const Value value, record.property(key, arena));
    if (c.type == ConstraintType::property_type) {
      if (value.is_null() || has_type(value, c.property_type)) continue;
      return fmt::format("{} with {} required the property `{}` to be of type `{}`, but was of type `{}`.", entity(c.entity, id),
                         owner(c, core), core.property_keys.name(raw(key)), c.property_type, type_name(value.kind()));
    }
    if (value.is_null()) return missing(id, c, core);
  }
  return std::string();
}

Result<void> check_records(ChangedRecords changes, const Catalog& catalog, const StoreCore& core) {
  if (!catalog.has_constraints()) return ok;
  Arena arena;
  for (const OverlayNode* node : changes.nodes) {
    if (!node->exists()) continue;
    const RecordReader record(node->now);
    for (std::size_t i = 0; i < record.label_count(); ++i) {
      PACKHOUSE_CHECK(check(*node, EntityType::node, raw(record.label(i)), catalog, core, arena));
    }
  }
  for (const OverlayRel* rel : changes.rels) {
    if (rel->exists()) PACKHOUSE_CHECK(check(*rel, EntityType::relationship, raw(rel->type), catalog, core, arena));
  }
  return ok;
}

}  // namespace packhouse::storage::constraints
