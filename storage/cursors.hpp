#pragma once
#include <array>
#include <memory>
#include <vector>

#include "storage/delta.hpp"
#include "storage/graph.hpp"
#include "storage/keys.hpp"
#include "storage/kv/engine.hpp"
#include "storage/overlay_record.hpp"

namespace packhouse::storage {

/// Ids of a table or of one label's or type's entries, ascending: those of the snapshot, merged with a copy of what the
/// transaction had changed when the cursor was opened. Lives no longer than the snapshot.
class IdMerge {
 public:
  IdMerge(std::unique_ptr<kv::Scan> scan, const IdDelta* delta);
  Result<std::size_t> next(std::span<std::uint64_t> out);

 private:
  Result<bool> refill();
  std::unique_ptr<kv::Scan> scan_;
  std::vector<IdDelta::Entry> changes_;
  std::size_t change_ = 0;
  std::array<kv::Entry, 128> batch_;
  std::size_t at_ = 0, count_ = 0;
  bool stored_done_ = false;
};

/// Decides whether a record really has the values that a seek asked for: needed where keys can't tell (cut ones).
class IndexFilter {
 public:
  IndexFilter(kv::Snapshot& snapshot, const Index& index, const IndexRange& range);
  /// The record of the snapshot.
  Result<bool> matches(std::uint64_t id);
  Result<bool> matches(const RecordReader& record);

 private:
  bool on_column(const Value& value) const;
  kv::Snapshot& snapshot_;
  EntityType entity_;
  std::vector<KeyId> keys_;
  Arena arena_, scratch_;
  IndexRange range_;
};

/// Ids of an index range in index order, merged in the same way.
class IndexMerge {
 public:
  /// `scan` may be null (nothing stored). `filter` may be null; it is for what is stored, `changes` are filtered already.
  IndexMerge(std::unique_ptr<kv::Scan> scan, std::vector<IndexDelta::Entry> changes, std::unique_ptr<IndexFilter> filter);
  Result<std::size_t> next(std::span<std::uint64_t> out);

 private:
  Result<bool> refill();
  std::unique_ptr<kv::Scan> scan_;
  std::vector<IndexDelta::Entry> changes_;
  std::unique_ptr<IndexFilter> filter_;
  std::size_t change_ = 0;
  std::array<kv::Entry, 32> batch_;
  std::size_t at_ = 0, count_ = 0;
};

/// The public face of either, for nodes or relationships.
template <class Id, class Merge>
class MergeCursor final : public Cursor<Id> {
 public:
  template <class... A>
  explicit MergeCursor(A&&... a) : merge_(std::forward<A>(a)...) {}
  Result<std::size_t> next(std::span<Id> out) override {
    static_assert(sizeof(Id) == sizeof(std::uint64_t));
    constexpr std::size_t step = 128;
    std::uint64_t ids[step];
    std::size_t n = 0;
    while (n < out.size()) {
      PACKHOUSE_TRY(const std::size_t got, merge_.next(std::span(ids, std::min(step, out.size() - n))));
      if (got == 0) break;
      for (std::size_t i = 0; i < got; ++i) out[n++] = Id{ids[i]};
    }
    return n;
  }

 private:
  Merge merge_;
};

}  // namespace packhouse::storage
