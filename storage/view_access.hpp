#pragma once
#include "storage/graph.hpp"
#include "storage/overlay_record.hpp"

namespace packhouse::storage {

/// The only way to make a NodeView: from bytes that were checked, or from an overlay record.
class NodeViewAccess {
 public:
  static NodeView make(NodeId id, Bytes record, const Expanded* expanded = nullptr) {
    NodeView v;
    v.id_ = id;
    v.record_ = record;
    v.overlay_ = expanded;
    return v;
  }
  static RecordReader reader(const NodeView& v) { return {v.record_, static_cast<const Expanded*>(v.overlay_)}; }
};

/// The same for relationships; type and ends are always read from the bytes, they never change.
class RelViewAccess {
 public:
  static RelView make(RelId id, Bytes record, const Expanded* expanded = nullptr) {
    RelView v;
    v.id_ = id;
    v.record_ = record;
    v.overlay_ = expanded;
    return v;
  }
  static RecordReader reader(const RelView& v) { return {v.record_, static_cast<const Expanded*>(v.overlay_)}; }
};

}  // namespace packhouse::storage
