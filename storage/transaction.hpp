#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "storage/cells.hpp"
#include "storage/commit_request.hpp"
#include "storage/graph.hpp"
#include "storage/store_core.hpp"

namespace packhouse::storage {

class Committer;

/// The one Transaction there is: see graph.hpp for the contract. Split by concern over transaction_*.cpp.
class TransactionImpl final : public Transaction, public Cells {
 public:
  TransactionImpl(Store& store, StoreCore& core, Committer& committer, AccessMode mode);
  ~TransactionImpl() override;
  /// Takes the snapshot; once, before anything else.
  Result<void> start();

  AccessMode mode() const override { return mode_; }
  std::uint64_t id() const override { return id_; }
  Store& store() override { return store_; }
  Cells& cells() override { return *this; }
  std::uint64_t snapshot_sequence() const override { return sequence_; }
  void limit_changes(std::size_t bytes) override { changes_limit_ = bytes; }

  // transaction_read.cpp
  Result<std::optional<NodeView>> node(NodeId id) override;
  Result<std::optional<RelView>> relationship(RelId id) override;
  Result<void> nodes(std::span<const NodeId> ids, std::span<std::optional<NodeView>> out) override;
  Result<void> node_properties(std::span<const NodeId> ids, KeyId key, Arena& arena, std::span<Value> out,
                               std::vector<std::size_t>& missing) override;
  bool deleted_here(NodeId id) const override;
  bool deleted_here(RelId id) const override;
  std::optional<TypeId> deleted_type(RelId id) const override;
  Result<void> expand(NodeId node, Direction direction, std::span<const TypeId> types, std::vector<Edge>& out) override;
  Result<void> expand_into(NodeId node, NodeId other, Direction direction, std::span<const TypeId> types,
                           std::vector<Edge>& out) override;
  Result<std::uint64_t> degree(NodeId node, Direction direction, std::span<const TypeId> types) override;

  // transaction_scan.cpp
  Result<NodeCursor> scan_nodes() override;
  Result<NodeCursor> scan_label(LabelId label) override;
  Result<RelCursor> scan_relationships() override;
  Result<RelCursor> scan_type(TypeId type) override;
  Result<NodeCursor> index_seek(IndexId index, const IndexRange& range) override;
  Result<RelCursor> index_seek_relationships(IndexId index, const IndexRange& range) override;
  Result<std::vector<VectorMatch>> vector_search(const VectorQuery& query) override;  // vector/search.cpp
  Result<std::vector<FulltextMatch>> fulltext_search(const FulltextQuery& query) override;  // fulltext/search.cpp
  std::uint64_t node_count() override;
  std::uint64_t node_count(LabelId label) override;
  std::uint64_t relationship_count() override;
  std::uint64_t relationship_count(TypeId type) override;

  // transaction_write.cpp
  Result<NodeId> create_node(std::span<const LabelId> labels) override { return create_node(labels, {}); }
  Result<RelId> create_relationship(NodeId start, NodeId end, TypeId type) override {
    return create_relationship(start, end, type, {});
  }
  Result<bool> set_property(NodeId id, KeyId key, const Value& value) override;
  Result<bool> set_property(RelId id, KeyId key, const Value& value) override;
  Result<NodeId> create_node(std::span<const LabelId> labels, std::span<const std::pair<KeyId, Value>> properties) override;
  Result<RelId> create_relationship(NodeId start, NodeId end, TypeId type,
                                    std::span<const std::pair<KeyId, Value>> properties) override;
  Result<bool> add_label(NodeId id, LabelId label) override;
  Result<bool> remove_label(NodeId id, LabelId label) override;
  Result<bool> delete_node(NodeId id) override;
  Result<bool> delete_relationship(RelId id) override;
  Result<void> lock_index_entry(IndexId index, std::span<const Value> values) override;

  // transaction_schema.cpp
  Result<IndexId> create_index(const IndexDefinition& definition) override;
  Result<void> drop_index(IndexId id) override;
  Result<ConstraintId> create_constraint(const ConstraintDefinition& definition) override;
  Result<void> drop_constraint(ConstraintId id) override;
  Result<void> set_record_schema(RecordSchemaDefinition definition) override;
  Result<bool> drop_record_schema(RecordSchemaKind kind, std::optional<LabelId> label, std::optional<TypeId> type) override;
  const Schema& schema() override { return catalog().schema(); }

  // transaction.cpp
  void begin_statement() override;
  void rollback_statement() override;
  const TransactionCounts& statement_counts() const override { return counts_; }
  Result<void> check_statement() override;
  bool wait_pending() const override { return wait_ != Wait::none; }
  void never_wait() override { patience_ = Patience::give_up; }
  void on_wake(std::function<void()> wake) override;
  Result<void> resume_after_wait() override;
  void cancel_wait() override;
  bool restartable() const override { return !earlier_ && !over_; }
  bool count_reads(bool on) override { return std::exchange(count_reads_, on); }
  void commit(std::function<void(Result<std::uint64_t>)> done) override;
  void rollback() override;

