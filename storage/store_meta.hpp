#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "storage/catalog.hpp"
#include "storage/kv/engine.hpp"
#include "storage/store_core.hpp"

// The few numbers and names a store keeps about itself, in the meta table.
namespace packhouse::storage::meta {

inline constexpr std::string_view format = "format", uuid = "uuid", next_node = "next_node",
                                  next_relationship = "next_relationship", next_schema_rule = "next_schema_rule", next_id = "next_id",
                                  schema_version = "schema_version";
/// The layout that this program reads and writes.
inline constexpr std::uint64_t format_version = 1;

Result<void> put(kv::Batch& batch, std::string_view name, std::uint64_t value);

/// Writes what a new store begins with.
Result<void> create(StoreCore& core);
/// Reads everything that `core` holds from its engine; creates it in an empty engine. storage_failed for another
/// format or another program's data.
Result<void> load(StoreCore& core);

/// The schema after its commit: what was populating is online.
CatalogPtr as_online(const Catalog& catalog);

}  // namespace packhouse::storage::meta
