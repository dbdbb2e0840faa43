#pragma once
#include <algorithm>
#include <cstdint>
#include <span>

#include "codec/packos/record.hpp"

namespace packhouse::storage {

/// A changed record taken apart, so that further changes are cheap. Lives in the overlay's arena; labels and
/// properties are sorted.
struct Expanded {
  LabelId* labels = nullptr;
  packos::Property* properties = nullptr;
  std::uint32_t label_count = 0, label_room = 0, property_count = 0, property_room = 0;

  std::span<const LabelId> label_span() const { return {labels, label_count}; }
  std::span<const packos::Property> property_span() const { return {properties, property_count}; }
};

enum class Presence : std::uint8_t {
  present,
  deleted,  ///< by this transaction
  undone,   ///< created by a statement that was rolled back: never was there
};

/// What a record is now: encoded, or taken apart once something in it was changed.
struct RecordState {
  Bytes record;
  Expanded* expanded = nullptr;
  Presence presence = Presence::present;
};

/// A place in a label, type or index that a changed record makes or frees, compared with the snapshot.
struct Contribution {
  enum class Kind : std::uint8_t { all, token, index, vector, fulltext };
  Kind kind;
  std::int8_t net;
  std::uint32_t id;  ///< label, type or index
  Bytes key;         ///< of the index; of a vector index the new elements, empty when there are none;
                     ///< of a full-text index what fulltext/delta.hpp keeps
};

/// What nodes and relationships in an overlay have in common. Trivially destructible, lives in the arena.
struct OverlayRecord {
  Bytes base;  ///< the snapshot's record; empty for what this transaction made
  RecordState now;
  std::uint32_t statement = 0;  ///< the last one that changed it
  bool is_node = true;
  bool dirty = false;                  ///< changed since derive()
  std::span<Contribution> derived;     ///< what derive() put into the deltas

  bool exists() const { return now.presence == Presence::present; }
  bool created() const { return base.empty(); }
  /// Whether committing has anything to write for the record itself.
  bool changed() const {
    if (created()) return exists();
    return !exists() || now.expanded || now.record.data() != base.data();
  }
};

struct OverlayNode : OverlayRecord {
  NodeId id{};
};

struct OverlayRel : OverlayRecord {
  RelId id{};
  TypeId type{};
  NodeId start{}, end{};
  OverlayRel *next_out = nullptr, *next_in = nullptr;
};

/// Reads a record in either form. Cheap to make; valid until the record changes.
class RecordReader {
 public:
  RecordReader() = default;
  RecordReader(Bytes record, const Expanded* expanded) : expanded_(expanded) {
    if (record.empty()) return;
    if (!packos::RecordView::try_open(record, view_)) view_ = {};  // never: whoever gave out the bytes has checked them
  }
  explicit RecordReader(const RecordState& state) : RecordReader(state.record, state.expanded) {}

  std::size_t label_count() const { return expanded_ ? expanded_->label_count : view_.label_count(); }
  LabelId label(std::size_t i) const { return expanded_ ? expanded_->labels[i] : view_.label(i); }
  bool has_label(LabelId l) const {
    return expanded_ ? std::ranges::binary_search(expanded_->label_span(), l) : view_.has_label(l);
  }
  std::size_t property_count() const { return expanded_ ? expanded_->property_count : view_.property_count(); }
  KeyId key(std::size_t i) const { return expanded_ ? expanded_->properties[i].key : view_.key(i); }
  Result<Value> value(std::size_t i, Arena& arena) const {
    if (expanded_) return expanded_->properties[i].value;
    return view_.value(i, arena);
  }
  Result<Value> property(KeyId key, Arena& arena) const {
    if (!expanded_) return view_.property(key, arena);
    const auto span = expanded_->property_span();
    const auto at = std::ranges::lower_bound(span, key, {}, &packos::Property::key);
    return at == span.end() || at->key != key ? Value() : at->value;
  }
  const packos::RecordView& view() const { return view_; }

 private:
  packos::RecordView view_;
  const Expanded* expanded_ = nullptr;
};

}  // namespace packhouse::storage