  // transaction_parts.cpp
  std::uint64_t begin_part() override;
  void commit_part() override;
  Result<void> rollback_part() override;

  // transaction_cells.cpp
  Result<std::optional<Bytes>> cell(Bytes key) override;
  Result<std::unique_ptr<CellCursor>> scan_cells(Bytes low, Bytes high) override;
  Result<void> lock_cell(Bytes key) override;
  Result<void> put_cell(Bytes key, Bytes value) override;
  Result<void> patch_cell(Bytes key, std::size_t offset, Bytes bytes) override;
  Result<void> erase_cell(Bytes key) override;
  Result<std::uint64_t> fresh_id() override;
  Result<BlobId> create_blob() override;
  Result<void> append_blob(BlobId blob, Bytes bytes) override;
  Result<std::uint64_t> open_blob_size(BlobId blob) override;
  Result<std::optional<Bytes>> blob_chunk(BlobId blob, std::uint32_t chunk) override;
  Result<void> drop_blob(BlobId blob) override;

  /// Bytes that the uncommitted changes hold.
  std::size_t overlay_bytes() const { return write_ ? write_->bytes() : 0; }

 private:
  enum class Wait : std::uint8_t {
    none,
    lock,     ///< queued at the lock manager
    restart,  ///< the lock is ours, but the snapshot is too old for it
    part,     ///< the committer has a part
  };

  struct PartCommit;
  Result<void> resume_part();
  Result<void> reopen();
  void wait_for_part(std::function<void()> wake);
  void forget_part();

  const Catalog& catalog() const { return write_ && write_->schema.catalog ? *write_->schema.catalog : *base_catalog_; }
  Overlay* overlay() const { return write_ ? &write_->overlay : nullptr; }
  /// Every read begins with this.
  Result<void> reading();
  /// Every write begins with this.
  Result<void> writing();
  Result<void> derive();
  Result<BlobStage*> blobs();
  void end();

  // Locks (transaction_wait.cpp). `change` is what must not have changed since the snapshot.
  Result<void> lock(RecordKey key, LockMode mode, RecordKey change);
  Result<void> lock(RecordKey key) { return lock(key, LockMode::exclusive, key); }
  Result<void> check_unchanged(RecordKey change);

  Result<OverlayNode*> writable(NodeId id);
  Result<OverlayRel*> writable(RelId id);
  Result<void> keep_alive(NodeId id);
  Result<std::optional<Bytes>> stored(NodeId id);
  template <class Use>
  Result<void> each_node(std::span<const NodeId> ids, Use&& use);
  Result<std::optional<Bytes>> stored(RelId id);
  Result<void> claim_unique(OverlayRecord& record, std::uint64_t id, EntityType entity, std::uint32_t token,
                            std::optional<KeyId> only = {});
  Result<void> claim_unique(OverlayNode& node, std::optional<KeyId> only = {});
  Result<bool> changed(Result<bool> had, const Value& value);
  bool countable();
  std::uint64_t count(keys::CountKind kind, std::uint32_t token, std::int64_t own);

  // Schema helpers.
  Result<Schema> editable_schema();
  void use_schema(Schema schema);
  bool take_record_schema(Schema& schema, RecordSchemaKind kind, std::optional<LabelId> label, std::optional<TypeId> type);

  template <class Id>
  Result<std::unique_ptr<Cursor<Id>>> scan(const keys::Range<keys::SmallKey>& range, const IdDelta* delta);
  template <class Id>
  Result<std::unique_ptr<Cursor<Id>>> seek(IndexId index, const IndexRange& range, EntityType entity);

  Store& store_;
  StoreCore& core_;
  Committer& committer_;
  const std::uint64_t id_;
  const AccessMode mode_;
  std::size_t changes_limit_ = ~std::size_t{0};
  bool touched_ = false;  ///< this statement has read or written
  bool earlier_ = false;  ///< a statement before it has
  bool count_reads_ = true;
  bool over_ = false;
  Wait wait_ = Wait::none;
  Patience patience_ = Patience::wait;
  RecordKey awaited_change_;

  SnapshotHandle snapshot_;
  std::uint64_t sequence_ = 0;
  const Catalog* base_catalog_ = nullptr;
  const Catalog* derived_with_ = nullptr;
  std::unique_ptr<WriteState> write_;
  SchemaChange saved_schema_;  ///< as it was when the statement began
  std::optional<Error> failed_;  ///< of a call that can't report one; told by the next that can
  TransactionCounts counts_, part_counts_;  ///< the second: of the parts that were committed
  std::shared_ptr<PartCommit> part_;        ///< on its way
};

}  // namespace packhouse::storage
