#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "storage/adjacency.hpp"
#include "storage/blob_stage.hpp"
#include "storage/catalog.hpp"
#include "storage/cell_overlay.hpp"
#include "storage/counts.hpp"
#include "storage/locks.hpp"
#include "storage/overlay.hpp"
#include "storage/snapshots.hpp"

namespace packhouse::storage {

struct StoreCore;

/// The schema commands of one transaction: the schema as it will be, and what to build and to clear away.
struct SchemaChange {
  CatalogPtr catalog;  ///< null: no change
  std::vector<IndexId> created_indexes, dropped_indexes;
  std::vector<ConstraintId> created_constraints, dropped_constraints;
};

/// What a transaction has once it begins to write. Goes to the committer as a whole.
struct WriteState {
  explicit WriteState(std::uint64_t id) : owner(id) {}
  /// Drops all changes; the locks stay.
  void forget() {
    std::destroy_at(&overlay);
    std::construct_at(&overlay);
    cells = {};
    guards.clear();
    statement_guards.clear();
    blobs.reset();
    schema = {};
  }
  bool empty() const { return overlay.empty() && cells.empty() && (!blobs || blobs->empty()) && !schema.catalog; }
  /// Bytes held, about.
  std::size_t bytes() const {
    return overlay.bytes() + cells.bytes() + guards.size() * 16 + (blobs ? blobs->bytes() : 0);
  }
  void begin_statement() {
    overlay.begin_statement();
    statement_guards.clear();
    cells.begin_statement();
    if (blobs) blobs->begin_statement();
  }
  void rollback_statement() {
    overlay.rollback_statement();
    cells.rollback_statement();
    for (const RecordKey key : statement_guards) guards.erase(key);
    statement_guards.clear();
    if (blobs) blobs->rollback_statement();
  }

  Overlay overlay;
  CellOverlay cells;
  boost::unordered_flat_set<RecordKey, RecordKeyHash> guards;  ///< what lock_cell() locked
  std::vector<RecordKey> statement_guards;                      ///< those that the statement added
  std::unique_ptr<BlobStage> blobs;                            ///< null: none
  LockOwner owner;
  SchemaChange schema;
};

/// One end's view of a relationship that was made or deleted.
struct EdgeChange {
  NodeId node;
  Direction direction;  ///< out or in
  bool add;
  adjacency::Entry entry;
};

/// A transaction on its way through the committer. Owns all it needs: the Transaction may be gone.
struct CommitRequest {
  std::unique_ptr<WriteState> state;
  SnapshotHandle snapshot;
  const Catalog* base_catalog = nullptr;  ///< that of the snapshot
  std::function<void(Result<std::uint64_t>)> done;

  // Made by prepare(), on the client's thread.
  std::vector<OverlayNode*> nodes;  ///< to write, by id
  std::vector<OverlayRel*> rels;
  std::vector<EdgeChange> edges;    ///< by node, direction, add, entry
  std::vector<RecordKey> changes;   ///< for RecentChanges
  CountDelta counts;

  const Catalog& catalog() const { return state->schema.catalog ? *state->schema.catalog : *base_catalog; }
};

/// Records that were changed, whatever was done to them.
struct ChangedRecords {
  std::span<OverlayNode* const> nodes;
  std::span<OverlayRel* const> rels;
};

/// Whether the store would take these changes: deleted nodes have no relationship left, the others meet what constraints
/// and record schemas demand. Unique values are checked elsewhere.
Result<void> check_changes(Overlay& overlay, kv::Snapshot& snapshot, ChangedRecords changes, const Catalog& catalog,
                           const StoreCore& core);

/// Everything about a commit that needs no other transaction's result: derives, checks and encodes. The locks make
/// sure that the records which this transaction changed are still those of its snapshot.
Result<void> prepare(CommitRequest& request, const StoreCore& core);
/// Again for the parts that depend on the schema, when somebody changed it in the meantime.
Result<void> prepare_again(CommitRequest& request, const Catalog& latest, const StoreCore& core);

}  // namespace packhouse::storage
