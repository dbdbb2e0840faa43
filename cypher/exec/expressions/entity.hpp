#pragma once
#include <optional>
#include <string_view>

#include "cypher/exec/context.hpp"
#include "cypher/error.hpp"
#include "storage/graph.hpp"

namespace packhouse::cypher {

/// The node or relationship as the transaction sees it; EntityNotFound when it was deleted.
storage::NodeView node_view(ExecContext& context, NodeId id);
storage::RelView relationship_view(ExecContext& context, RelId id);

/// All properties of a node or relationship, or the map itself, as map entries in `arena`.
/// Values that are neither are a TypeError; null gives null.
Value properties_of(ExecContext& context, const Value& entity_or_map, Arena& arena);

/// A property key by name whose id is looked up once and remembered (ids never change).
class KeyName {
 public:
  explicit KeyName(std::string_view name) : name_(name) {}
  std::string_view name() const { return name_; }
  std::optional<KeyId> id(ExecContext& context) const {
    if (!id_) id_ = context.store.find_key(name_);
    return id_;
  }

 private:
  std::string_view name_;
  mutable std::optional<KeyId> id_;
};

/// value.name for every kind that has members: entities, maps, temporals, durations, points. Null gives null.
Value member(ExecContext& context, const Value& object, const KeyName& key, Arena& arena);

}  // namespace packhouse::cypher
