#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "storage/schema.hpp"
#include "value/value.hpp"

namespace packhouse::storage {

class Cells;
class Store;

enum class Direction : std::uint8_t { out, in, both };

/// One step of an expansion, seen from the node that was asked.
struct Edge {
  RelId rel;
  NodeId neighbour;
  TypeId type;
  bool outgoing;  ///< the asked node is the start
};

/// A node as this transaction sees it: a view of a page of the snapshot or of the overlay.
/// Cheap to copy; valid until the transaction changes that node or ends.
class NodeView {
 public:
  NodeId id() const;
  std::size_t label_count() const;
  LabelId label(std::size_t i) const;
  bool has_label(LabelId) const;
  std::size_t property_count() const;
  KeyId property_key(std::size_t i) const;
  /// The i-th property; lists, durations and points are made in `arena`.
  Result<Value> property_value(std::size_t i, Arena& arena) const;
  /// Null when there is no such property.
  Result<Value> property(KeyId key, Arena& arena) const;
  /// All labels and properties at once (both vectors are overwritten): cheaper than one by one.
  Result<void> contents(std::vector<LabelId>& labels, std::vector<std::pair<KeyId, Value>>& properties, Arena& arena) const;

 private:
  friend class Transaction;
  friend class NodeViewAccess;
  NodeId id_{};
  const void* overlay_ = nullptr;  // an overlay node, or null when the record below is the truth
  Bytes record_;
};

/// A relationship as this transaction sees it; same rules as NodeView.
class RelView {
 public:
  RelId id() const;
  TypeId type() const;
  NodeId start() const;
  NodeId end() const;
  std::size_t property_count() const;
  KeyId property_key(std::size_t i) const;
  Result<Value> property_value(std::size_t i, Arena& arena) const;
  Result<Value> property(KeyId key, Arena& arena) const;
  /// All properties at once (the vector is overwritten): cheaper than one by one.
  Result<void> contents(std::vector<std::pair<KeyId, Value>>& properties, Arena& arena) const;

 private:
  friend class Transaction;
  friend class RelViewAccess;
  RelId id_{};
  const void* overlay_ = nullptr;
  Bytes record_;
};

/// A resumable walk over ids. next() fills `out` and returns how many; 0 = the end.
/// It sees the state of the moment it was opened, whatever the transaction writes later
/// (eager semantics are the planner's business, but a cursor never breaks).
template <class Id>
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual Result<std::size_t> next(std::span<Id> out) = 0;
};
using NodeCursor = std::unique_ptr<Cursor<NodeId>>;
using RelCursor = std::unique_ptr<Cursor<RelId>>;

/// Bounds of an index seek on the first columns; see Transaction::index_seek.
struct IndexRange {
  /// Equal on the leading columns (may be empty).
  std::vector<Value> prefix;
  /// Then optionally a range on the next column. A missing bound is open; values only match their own
  /// type group (numbers with numbers, strings with strings, each temporal type with itself …).
  std::optional<Value> low, high;
  bool low_inclusive = true, high_inclusive = true;
  /// Then optionally a string prefix on the next column (instead of low/high).
  std::optional<std::string> starts_with;
};

/// Asks for the nearest neighbours of a vector in a vector index.
struct VectorQuery {
  IndexId index{};
  std::span<const float> vector;
  std::uint64_t limit = 10;  ///< how many, at least 1
  /// Called now and then during a long search; an error ends it.
  std::function<Result<void>()> pause;
};
struct VectorMatch {
  std::uint64_t id;  ///< NodeId or RelId by the index
  double score;      ///< (1 + cosine) / 2, or 1 / (1 + squared distance): 1 is the same vector
};

/// Asks a full-text index.
struct FulltextQuery {
  IndexId index{};
  std::string_view text;                     ///< in Lucene's classic query syntax
  std::optional<std::string> analyzer = {};  ///< another one than the index's, for the query's words
  std::uint64_t skip = 0;
  std::uint64_t limit = ~std::uint64_t{0};
  /// Called now and then during a long search, with the bytes that it holds; an error ends it.
  std::function<Result<void>(std::size_t)> pause;
};
struct FulltextMatch {
  std::uint64_t id;  ///< NodeId or RelId by the index
  float score;
};

struct TransactionCounts {  ///< what this transaction's statements changed, for summaries
  std::int64_t nodes_created = 0, nodes_deleted = 0, relationships_created = 0, relationships_deleted = 0;
  std::int64_t properties_set = 0, labels_added = 0, labels_removed = 0;
  std::int64_t indexes_added = 0, indexes_removed = 0, constraints_added = 0, constraints_removed = 0;
};

enum class AccessMode : std::uint8_t { read, write };

/// How a write ended when it could not go on at once.
enum class LockState : std::uint8_t {
  granted,  ///< go on
  waiting,  ///< another transaction holds it; the waker given to the transaction will be called
  refused,  ///< another transaction holds it, and the caller does not wait
};

