#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "cypher/exec/build.hpp"
#include "storage/graph.hpp"

namespace packhouse::cypher {

inline storage::Direction to_storage(ast::Direction d) {
  switch (d) {
    case ast::Direction::out: return storage::Direction::out;
    case ast::Direction::in: return storage::Direction::in;
    case ast::Direction::both: break;
  }
  return storage::Direction::both;
}
inline storage::Direction reverse(storage::Direction d) {
  switch (d) {
    case storage::Direction::out: return storage::Direction::in;
    case storage::Direction::in: return storage::Direction::out;
    case storage::Direction::both: break;
  }
  return storage::Direction::both;
}

/// The node in a pattern's slot; false for null. Anything else can't stand in a pattern.
inline bool node_in(const Value& v, NodeId& id) {
  if (v.is(Kind::node)) {
    id = v.as_node();
    return true;
  }
  if (v.is_null()) return false;
  throw QueryError(Status::type_error, "Type mismatch: expected Node but was " + std::string(type_name(v.kind())));
}

/// Relationships that a new one must differ from, gathered once for an input row: one MATCH uses none twice.
class UsedRelationships {
 public:
  explicit UsedRelationships(plan::Slots slots) : slots_(std::move(slots)) {}
  bool any() const { return !slots_.empty(); }
  void gather(Batch& in, RowIndex row) {
    used_.clear();
    for (const Slot s : slots_) {
      const Value& v = in.at(s, row);
      if (v.is(Kind::relationship)) {
        used_.push_back(v.as_relationship());
      } else if (v.is(Kind::list)) {
        for (const Value& item : v.as_list()) {
          if (item.is(Kind::relationship)) used_.push_back(item.as_relationship());
        }
      }
    }
  }
  bool contains(RelId id) const { return std::find(used_.begin(), used_.end(), id) != used_.end(); }

 private:
  plan::Slots slots_;
  std::vector<RelId> used_;
};

}  // namespace packhouse::cypher
