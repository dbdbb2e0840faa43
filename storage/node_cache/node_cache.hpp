#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "base/arena.hpp"
#include "base/error.hpp"
#include "storage/kv/engine.hpp"
#include "storage/node_cache/chunks.hpp"
#include "storage/overlay_record.hpp"
#include "value/value.hpp"

namespace packhouse::storage {

/// Property values and labels of nodes that are read again and again, as arrays over the node ids: a copy of what the
/// records say, that costs a few nanoseconds a node. Readers fill it, a chunk of 1,024 nodes at a time, once a chunk was
/// asked for often enough to pay. A commit makes those chunks useless whose nodes it changes. Values that can't be copied
/// (lists, long strings …) stay with the record. Thread-safe; never wrong, only absent.
class NodeCache {
 public:
  class Column;   ///< one property of all nodes
  class Members;  ///< the nodes of one label
  using Bits = std::array<std::uint64_t, nodes_per_chunk / 64>;

  /// May hold `budget` bytes; 0: it stays empty.
  explicit NodeCache(std::size_t budget);
  ~NodeCache();

  /// Which nodes a commit changes; told before the commit can be seen.
  void note(std::uint64_t sequence, std::span<OverlayNode* const> nodes);

  /// Null when nothing may be cached. The handle keeps it; take a new one for each use, so that it counts as used.
  std::shared_ptr<Column> column(KeyId key);
  std::shared_ptr<Members> members(LabelId label);
  /// As the nodes of a label: all that exist.
  std::shared_ptr<Members> all_nodes() { return members(every_label); }

  /// The property of `ids` in the snapshot. Appends to `ask` the positions for which the record must be asked, to
  /// `missing` those without a node; at all others out[i] is the value, null when the node has none.
  void read(Column& column, kv::Snapshot& snapshot, std::span<const NodeId> ids, std::span<Value> out,
            std::vector<std::size_t>& ask, std::vector<std::size_t>& missing);

  /// A bit for each node of the chunk that has the label, from the cache or else from the store.
  Result<void> read(Members& members, kv::Snapshot& snapshot, std::uint64_t chunk, Bits& bits);
  /// Whether each of `ids` has the label (1 or 0; as large as `ids`), except at the positions appended to `ask`.
  Result<void> read(Members& members, kv::Snapshot& snapshot, std::span<const NodeId> ids, std::span<std::uint8_t> has,
                    std::vector<std::size_t>& ask);

  /// What it holds, about.
  std::size_t bytes() const;

 private:
  static constexpr LabelId every_label{~std::uint32_t{0}};  // no token's id
  template <class Id, class Part>
  using Parts = boost::unordered_flat_map<Id, std::shared_ptr<Part>>;
  template <class Id, class Part>
  std::shared_ptr<Part> part(Parts<Id, Part>& parts, Id id);
  template <class Part>
  typename Part::Slot* slot(Part& part, std::uint64_t chunk);
  template <class Id, class Part>
  bool forget_oldest(Parts<Id, Part>& parts, const void* keep);
  bool make_room(std::size_t bytes, std::size_t kept, const void* keep);
  bool fill(Column& column, kv::Snapshot& snapshot, std::uint64_t chunk);
  Value copied(Column& column, const Value& value);
  std::optional<std::string_view> kept_text(Column& column, std::string_view text);
  std::size_t held() const;

  const std::size_t budget_;
  NodeChanges changes_;

  mutable std::mutex mutex_;  // of the next three; not held while anything is read
  std::uint64_t clock_ = 0;
  Parts<KeyId, Column> columns_;
  Parts<LabelId, Members> members_;

  // Texts are kept for good, so that values may point to them: few different ones are worth it.
  std::mutex text_mutex_;
  std::atomic<std::size_t> text_bytes_{0};
  Arena text_;
  boost::unordered_flat_set<std::string_view> texts_;
};

/// The ids of a label, ascending, chunk by chunk through the cache. Lives no longer than the snapshot.
class CachedLabelScan {
 public:
  /// From chunk `first` to before `end`.
  CachedLabelScan(NodeCache& cache, std::shared_ptr<NodeCache::Members> members, kv::Snapshot& snapshot, std::uint64_t first,
                  std::uint64_t end)
      : cache_(cache), members_(std::move(members)), snapshot_(snapshot), chunk_(first), end_(end) {}
  Result<std::size_t> next(std::span<std::uint64_t> out);

 private:
  NodeCache& cache_;
  std::shared_ptr<NodeCache::Members> members_;
  kv::Snapshot& snapshot_;
  std::uint64_t chunk_, end_;  // the next to read, and where to stop
  NodeCache::Bits bits_{};
  std::size_t word_ = std::tuple_size_v<NodeCache::Bits>;  // all of the last chunk given out
};

}  // namespace packhouse::storage
