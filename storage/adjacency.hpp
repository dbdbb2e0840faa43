#pragma once
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "storage/graph.hpp"
#include "storage/kv/engine.hpp"

// The relationships of each node, in packed blocks (docs: storage/adjacency_block.hpp has the layout).
// Each relationship has two entries: `out` at its start, `in` at its end. A node's entries of one direction are
// sorted and split into blocks of at most max_block bytes; most nodes have one block, read with one get().
namespace packhouse::storage::adjacency {

/// One relationship as its node's list keeps it.
struct Entry {
  TypeId type{};
  NodeId neighbour{};
  RelId rel{};
  auto operator<=>(const Entry&) const = default;
};

/// Appends the committed edges; `both` shows a loop once. `types` empty = all. Ordered by (type, neighbour,
/// relationship) within a direction, outgoing first.
Result<void> expand(kv::Snapshot& snapshot, NodeId node, Direction direction, std::span<const TypeId> types,
                    std::vector<Edge>& out);

/// Only those to `other`: reads the blocks where they can be, one seek a type.
Result<void> expand_into(kv::Snapshot& snapshot, NodeId node, NodeId other, Direction direction,
                         std::span<const TypeId> types, std::vector<Edge>& out);

/// How many expand() would append; reads only the head of each block.
Result<std::uint64_t> degree(kv::Snapshot& snapshot, NodeId node, Direction direction, std::span<const TypeId> types);

/// Whether the node has any relationship left, in the batch's state (the check when a deleted node is committed).
Result<bool> has_edges(kv::Batch& batch, NodeId node);

/// Changes one node's list. `adds` and `removes` are sorted, without duplicates and disjoint; adding what is there
/// or removing what isn't is an error (storage_failed: the caller's locks or the store are broken).
/// Direction is out or in.
Result<void> merge(kv::Batch& batch, NodeId node, Direction direction, std::span<const Entry> adds,
                   std::span<const Entry> removes);

}  // namespace packhouse::storage::adjacency
