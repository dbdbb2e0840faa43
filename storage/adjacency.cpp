#include "storage/adjacency.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "storage/adjacency_block.hpp"
#include "storage/keys.hpp"

namespace packhouse::storage::adjacency {
namespace {

constexpr NodeId last_node{std::numeric_limits<std::uint64_t>::max()};
constexpr RelId last_rel{std::numeric_limits<std::uint64_t>::max()};

/// The least key that is greater than `key` itself.
keys::SmallKey just_after(keys::SmallKey key) { return key.put(std::uint8_t{0}); }
keys::SmallKey copied(Bytes key) {
  keys::SmallKey out;
  out.append(key);
  return out;
}

/// The blocks of one node and direction in a snapshot. A block's key is a lower bound of its entries; the first
/// block's key has no entry at all, so that most nodes are read with one get(). On the stack, for one call.
class List {
 public:
  List(kv::Snapshot& snapshot, NodeId node, Direction direction)
      : snapshot_(snapshot), node_(node), direction_(direction), first_key_(keys::adjacency(node, direction)) {}

  /// False when the node has none.
  Result<bool> open() {
    PACKHOUSE_TRY(const auto stored, snapshot_.get(first_key_));
    if (!stored) return false;
    PACKHOUSE_TRY(first_, Block::parse(*stored));
    return true;
  }
  const Block& first() const { return first_; }

  /// Calls `use(block)` for every block.
  template <class Use>
  Result<void> all(Use&& use) {
    use(first_);
    if (!first_.more()) return ok;
    return following(first_key_, keys::starting_with(first_key_).high, use);
  }

  /// Calls `use(block)` for every block that may hold entries of [from, to].
  template <class Use>
  Result<void> between(const Entry& from, const Entry& to, Use&& use) {
    if (!first_.more()) return use(first_), ok;
    PACKHOUSE_TRY(const auto found, snapshot_.last(first_key_, just_after(key_of(from))));
    if (!found) return fail(Status::storage_failed, "the first block of a node's relationships is missing");
    PACKHOUSE_TRY(const Block block, Block::parse(found->value));
    use(block);
    return following(copied(found->key), just_after(key_of(to)), use);
  }

  template <class Use>
  Result<void> of_type(TypeId type, Use&& use) {
    return between({type, NodeId{}, RelId{}}, {type, last_node, last_rel}, [&](const Block& block) {
      if (const auto run = block.find_run(type)) use(block, *run);
    });
  }

  /// The least type not below `from` that occurs, or nothing.
  Result<std::optional<TypeId>> next_type(TypeId from) {
    std::optional<TypeId> found;
    const auto look = [&](const Block& block) {
      for (std::size_t run = 0; run < block.run_count() && !found; ++run) {
        if (block.run_type(run) >= from) found = block.run_type(run);
      }
    };
    if (!first_.more()) return look(first_), found;
    PACKHOUSE_TRY(const auto start, snapshot_.last(first_key_, just_after(key_of({from, NodeId{}, RelId{}}))));
    if (!start) return found;
    PACKHOUSE_TRY(const Block block, Block::parse(start->value));
    look(block);
    if (found) return found;
    PACKHOUSE_TRY(const auto scan, snapshot_.scan(just_after(copied(start->key)), keys::starting_with(first_key_).high));
    std::array<kv::Entry, 1> next;
    while (!found) {
      PACKHOUSE_TRY(const std::size_t n, scan->next(next));
      if (n == 0) break;
      PACKHOUSE_TRY(const Block after, Block::parse(next[0].value));
      look(after);
    }
    return found;
  }

 private:
  keys::SmallKey key_of(const Entry& e) const { return keys::adjacency(node_, direction_, e.type, e.neighbour, e.rel); }

  template <class Use>
  Result<void> following(const keys::SmallKey& before, const keys::SmallKey& high, Use&& use) {
    PACKHOUSE_TRY(const auto scan, snapshot_.scan(just_after(before), high));
    std::array<kv::Entry, 16> entries;
    while (true) {
      PACKHOUSE_TRY(const std::size_t n, scan->next(entries));
      if (n == 0) return ok;
      for (std::size_t i = 0; i < n; ++i) {
        PACKHOUSE_TRY(const Block block, Block::parse(entries[i].value));
        use(block);
      }
    }
  }

