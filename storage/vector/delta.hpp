#pragma once
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

namespace packhouse::storage {

/// How one vector index differs from the snapshot, by entity. For one thread.
class VectorDelta {
 public:
  struct Change {
    Bytes elements;   ///< as they are stored; empty: the entity is not in the index any more
    std::int8_t net;  ///< by how much the number of entries changes: 1 new, 0 changed, -1 gone
  };

  /// `change.elements` must live as long as the overlay.
  void set(std::uint64_t entity, Change change) { changes_[entity] = change; }
  void forget(std::uint64_t entity) { changes_.erase(entity); }

  const Change* find(std::uint64_t entity) const {
    const auto it = changes_.find(entity);
    return it == changes_.end() ? nullptr : &it->second;
  }
  std::size_t size() const { return changes_.size(); }

  /// f(entity, change), in no order.
  template <class F>
  void for_each(F&& f) const {
    for (const auto& [entity, change] : changes_) f(entity, change);
  }
  /// The entities in ascending order.
  std::vector<std::uint64_t> sorted() const {
    std::vector<std::uint64_t> out;
    out.reserve(changes_.size());
    for (const auto& [entity, change] : changes_) out.push_back(entity);
    std::ranges::sort(out);
    return out;
  }

 private:
  boost::unordered_flat_map<std::uint64_t, Change> changes_;
};

}  // namespace packhouse::storage
