#include <algorithm>
#include <string>

#include "storage/adjacency.hpp"
#include "storage/adjacency_block.hpp"
#include "storage/keys.hpp"

namespace packhouse::storage::adjacency {
namespace {

tl::unexpected<Error> contradiction(NodeId node, const Entry& e, std::string_view what) {
  return fail(Status::storage_failed, "relationship " + std::to_string(raw(e.rel)) + " of node " + std::to_string(raw(node)) + " " +
                                          std::string(what));
}

/// One call of merge(): takes the changes block by block.
class Merger {
 public:
  Merger(kv::Batch& batch, NodeId node, Direction direction)
      : batch_(batch), node_(node), direction_(direction), first_key_(keys::adjacency(node, direction)),
        end_(keys::starting_with(first_key_).high) {}

  Result<void> run(std::span<const Entry> adds, std::span<const Entry> removes) {
    while (!adds.empty() || !removes.empty()) {
      const bool add_next = removes.empty() || (!adds.empty() && adds.front() < removes.front());
      PACKHOUSE_CHECK(load(add_next ? adds.front() : removes.front()));
      const auto here = [&](std::span<const Entry> changes) {
        if (!next_) return changes;
        return changes.first(static_cast<std::size_t>(std::ranges::lower_bound(changes, next_entry_) - changes.begin()));
      };
      const auto added = here(adds), removed = here(removes);
      const bool appends = !next_ && !added.empty() && (entries_.empty() || entries_.back() < added.front());
      PACKHOUSE_CHECK(change(added, removed));
      PACKHOUSE_CHECK(join_next());
      PACKHOUSE_CHECK(write(appends));
      adds = adds.subspan(added.size());
      removes = removes.subspan(removed.size());
    }
    return ok;
  }

 private:
  bool is_first() const { return key_.size() == first_key_.size(); }
  keys::SmallKey key_of(const Entry& e) const { return keys::adjacency(node_, direction_, e.type, e.neighbour, e.rel); }

  /// Reads the block that holds `e` or would hold it, and finds out where the next one begins.
  Result<void> load(const Entry& e) {
    entries_.clear();
    next_ = false;
    exists_ = false;
    key_ = first_key_;
    PACKHOUSE_TRY(const auto found, batch_.last(first_key_, key_of(e).put(std::uint8_t{0})));
    if (!found) return ok;  // the node's first relationship in this direction
    exists_ = true;
    key_ = {};
    key_.append(found->key);
    PACKHOUSE_TRY(const Block block, Block::parse(found->value));
    block.append_all(entries_);
    if (is_first() && !block.more()) return ok;
    return find_next();
  }

  Result<void> find_next() {
    keys::SmallKey after = key_;
    PACKHOUSE_TRY(const auto next, batch_.first(after.put(std::uint8_t{0}), end_));
    next_ = next.has_value();
    if (!next) return ok;
    if (next->key.size() != key_of({}).size()) return fail(Status::storage_failed, "the key of a block of relationships is damaged");
    next_key_ = {};
    next_key_.append(next->key);
    const Bytes entry = next->key.subspan(first_key_.size());
    next_entry_ = {TypeId{static_cast<std::uint32_t>(keys::last_id(entry.first(4)))}, NodeId{keys::last_id(entry.subspan(4, 8))},
                   RelId{keys::last_id(entry.subspan(12, 8))}};
    return ok;
  }

  Result<void> change(std::span<const Entry> adds, std::span<const Entry> removes) {
    merged_.clear();
    merged_.reserve(entries_.size() + adds.size());
    auto add = adds.begin();
    auto remove = removes.begin();
    for (const Entry& e : entries_) {
      while (add != adds.end() && *add < e) merged_.push_back(*add++);
      if (add != adds.end() && *add == e) return contradiction(node_, e, "is in its list already");
      if (remove != removes.end() && *remove < e) return contradiction(node_, *remove, "is missing in its list");
      if (remove != removes.end() && *remove == e) {
        ++remove;
        continue;
      }
      merged_.push_back(e);
    }
    merged_.insert(merged_.end(), add, adds.end());
    if (remove != removes.end()) return contradiction(node_, *remove, "is missing in its list");
    return ok;
  }

  /// A block that has become small takes in the next one, if both are little.
  Result<void> join_next() {
    if (!next_ || block_size(merged_) > max_block / 4) return ok;
    PACKHOUSE_TRY(const auto stored, batch_.get(next_key_));
    if (!stored) return ok;
    PACKHOUSE_TRY(const Block block, Block::parse(*stored));
    const std::size_t own = merged_.size();
    block.append_all(merged_);
    if (block_size(merged_) > max_block / 4 * 3) {
      merged_.resize(own);
      return ok;
    }
    PACKHOUSE_CHECK(batch_.erase(next_key_));
    return find_next();
  }

  Result<void> write(bool appends) {
    if (merged_.empty() && !(is_first() && next_)) {
      if (exists_) PACKHOUSE_CHECK(batch_.erase(key_));
      return is_first() || next_ ? Result<void>() : forget_more();
    }
    const std::size_t size = block_size(merged_);
    // Appending leaves full blocks behind; inserting leaves room for the next insertion.
    std::size_t most = max_block;
    if (size > max_block && !appends) most = size / (size / (max_block / 4 * 3) + 1) + 64;
    std::span<const Entry> left = merged_;
    bool more = next_;
    std::vector<std::span<const Entry>> parts;
    do {
      parts.push_back(left.first(fitting(left, std::min(most, max_block))));
      left = left.subspan(parts.back().size());
    } while (!left.empty());
    more = more || parts.size() > 1;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      buffer_.clear();
      write_block(parts[i], i == 0 && is_first() && more, buffer_);
      PACKHOUSE_CHECK(batch_.put(i == 0 ? key_ : key_of(parts[i].front()), buffer_));
    }
    return ok;
  }

  /// The last block but the first may be gone: then the first one says so, or goes too.
  Result<void> forget_more() {
    keys::SmallKey second = first_key_;
    PACKHOUSE_TRY(const auto other, batch_.first(second.put(std::uint8_t{0}), end_));
    if (other) return ok;
    PACKHOUSE_TRY(const auto stored, batch_.get(first_key_));
    if (!stored) return fail(Status::storage_failed, "the first block of a node's relationships is missing");
    PACKHOUSE_TRY(const Block first, Block::parse(*stored));
    if (first.size() == 0) return batch_.erase(first_key_);
    entries_.clear();
    first.append_all(entries_);
    buffer_.clear();
    write_block(entries_, false, buffer_);
    return batch_.put(first_key_, buffer_);
  }

  kv::Batch& batch_;
  NodeId node_;
  Direction direction_;
  keys::SmallKey first_key_, end_;
  keys::SmallKey key_, next_key_;  // of the block at hand and of the one after it
  Entry next_entry_;
  bool exists_ = false, next_ = false;
  std::vector<Entry> entries_, merged_;
  Buffer buffer_;
};

}  // namespace

Result<void> merge(kv::Batch& batch, NodeId node, Direction direction, std::span<const Entry> adds, std::span<const Entry> removes) {
  if (direction == Direction::both) return fail(Status::internal, "relationships are merged one direction at a time");
  return Merger(batch, node, direction).run(adds, removes);
}

}  // namespace packhouse::storage::adjacency
