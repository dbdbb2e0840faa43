#pragma once
// The stored form of a node or a relationship; docs/RECORDS.md has it byte by byte.
//
//   node         = PackOS frame [labels, keys, value 0, value 1, …]
//   relationship = PackOS frame [type, start, end, keys, value 0, value 1, …]
//
// labels and keys are packed arrays of ids, ascending: a string field (tag 6) of u16, or, when an id is
// above 65,535, an extended field of u32. Value i belongs to key i. The first field tells the two apart:
// it is an integer in a relationship. Records above 8,191 bytes are wide frames; readers see no difference.
//
// Writing:  encode_node(buffer, labels, properties);                 // appends to the buffer
//           encode_relationship(buffer, type, start, end, properties);
// Reading:  PACKHOUSE_TRY(const auto record, RecordView::open(bytes));
//           record.has_label(l); record.type();                      // no allocation, no decoding
//           PACKHOUSE_TRY(const Value v, record.property(key, arena));  // null when absent
//
// A lookup searches the keys (a scan up to 8, a binary search above) and reads two header words, so its
// cost does not depend on the record's size. Strings, bytes and vectors are views of the record; numbers,
// booleans and temporal values need nothing; lists, maps, durations and points are made in the arena.
// Bytes are never trusted: what does not fit together is Status::storage_failed, saying what is wrong.
#include <span>

#include "base/arena.hpp"
#include "base/buffer.hpp"
#include "base/ids.hpp"
#include "codec/packos/take_value.hpp"

namespace packhouse::packos {

struct Property {
  KeyId key;
  Value value;
};

/// A packed array of ascending ids, in place.
class IdArray {
 public:
  std::size_t size() const { return size_; }
  std::uint32_t operator[](std::size_t i) const {
    return wide_ ? load<std::uint32_t>(at_ + 4 * i) : load<std::uint16_t>(at_ + 2 * i);
  }
  /// Where `id` is, or size().
  std::size_t find(std::uint32_t id) const;
  /// False when the field is not such an array.
  bool bind(const Field& f);

 private:
  const std::byte* at_ = nullptr;
  std::uint32_t size_ = 0;
  bool wide_ = false;
};

/// A stored record, read in place. Cheap to open and to copy; valid as long as the bytes.
class RecordView {
 public:
  RecordView() = default;  ///< an empty node
  static Result<RecordView> open(Bytes record) {
    RecordView v;
    if (v.bind(record)) [[likely]] return v;
    return tl::make_unexpected(refuse(record));
  }

  /// The same without the error; false when it would be one.
  static bool try_open(Bytes record, RecordView& out) {
    out = RecordView();
    return out.bind(record);
  }

  bool is_node() const { return first_value_ == 2; }

  // Nodes; a relationship has no labels.
  std::size_t label_count() const { return labels_.size(); }
  LabelId label(std::size_t i) const { return LabelId{labels_[i]}; }
  bool has_label(LabelId l) const { return labels_.find(raw(l)) < labels_.size(); }

  // Relationships.
  TypeId type() const { return type_; }
  NodeId start() const { return start_; }
  NodeId end() const { return end_; }

  std::size_t property_count() const { return keys_.size(); }
  KeyId key(std::size_t i) const { return KeyId{keys_[i]}; }
  bool has_property(KeyId key) const { return keys_.find(raw(key)) < keys_.size(); }
  /// The i-th property, i < property_count().
  Result<Value> value(std::size_t i, Arena& arena) const {
    Field f;
    if (!frame_.get(first_value_ + i, f)) [[unlikely]] return tl::make_unexpected(refuse_property(i));
    return take_value(frame_, f, arena);
  }
  /// Null when there is no such property.
  Result<Value> property(KeyId key, Arena& arena) const {
    const std::size_t i = keys_.find(raw(key));
    if (i == keys_.size()) return Value();
    return value(i, arena);
  }

 private:
  bool bind(Bytes record);
  bool bind_relationship(const Field& type);
  [[gnu::cold]] static Error refuse(Bytes record);
  [[gnu::cold]] Error refuse_property(std::size_t i) const;

  FrameView frame_;
  IdArray keys_, labels_;
  TypeId type_{};
  NodeId start_{}, end_{};
  std::uint32_t first_value_ = 2;
};

/// Appends a record to `out`. Labels and keys are ascending and unique; null values are left out by the
/// caller. Errors: Status::type_error for what can't be stored (graph entities), Status::argument_error
/// beyond 4 GiB or max_depth; `out` then ends in an incomplete record.
Result<void> encode_node(Buffer& out, std::span<const LabelId> sorted_labels, std::span<const Property> sorted_by_key);
Result<void> encode_relationship(Buffer& out, TypeId type, NodeId start, NodeId end, std::span<const Property> sorted_by_key);

}  // namespace packhouse::packos
