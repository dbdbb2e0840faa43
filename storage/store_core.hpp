#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "storage/catalog_history.hpp"
#include "storage/keys.hpp"
#include "storage/kv/engine.hpp"
#include "storage/locks.hpp"
#include "storage/node_cache/node_cache.hpp"
#include "storage/recent_changes.hpp"
#include "storage/snapshots.hpp"
#include "storage/store.hpp"
#include "storage/tokens.hpp"
#include "storage/vector/vector_indexes.hpp"

namespace packhouse::storage {

/// What the store, its transactions and its committer share. Each part guards itself.
struct StoreCore {
  explicit StoreCore(std::unique_ptr<kv::Engine> e, const StoreOptions& o) : engine(std::move(e)), options(o) {}

  std::unique_ptr<kv::Engine> engine;
  StoreOptions options;
  std::string uuid;

  TokenTable labels{keys::TokenKind::label}, types{keys::TokenKind::type}, property_keys{keys::TokenKind::key};
  CatalogHistory catalogs;
  LockManager locks;
  RecentChanges recent;
  Snapshots snapshots;
  NodeCache node_cache{options.node_cache};

  std::atomic<std::uint64_t> last_sequence{0};    ///< of the last published commit
  std::atomic<std::uint64_t> schema_version{0};   ///< of the newest published schema
  std::atomic<std::uint64_t> next_node{0}, next_relationship{0}, next_schema_rule{0}, next_id{1};
  std::atomic<std::uint64_t> next_transaction{1};
  std::atomic<std::uint64_t> active_transactions{0}, commits{0}, conflicts{0};

  VectorIndexes vectors{*engine, snapshots, last_sequence, options};  ///< last: its thread uses the others
};

/// The key in RecentChanges that says "this node was deleted": what an added relationship must know.
constexpr RecordKey deletion_key(NodeId id) { return record_key(RecordKind::other, raw(id)); }
constexpr RecordKey schema_key() { return record_key(RecordKind::schema, 0); }

}  // namespace packhouse::storage