  kv::Snapshot& snapshot_;
  NodeId node_;
  Direction direction_;
  keys::SmallKey first_key_;
  Block first_;
};

/// Sorted, each once: runs are visited in their order.
template <class Use>
Result<void> each_type(std::span<const TypeId> types, Use&& use) {
  if (types.size() == 1) return use(types[0]);
  std::vector<TypeId> sorted(types.begin(), types.end());
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);
  sorted.erase(repeated.begin(), repeated.end());
  for (const TypeId type : sorted) PACKHOUSE_CHECK(use(type));
  return ok;
}

/// Calls `use(block, run)` for all runs of these types.
template <class Use>
Result<void> each_run(List& list, std::span<const TypeId> types, Use&& use) {
  if (!types.empty()) return each_type(types, [&](TypeId type) { return list.of_type(type, use); });
  return list.all([&](const Block& block) {
    for (std::size_t run = 0; run < block.run_count(); ++run) use(block, run);
  });
}

/// Calls `use(block, type, begin, end)` for the entries that lead to `other`.
template <class Use>
Result<void> each_to(List& list, NodeId other, std::span<const TypeId> types, Use&& use) {
  const auto of_type = [&](TypeId type) {
    return list.between({type, other, RelId{}}, {type, other, last_rel}, [&](const Block& block) {
      const auto run = block.find_run(type);
      if (!run) return;
      const std::size_t begin = block.lower_bound(block.run_begin(*run), block.run_end(*run), other);
      const std::size_t end = other == last_node ? block.run_end(*run) : block.lower_bound(begin, block.run_end(*run), NodeId{raw(other) + 1});
      if (begin < end) use(block, type, begin, end);
    });
  };
  if (!types.empty()) return each_type(types, of_type);
  TypeId from{0};
  while (true) {
    PACKHOUSE_TRY(const auto type, list.next_type(from));
    if (!type) return ok;
    PACKHOUSE_CHECK(of_type(*type));
    if (raw(*type) == std::numeric_limits<std::uint32_t>::max()) return ok;
    from = TypeId{raw(*type) + 1};
  }
}

}  // namespace

Result<void> expand(kv::Snapshot& snapshot, NodeId node, Direction direction, std::span<const TypeId> types,
                    std::vector<Edge>& out) {
  for (const Direction one : {Direction::out, Direction::in}) {
    if (direction != one && direction != Direction::both) continue;
    List list(snapshot, node, one);
    PACKHOUSE_TRY(const bool any, list.open());
    if (!any) continue;
    // A loop is in both lists; for `both` it was already found going out.
    const auto skip = one == Direction::in && direction == Direction::both ? std::optional(node) : std::nullopt;
    PACKHOUSE_CHECK(each_run(list, types, [&](const Block& block, std::size_t run) {
      block.append(block.run_begin(run), block.run_end(run), block.run_type(run), one == Direction::out, skip, out);
    }));
  }
  return ok;
}

Result<void> expand_into(kv::Snapshot& snapshot, NodeId node, NodeId other, Direction direction,
                         std::span<const TypeId> types, std::vector<Edge>& out) {
  for (const Direction one : {Direction::out, Direction::in}) {
    if (direction != one && direction != Direction::both) continue;
    if (one == Direction::in && direction == Direction::both && node == other) continue;  // loops: found going out
    List list(snapshot, node, one);
    PACKHOUSE_TRY(const bool any, list.open());
    if (!any) continue;
    PACKHOUSE_CHECK(each_to(list, other, types, [&](const Block& block, TypeId type, std::size_t begin, std::size_t end) {
      block.append(begin, end, type, one == Direction::out, std::nullopt, out);
    }));
  }
  return ok;
}

Result<std::uint64_t> degree(kv::Snapshot& snapshot, NodeId node, Direction direction, std::span<const TypeId> types) {
  std::uint64_t n = 0;
  for (const Direction one : {Direction::out, Direction::in}) {
    if (direction != one && direction != Direction::both) continue;
    List list(snapshot, node, one);
    PACKHOUSE_TRY(const bool any, list.open());
    if (!any) continue;
    if (types.empty()) {
      PACKHOUSE_CHECK(list.all([&](const Block& block) { n += block.size(); }));
    } else {
      PACKHOUSE_CHECK(each_run(list, types, [&](const Block& block, std::size_t run) { n += block.run_end(run) - block.run_begin(run); }));
    }
    if (one == Direction::out || direction != Direction::both) continue;
    PACKHOUSE_CHECK(each_to(list, node, types, [&](const Block&, TypeId, std::size_t begin, std::size_t end) { n -= end - begin; }));
  }
  return n;
}

Result<bool> has_edges(kv::Batch& batch, NodeId node) {
  for (const Direction direction : {Direction::out, Direction::in}) {
    PACKHOUSE_TRY(const auto stored, batch.get(keys::adjacency(node, direction)));
    if (!stored) continue;
    PACKHOUSE_TRY(const Block first, Block::parse(*stored));
    if (first.size() > 0 || first.more()) return true;
  }
  return false;
}

}  // namespace packhouse::storage::adjacency
