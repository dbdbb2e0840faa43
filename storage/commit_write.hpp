#pragma once
#include "storage/commit_request.hpp"
#include "storage/kv/engine.hpp"
#include "storage/store_core.hpp"

namespace packhouse::storage {

/// Puts a checked request into the batch, table by table in key order. Counts are the caller's business.
Result<void> write_changes(const CommitRequest& request, kv::Batch& batch);

/// Definitions, new indexes' entries from the data of `base` (the state before the batch), dropped indexes' entries.
/// Status::constraint_creation_failed when the data does not meet a new constraint.
Result<void> write_schema(const CommitRequest& request, kv::Snapshot& base, kv::Batch& batch, const StoreCore& core);

}  // namespace packhouse::storage