/// One transaction: a snapshot of the store plus an overlay of its own changes. Reads merge the two.
/// Used by one thread at a time; not thread-safe. Destroying it without commit rolls back.
///
/// Errors: Status::conflict when a record changed since the snapshot and the statement can't simply be
/// restarted; Status::deadlock; Status::storage_failed for the disk or corrupt records;
/// Status::constraint_failed from commit() or from an early check.
///
/// Writes need record locks. A write that would have to wait returns an error whose status is
/// Status::lock_client_stopped ONLY on time-out; the ordinary wait is signalled by `LockWait` below:
/// the write call fails with Status::conflict and `wait_pending()` is true. The engine then rolls the
/// statement back to its savepoint, yields until `on_wake` fires, calls `resume_after_wait()` and runs
/// the statement again (on a fresh snapshot when nothing was read before). Locks already granted are kept.
class Transaction {
 public:
  virtual ~Transaction() = default;
  Transaction() = default;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  virtual AccessMode mode() const = 0;
  virtual std::uint64_t id() const = 0;
  virtual Store& store() = 0;
  /// What is kept beside the graph: storage/cells.hpp.
  virtual Cells& cells() = 0;
  /// Commit sequence number that the snapshot shows.
  virtual std::uint64_t snapshot_sequence() const = 0;
  /// What the uncommitted changes may hold, in bytes; a write beyond it fails with Status::out_of_memory.
  virtual void limit_changes(std::size_t bytes) = 0;

  // ---- reads -------------------------------------------------------------------------------
  /// Nothing when there is no such node, or it was deleted.
  virtual Result<std::optional<NodeView>> node(NodeId id) = 0;
  virtual Result<std::optional<RelView>> relationship(RelId id) = 0;
  /// Batch form; out[i].has_value() is false when ids[i] does not exist. Sizes are equal.
  virtual Result<void> nodes(std::span<const NodeId> ids, std::span<std::optional<NodeView>> out) = 0;
  /// One property of many nodes into `out` (as large as `ids`): null where a node has none. The positions of nodes that
  /// do not exist are appended to `missing`.
  virtual Result<void> node_properties(std::span<const NodeId> ids, KeyId key, Arena& arena, std::span<Value> out,
                                       std::vector<std::size_t>& missing) = 0;
  /// True when this very transaction deleted it (so a use is an EntityNotFound, not a miss).
  virtual bool deleted_here(NodeId id) const = 0;
  virtual bool deleted_here(RelId id) const = 0;
  /// type(r) stays answerable after DELETE r: the type of a relationship that this transaction deleted.
  virtual std::optional<TypeId> deleted_type(RelId id) const = 0;

  /// Appends the edges of `node` in `direction` to `out` (a loop appears once for `both`).
  /// Empty `types` = all. Sees the overlay. Ordered by (type, neighbour, relationship) within a direction.
  virtual Result<void> expand(NodeId node, Direction direction, std::span<const TypeId> types, std::vector<Edge>& out) = 0;
  /// Only the edges between `node` and `other`, without listing the rest where the layout allows it.
  virtual Result<void> expand_into(NodeId node, NodeId other, Direction direction, std::span<const TypeId> types,
                                   std::vector<Edge>& out) = 0;
  virtual Result<std::uint64_t> degree(NodeId node, Direction direction, std::span<const TypeId> types) = 0;

  virtual Result<NodeCursor> scan_nodes() = 0;
  virtual Result<NodeCursor> scan_label(LabelId label) = 0;
  virtual Result<RelCursor> scan_relationships() = 0;
  virtual Result<RelCursor> scan_type(TypeId type) = 0;
  /// Ids whose indexed values lie in the range, in index order. The index must be online.
  virtual Result<NodeCursor> index_seek(IndexId index, const IndexRange& range) = 0;
  virtual Result<RelCursor> index_seek_relationships(IndexId index, const IndexRange& range) = 0;

  /// Best first, equal scores by id; fewer than the limit when there are no more. Exact in small indexes, approximate in
  /// large ones (docs/VECTORS.md). Status::argument_error for a vector that the index can't compare,
  /// Status::index_not_found when there is no such vector index.
  virtual Result<std::vector<VectorMatch>> vector_search(const VectorQuery& query) = 0;

  /// Best first, equal scores by id. Status::syntax_error for a text that is no query, Status::argument_error for one that
  /// can't be answered, Status::index_not_found when there is no such full-text index.
  virtual Result<std::vector<FulltextMatch>> fulltext_search(const FulltextQuery& query) = 0;

  // Exact counts, O(1) plus the overlay.
  virtual std::uint64_t node_count() = 0;
  virtual std::uint64_t node_count(LabelId label) = 0;
  virtual std::uint64_t relationship_count() = 0;
  virtual std::uint64_t relationship_count(TypeId type) = 0;

