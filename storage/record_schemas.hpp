#pragma once
#include <string>
#include <string_view>

#include "storage/commit_request.hpp"
#include "storage/record_rules.hpp"
#include "storage/store_core.hpp"

// Record schemas at the commit, whatever language they are written in.
namespace packhouse::storage::record_schemas {

/// Changed records against the schemas of their labels and types. Status::constraint_failed
/// naming the record, the property and the rule.
Result<void> check_records(ChangedRecords changes, const Catalog& catalog, const StoreCore& core);

}  // namespace packhouse::storage::record_schemas
