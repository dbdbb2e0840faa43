#pragma once
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/arena.hpp"
#include "base/buffer.hpp"
#include "codec/packos/record.hpp"
#include "storage/adjacency.hpp"
#include "storage/catalog.hpp"
#include "storage/delta.hpp"
#include "storage/fulltext/delta.hpp"
#include "storage/fulltext/document.hpp"
#include "storage/overlay_record.hpp"
#include "storage/vector/delta.hpp"

namespace packhouse::storage {

/// All changes of one transaction on top of its snapshot, in an arena. It knows nothing of locks, engines or
/// other transactions: the transaction has read the record, locked it and found it alive before it changes it here.
/// A statement's changes can be taken back. For one thread at a time.
///
/// What follows from the records (who is in which label, type and index) is derived lazily by derive(): a load
/// that never looks pays for it once, at the commit.
class Overlay {
 public:
  Overlay() : arena_(16 * 1024), nodes_delta_(arena_), rels_delta_(arena_) {}
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

  // ---- look-ups -----------------------------------------------------------------------------
  bool empty() const { return nodes_.empty() && rels_.empty(); }
  OverlayNode* find(NodeId id) const { return lookup(node_map_, raw(id)); }
  OverlayRel* find(RelId id) const { return lookup(rel_map_, raw(id)); }
  std::span<OverlayNode* const> nodes() const { return nodes_; }
  std::span<OverlayRel* const> rels() const { return rels_; }

  // ---- statements ---------------------------------------------------------------------------
  void begin_statement();
  void rollback_statement();
  /// Appends what the statement has created, changed or deleted.
  void changed_by_statement(std::vector<OverlayNode*>& nodes, std::vector<OverlayRel*>& rels) const;

  // ---- changes ------------------------------------------------------------------------------
  /// Labels and properties in any order; labels may repeat, a key's last value wins, nulls are left out.
  Result<OverlayNode*> create(NodeId id, std::span<const LabelId> labels, std::span<const std::pair<KeyId, Value>> properties);
  Result<OverlayRel*> create(RelId id, TypeId type, NodeId start, NodeId end, std::span<const std::pair<KeyId, Value>> properties);
  /// The entry of an existing record, made when missing. `base` is the snapshot's record.
  OverlayNode& open(NodeId id, Bytes base);
  OverlayRel& open(RelId id, Bytes base, const packos::RecordView& record);

  /// Whether anything was there before. Null removes.
  Result<bool> set_property(OverlayNode& node, KeyId key, const Value& value);
  Result<bool> set_property(OverlayRel& rel, KeyId key, const Value& value);
  Result<bool> add_label(OverlayNode& node, LabelId label);
  Result<bool> remove_label(OverlayNode& node, LabelId label);
  void erase(OverlayNode& node);
  void erase(OverlayRel& rel);
  /// Properties that the last create() wrote (without nulls and repeats).
  std::size_t last_property_count() const { return properties_.size(); }
  std::size_t last_label_count() const { return labels_.size(); }

  // ---- what follows from the changes ------------------------------------------------------------
  /// Brings everything below up to date.
  Result<void> derive(const Catalog& catalog);
  /// The same when the catalog is another one than the last time: indexes are derived from scratch.
  Result<void> derive_again(const Catalog& catalog);

  const IdDelta& all_nodes() const { return nodes_delta_; }
  const IdDelta& all_relationships() const { return rels_delta_; }
  const IdDelta* label(LabelId id) const { return lookup_delta(label_deltas_, raw(id)); }
  const IdDelta* type(TypeId id) const { return lookup_delta(type_deltas_, raw(id)); }
  const IndexDelta* index(IndexId id) const { return lookup_delta(index_deltas_, raw(id)); }
  const VectorDelta* vectors(IndexId id) const { return lookup_delta(vector_deltas_, raw(id)); }
  const FulltextDelta* fulltext(IndexId id) const { return lookup_delta(fulltext_deltas_, raw(id)); }
  template <class F>
  void for_each_label(F&& f) const {
    for (const auto& [id, delta] : label_deltas_) f(LabelId{id}, *delta);
  }
  template <class F>
  void for_each_type(F&& f) const {
    for (const auto& [id, delta] : type_deltas_) f(TypeId{id}, *delta);
  }
  template <class F>
  void for_each_index(F&& f) const {
    for (const auto& [id, delta] : index_deltas_) f(IndexId{id}, *delta);
  }
  template <class F>
  void for_each_vector_index(F&& f) const {
    for (const auto& [id, delta] : vector_deltas_) f(IndexId{id}, *delta);
  }
  template <class F>
  void for_each_fulltext_index(F&& f) const {
    for (const auto& [id, delta] : fulltext_deltas_) f(IndexId{id}, *delta);
  }

