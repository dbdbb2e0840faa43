#pragma once
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "storage/fulltext/delta.hpp"
#include "storage/fulltext/varint.hpp"
#include "storage/kv/engine.hpp"
#include "storage/schema.hpp"

namespace packhouse::storage {

/// No entity: the end of a list.
inline constexpr std::uint64_t no_entity = ~std::uint64_t{0};

/// Watches over one search: what it has cost, and whether it has to end. All parts of the search share it.
class SearchWatch {
 public:
  explicit SearchWatch(const std::function<Result<void>(std::size_t)>& pause) : pause_(pause) {}
  /// Now and then: false when the search must end.
  bool go_on() {
    if (error_) return false;
    if (++ticks_ % 256 == 0 && pause_) {
      if (auto r = pause_(bytes_); !r) error_ = std::move(r).error();
    }
    return !error_;
  }
  void fail(Error e) {
    if (!error_) error_ = std::move(e);
  }
  void damaged() { fail(Error(Status::storage_failed, "a block of a full-text index is damaged")); }
  /// Accounts memory that the search keeps, until its end.
  void keep(std::size_t bytes) { bytes_ += bytes; }
  Result<void> result() {
    if (!error_ && pause_) {
      if (auto r = pause_(bytes_); !r) error_ = std::move(r).error();
    }
    return error_ ? Result<void>(tl::make_unexpected(*error_)) : Result<void>();
  }

 private:
  const std::function<Result<void>(std::size_t)>& pause_;
  std::uint64_t ticks_ = 0;
  std::size_t bytes_ = 0;
  std::optional<Error> error_;
};

/// What a search reads from: an index in a snapshot, and the transaction's own changes to it.
struct FulltextView {
  kv::Snapshot& snapshot;
  const Index& index;
  const FulltextDelta* own;  ///< may be null
  SearchWatch& watch;
};

/// The entities that have a term in a field, in ascending order: stored blocks merged with the transaction's own changes.
/// After damage or when the search must end it is simply at its end; the watch knows.
class PostingList {
 public:
  /// `term`: as term_key() makes it. Stands before the first entity.
  static Result<PostingList> open(const FulltextView& view, Bytes term);

  /// How many entities there are in all.
  std::uint64_t size() const { return size_; }

  std::uint64_t entity() const { return entity_; }
  /// The next one, or no_entity.
  std::uint64_t next();
  /// The first one that is not before `target`, which lies beyond entity().
  std::uint64_t advance(std::uint64_t target);

  // Of the entity that it stands at:
  std::uint32_t frequency() const { return current_.frequency; }
  std::uint32_t words() const { return current_.words; }  ///< of the field
  /// Overwrites `out`, in ascending order.
  void positions(std::vector<std::uint32_t>& out) const;

 private:
  struct Block {
    std::uint64_t least;
    Bytes bytes;
  };
  struct Posting {
    std::uint32_t frequency = 0, words = 0;
    VarintReader positions;
    static Posting read(VarintReader& from);
  };

  void open_block(std::size_t i);
  void next_stored();
  std::uint64_t settle();

  SearchWatch* watch_ = nullptr;
  std::vector<Block> blocks_;
  std::span<const FulltextDelta::TermChange> own_;
  std::uint64_t size_ = 0;

  std::size_t block_ = 0, own_at_ = 0;
  VarintReader reader_;
  std::uint64_t left_ = 0;  // postings of the block that were not read
  std::uint64_t stored_entity_ = 0;
  Posting stored_;
  bool at_own_ = true;  // nothing stored is to be left behind
  std::uint64_t entity_ = 0;
  Posting current_;
};

}  // namespace packhouse::storage
