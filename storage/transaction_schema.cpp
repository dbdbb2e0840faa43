#include <fmt/format.h>

#include <algorithm>

#include "fulltext/analyzer.hpp"
#include "storage/constraints.hpp"
#include "storage/transaction.hpp"

// Schema commands build the schema that the commit will publish. They exclude each other through one lock.
namespace packhouse::storage {
namespace {

/// FNV-1a, for the names of what was not named.
std::uint32_t digest(std::string_view text) {
  std::uint32_t h = 2166136261U;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
  return h;
}

template <class Definition>
std::string invented_name(std::string_view kind, const Definition& d) {
  std::string text = fmt::format("{}:{}:{}:{}", kind, static_cast<int>(d.type), static_cast<int>(d.entity), d.token);
  for (const KeyId key : d.keys) text += fmt::format(":{}", raw(key));
  if constexpr (requires { d.more_tokens; }) {
    for (const std::uint32_t token : d.more_tokens) text += fmt::format("|{}", token);
  }
  return fmt::format("{}_{:08x}", kind, digest(text));
}

Result<void> check_name(const Schema& schema, std::string_view name) {
  // Constraints first: one that has an index shares its name with it.
  if (schema.constraint(name)) {
    return fail(Status::constraint_name_exists, fmt::format("There already exists a constraint called '{}'.", name));
  }
  if (schema.index(name)) return fail(Status::index_name_exists, fmt::format("There already exists an index called '{}'.", name));
  return ok;
}

template <class A, class B>
bool same_place(const A& a, const B& b) {
  return a.entity == b.entity && a.token == b.token && a.keys == b.keys;
}

template <class T>
bool repeats(std::vector<T> items) {
  std::ranges::sort(items);
  return std::ranges::adjacent_find(items) != items.end();
}

Result<void> check_fulltext(const IndexDefinition& d) {
  if (d.keys.size() > max_fulltext_properties) {
    return fail(Status::argument_error,
                fmt::format("A full-text index can be over at most {} properties, not {}.", max_fulltext_properties, d.keys.size()));
  }
  std::vector<std::uint32_t> tokens;
  d.for_each_token([&](std::uint32_t token) { tokens.push_back(token); });
  if (repeats(tokens)) return fail(Status::argument_error, "A label or type is named twice in the index.");
  if (repeats(d.keys)) return fail(Status::argument_error, "A property is named twice in the index.");
  if (fulltext::find_analyzer(d.fulltext.analyzer)) return ok;
  return fail(Status::invalid_arguments, fmt::format("No such full-text analyzer: '{}'.", d.fulltext.analyzer));
}

Result<void> check_definition(const IndexDefinition& d) {
  const bool lookup = d.type == IndexType::lookup;
  if (lookup != d.keys.empty()) return fail(Status::argument_error, "A lookup index has no properties, every other index has some.");
  if (d.type == IndexType::fulltext) return check_fulltext(d);
  if (!d.more_tokens.empty()) return fail(Status::argument_error, "Only full-text indexes can be over several labels or types.");
  if (d.keys.size() > 1 && d.type != IndexType::range) {
    return fail(Status::argument_error, "Only range indexes can be over several properties.");
  }
  return ok;
}

}  // namespace

/// The schema to change: locked, and nobody else changed it since the snapshot.
Result<Schema> TransactionImpl::editable_schema() {
  PACKHOUSE_CHECK(writing());
  PACKHOUSE_CHECK(lock(schema_key()));
  return catalog().schema();
}

void TransactionImpl::use_schema(Schema schema) {
  schema.version = base_catalog_->version() + 1;
  write_->schema.catalog = std::make_shared<const Catalog>(std::move(schema));
}

Result<IndexId> TransactionImpl::create_index(const IndexDefinition& definition) {
  PACKHOUSE_CHECK(check_definition(definition));
  PACKHOUSE_TRY(Schema schema, editable_schema());
  Index index{definition};
  if (index.name.empty()) index.name = invented_name("index", index);
  for (const Index& other : schema.indexes) {
    if (other.type != index.type || !same_place(other, index) || other.more_tokens != index.more_tokens) continue;
    if (other.owner) {
      return tl::make_unexpected(
          Error(Status::constraint_exists, fmt::format("There is a uniqueness constraint on this schema already (`{}`), so it is "
                                                       "already indexed.", other.name))
              .with_gql("22N74"));
    }
    if (other.name == index.name) {
      return fail(Status::equivalent_schema_rule_exists, fmt::format("An equivalent index already exists, '{}'.", other.name));
    }
    return fail(Status::index_exists, fmt::format("There already exists an index on this schema, called '{}'.", other.name));
  }
  PACKHOUSE_CHECK(check_name(schema, index.name));
  index.id = IndexId{static_cast<std::uint32_t>(core_.next_schema_rule.fetch_add(1))};
  index.state = IndexState::populating;  // online once committed
  const IndexId id = index.id;
  schema.indexes.push_back(std::move(index));
  write_->schema.created_indexes.push_back(id);
  use_schema(std::move(schema));
  ++counts_.indexes_added;
  return id;
}

Result<void> TransactionImpl::drop_index(IndexId id) {
  PACKHOUSE_TRY(Schema schema, editable_schema());
  const auto it = std::ranges::find(schema.indexes, id, &Index::id);
  if (it == schema.indexes.end()) {
    return fail(Status::index_drop_failed, fmt::format("Unable to drop index: there is no index with id {}.", raw(id)));
  }
  if (it->owner) {
    return fail(Status::index_drop_failed, fmt::format("Unable to drop index: Index belongs to constraint: `{}`", it->name));
  }
  schema.indexes.erase(it);
  write_->schema.dropped_indexes.push_back(id);
  use_schema(std::move(schema));
  ++counts_.indexes_removed;
  return ok;
}

Result<ConstraintId> TransactionImpl::create_constraint(const ConstraintDefinition& definition) {
  if (definition.keys.empty()) return fail(Status::argument_error, "A constraint needs at least one property.");
  PACKHOUSE_TRY(Schema schema, editable_schema());
  Constraint constraint{definition};
  if (constraint.name.empty()) constraint.name = invented_name("constraint", constraint);
  const bool indexed = constraint.type == ConstraintType::unique || constraint.type == ConstraintType::key;
  for (const Constraint& other : schema.constraints) {
    if (other.type != constraint.type || !same_place(other, constraint)) continue;
    if (other.name == constraint.name && other.property_type == constraint.property_type) {
      return tl::make_unexpected(
          Error(Status::equivalent_schema_rule_exists,
                fmt::format("An equivalent constraint already exists, '{}'.", constraints::describe(other, core_)))
              .with_gql("22N65"));
    }
    return fail(Status::constraint_exists, fmt::format("Constraint already exists: {}", constraints::describe(other, core_)));
  }
  PACKHOUSE_CHECK(check_name(schema, constraint.name));
  constraint.id = ConstraintId{static_cast<std::uint32_t>(core_.next_schema_rule.fetch_add(1))};
  if (indexed) {
    for (const Index& other : schema.indexes) {
      if (other.type != IndexType::range || !same_place(other, constraint)) continue;
      return tl::make_unexpected(
          Error(Status::index_exists, fmt::format("There already exists an index on this schema, called '{}'. A constraint cannot be "
                                                  "created until the index has been dropped.", other.name))
              .with_gql("22N73"));
    }
    Index index;
    index.name = constraint.name;
    index.entity = constraint.entity;
    index.token = constraint.token;
    index.keys = constraint.keys;
    index.owner = constraint.id;
    index.id = IndexId{static_cast<std::uint32_t>(core_.next_schema_rule.fetch_add(1))};
    index.state = IndexState::populating;
    constraint.index = index.id;
    write_->schema.created_indexes.push_back(index.id);
    schema.indexes.push_back(std::move(index));
  }
  const ConstraintId id = constraint.id;
  schema.constraints.push_back(std::move(constraint));
  write_->schema.created_constraints.push_back(id);
  use_schema(std::move(schema));
  ++counts_.constraints_added;
  return id;
}

Result<void> TransactionImpl::drop_constraint(ConstraintId id) {
  PACKHOUSE_TRY(Schema schema, editable_schema());
  const auto it = std::ranges::find(schema.constraints, id, &Constraint::id);
  if (it == schema.constraints.end()) {
    return fail(Status::constraint_drop_failed, fmt::format("Unable to drop constraint: there is no constraint with id {}.", raw(id)));
  }
  if (it->index) {
    write_->schema.dropped_indexes.push_back(*it->index);
    std::erase_if(schema.indexes, [&](const Index& index) { return index.id == *it->index; });
  }
  schema.constraints.erase(it);
  write_->schema.dropped_constraints.push_back(id);
  use_schema(std::move(schema));
  ++counts_.constraints_removed;
  return ok;
}

}  // namespace packhouse::storage
