#pragma once
#include <span>
#include <string>
#include <vector>

#include "storage/commit_request.hpp"
#include "storage/store_core.hpp"

// What constraints demand, and the words Neo4j has for it when they are not met.
namespace packhouse::storage::constraints {

/// Existence, key and type constraints of changed records. Needs nothing but the records.
/// Status::constraint_failed.
Result<void> check_records(ChangedRecords changes, const Catalog& catalog, const StoreCore& core);

/// One record against one constraint (unique ones always pass): empty when it is met, else what is wrong,
/// "Node(0) with label `Person` must have the property `name`".
Result<std::string> fault(const RecordReader& record, std::uint64_t id, const Constraint& constraint, const StoreCore& core,
                          Arena& arena);

/// "Node(0) already exists with label `Person` and property `id` = 1".
Error already_exists(const Constraint& constraint, std::uint64_t existing, std::span<const Value> values, const StoreCore& core);

/// "label `Person` and property `id` = 1".
std::string place(const ConstraintDefinition& constraint, std::span<const Value> values, const StoreCore& core);
/// "Node(3)".
std::string entity(EntityType type, std::uint64_t id);
/// "Constraint( name='x', type='UNIQUENESS', schema=(:Person {id}) )".
std::string describe(const ConstraintDefinition& constraint, const StoreCore& core);

/// Whether `value` is of the type that a property type constraint names: "INTEGER", "LIST<STRING NOT NULL>", "A | B".
bool has_type(const Value& value, std::string_view type);

}  // namespace packhouse::storage::constraints