  // ---- writes (mode() must be write, else Status::access_mode) ----------------------------------
  virtual Result<NodeId> create_node(std::span<const LabelId> labels) = 0;
  virtual Result<RelId> create_relationship(NodeId start, NodeId end, TypeId type) = 0;
  /// Storable kinds only (checked by the caller with storable(), value.hpp lists are homogeneous or mixed
  /// lists of scalars); null removes. Returns whether anything was there before (for REMOVE's counter).
  virtual Result<bool> set_property(NodeId id, KeyId key, const Value& value) = 0;
  virtual Result<bool> set_property(RelId id, KeyId key, const Value& value) = 0;
  /// A fresh node or relationship's whole record in one call (CREATE): fast path of the above.
  virtual Result<NodeId> create_node(std::span<const LabelId> labels, std::span<const std::pair<KeyId, Value>> properties) = 0;
  virtual Result<RelId> create_relationship(NodeId start, NodeId end, TypeId type,
                                            std::span<const std::pair<KeyId, Value>> properties) = 0;
  /// Returns whether the node did not have it / had it.
  virtual Result<bool> add_label(NodeId id, LabelId label) = 0;
  virtual Result<bool> remove_label(NodeId id, LabelId label) = 0;
  /// Deleting twice is fine (returns false the second time). That a deleted node has no relationships left is
  /// checked at commit (Schema.ConstraintValidationFailed), as in Neo4j.
  virtual Result<bool> delete_node(NodeId id) = 0;
  virtual Result<bool> delete_relationship(RelId id) = 0;

  /// Takes the lock that MERGE needs so that two transactions don't create the same node under a uniqueness
  /// constraint: on the constrained values of an index.
  virtual Result<void> lock_index_entry(IndexId index, std::span<const Value> values) = 0;

  // ---- schema (takes effect in this transaction's overlay, published at commit) ------------------
  virtual Result<IndexId> create_index(const IndexDefinition& definition) = 0;
  virtual Result<void> drop_index(IndexId id) = 0;
  virtual Result<ConstraintId> create_constraint(const ConstraintDefinition& definition) = 0;
  virtual Result<void> drop_constraint(ConstraintId id) = 0;
  /// Gives a label, a type or both a record schema; those that they had of that kind end. Records are held against it
  /// when they are written from then on (Status::constraint_failed at the commit), not at once.
  /// Status::argument_error for a text that is no schema.
  virtual Result<void> set_record_schema(RecordSchemaDefinition definition) = 0;
  /// Takes the schema of that kind from the label and from the type; false when neither had one.
  virtual Result<bool> drop_record_schema(RecordSchemaKind kind, std::optional<LabelId> label, std::optional<TypeId> type) = 0;
  /// The schema as this transaction sees it; the pointer stays good until the transaction changes the schema.
  virtual const Schema& schema() = 0;

  // ---- statements --------------------------------------------------------------------------------
  /// Marks the start of a statement; a failed statement leaves no trace after rollback_statement().
  virtual void begin_statement() = 0;
  virtual void rollback_statement() = 0;
  virtual const TransactionCounts& statement_counts() const = 0;
  /// Whether a commit would take what the statement has changed, as it is now: constraints, record schemas, deleted nodes
  /// without relationships. For statements that share a transaction and each must be able to stand alone.
  virtual Result<void> check_statement() = 0;

  // ---- waiting -----------------------------------------------------------------------------------
  /// True after a write failed only because a lock is held by someone else and this transaction now waits for it.
  virtual bool wait_pending() const = 0;
  /// From now on a write whose lock is held elsewhere fails (Status::conflict, no wait_pending()) instead of waiting.
  virtual void never_wait() = 0;
  /// `wake` is called once, from any thread, when the awaited lock was granted (or the wait was cancelled).
  /// If it is already granted the call happens at once, on this thread.
  virtual void on_wake(std::function<void()> wake) = 0;
  /// After the wake: refreshes the snapshot when nothing was read or written before this statement; otherwise
  /// checks that the awaited record did not change since the snapshot (else Status::conflict: drivers retry).
  virtual Result<void> resume_after_wait() = 0;
  /// Gives up waiting (time-out, RESET); the transaction must then be rolled back.
  virtual void cancel_wait() = 0;
  /// True while a refresh of the snapshot can't be noticed (first statement, nothing sent).
  virtual bool restartable() const = 0;
  /// Turned off while a statement is planned: no answer depends on what is read then, so that restarting stays
  /// possible. Returns what it was.
  virtual bool count_reads(bool on) = 0;

  // ---- parts: CALL { … } IN TRANSACTIONS -------------------------------------------------------
  /// What was read and counted up to here binds nobody any more; changes from here on are one part. Cursors and views of
  /// the part must be gone when it ends, and its locks go then too. Returns a number to tell the part by.
  virtual std::uint64_t begin_part() = 0;
  /// Makes the part durable. Afterwards wait_pending(); on the wake resume_after_wait() tells how it ended, and either way
  /// the transaction goes on with a fresh snapshot. Counts of parts that were committed add up.
  virtual void commit_part() = 0;
  /// Takes the part's changes back and goes on with a fresh snapshot.
  virtual Result<void> rollback_part() = 0;

  // ---- end ---------------------------------------------------------------------------------------
  /// Hands the overlay to the committer. `done` is called once, from the committer's thread or at once:
  /// the commit sequence (the bookmark) when everything is durable, or the error; then the transaction is over.
  virtual void commit(std::function<void(Result<std::uint64_t>)> done) = 0;
  virtual void rollback() = 0;
};

}  // namespace packhouse::storage