  // ---- edges -------------------------------------------------------------------------------------
  /// Whether any relationship of the snapshot was deleted here: then edges read from it must be looked up.
  bool removes_edges() const { return removed_ > 0; }
  /// Appends this node's own new edges (unsorted); a loop once for `both`.
  void append_edges(NodeId node, Direction direction, std::span<const TypeId> types, std::vector<Edge>& out);
  void append_edges_between(NodeId node, NodeId other, Direction direction, std::span<const TypeId> types, std::vector<Edge>& out);
  bool deleted(RelId id) const {
    const OverlayRel* r = find(id);
    return r && r->now.presence != Presence::present;
  }

  /// Bytes held, about.
  std::size_t bytes() const;
  Arena& arena() { return arena_; }

 private:
  template <class T>
  using Map = boost::unordered_flat_map<std::uint64_t, T>;
  template <class T>
  using Deltas = boost::unordered_flat_map<std::uint32_t, std::unique_ptr<T>>;
  struct Undo {
    OverlayRecord* record;
    RecordState old;
  };
  struct Adjacent {
    OverlayRel *out = nullptr, *in = nullptr;
    std::uint32_t out_count = 0, in_count = 0;
  };
  struct IndexKeyRef {
    const Index* index;
    Bytes key;
  };

  template <class T>
  static T* lookup(const Map<T*>& map, std::uint64_t id) {
    if (map.empty()) return nullptr;
    const auto it = map.find(id);
    return it == map.end() ? nullptr : it->second;
  }
  template <class T>
  static const T* lookup_delta(const Deltas<T>& deltas, std::uint32_t id) {
    const auto it = deltas.find(id);
    return it == deltas.end() ? nullptr : it->second.get();
  }
  IdDelta& id_delta(Deltas<IdDelta>& deltas, std::uint32_t token);
  IndexDelta& index_delta(IndexId id);

  void sort_labels(std::span<const LabelId> labels);
  void sort_properties(std::span<const std::pair<KeyId, Value>> properties);
  void save(OverlayRecord& record);
  void mark(OverlayRecord& record);
  void remember_node(OverlayNode* node);
  void remember_rel(OverlayRel* rel);
  Result<Expanded*> expanded(OverlayRecord& record);
  Expanded* clone(const Expanded& from);
  Result<bool> set(OverlayRecord& record, KeyId key, const Value& value);

  Result<void> derive_node(OverlayNode& node, const Catalog& catalog);
  Result<void> derive_rel(OverlayRel& rel, const Catalog& catalog);
  Result<void> index_keys(const RecordReader& record, std::span<const Index* const> indexes, std::uint64_t id,
                          std::vector<IndexKeyRef>& out);
  void compare_index_keys();
  Result<void> vectors_of(const RecordReader& record, std::span<const Index* const> indexes, std::vector<IndexKeyRef>& out);
  void compare_vectors();
  std::size_t fulltext_bytes() const;
  Result<void> derive_documents(const RecordReader& before, const RecordReader& after);
  Result<Bytes> document_of(std::span<const FieldText> texts, const Index& index);
  void apply(const Contribution& c, std::uint64_t id, bool is_node, int sign);
  void forget_derived(OverlayRecord& record, std::uint64_t id, bool is_node);
  void keep_contributions(OverlayRecord& record, std::uint64_t id, bool is_node);
  void link();

  Arena arena_, scratch_arena_{1024};
  Buffer scratch_;
  std::vector<OverlayNode*> nodes_, dirty_nodes_;
  std::vector<OverlayRel*> rels_, dirty_rels_, links_;
  Map<OverlayNode*> node_map_;
  Map<OverlayRel*> rel_map_;
  Map<Adjacent> adjacent_;

  std::vector<Undo> undo_;
  std::uint32_t statement_ = 0;
  std::size_t nodes_mark_ = 0, rels_mark_ = 0;
  std::int64_t removed_ = 0;

  IdDelta nodes_delta_, rels_delta_;
  Deltas<IdDelta> label_deltas_, type_deltas_;
  Deltas<IndexDelta> index_deltas_;
  Deltas<VectorDelta> vector_deltas_;
  Deltas<FulltextDelta> fulltext_deltas_;

  // Scratch, to allocate nothing per record.
  std::vector<LabelId> labels_;
  std::vector<packos::Property> properties_;
  std::vector<Contribution> contributions_;
  std::vector<IndexKeyRef> old_keys_, new_keys_, old_vectors_, new_vectors_;
  std::vector<float> vector_;
  std::vector<Value> index_values_;
  std::vector<const Index*> old_fulltext_, new_fulltext_;
  std::vector<FieldText> old_texts_, new_texts_;
  DocumentMaker document_maker_;
};

}  // namespace packhouse::storage
