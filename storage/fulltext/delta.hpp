#pragma once
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"

namespace packhouse::storage {

/// How many entities have words in one property of a full-text index, and how many words those are.
struct FieldTotals {
  std::int64_t entities = 0, words = 0;
};

/// How one full-text index differs from the snapshot: by entity, and derived from that by term. For one thread.
class FulltextDelta {
 public:
  /// What the index keeps of an entity (fulltext/document.hpp): empty when nothing. Both as long as the overlay lives.
  struct Change {
    Bytes before, after;
  };
  struct TermChange {
    enum class Kind : std::uint8_t { added, replaced, removed };
    std::uint64_t head;  ///< the first bytes of the key as a number: decides most comparisons
    Bytes key;           ///< field and term
    std::uint64_t entity;
    Bytes posting;
    Kind kind;
  };

  void set(std::uint64_t entity, Change change) {
    changes_[entity] = change;
    derived_.reset();
  }
  void forget(std::uint64_t entity) {
    changes_.erase(entity);
    derived_.reset();
  }
  std::size_t size() const { return changes_.size(); }

  /// All changes by key, then entity.
  std::span<const TermChange> terms() const { return derived().terms; }
  /// Those of one key.
  std::span<const TermChange> term(Bytes key) const;
  /// Changes by field number; fields beyond the end have not changed.
  std::span<const FieldTotals> totals() const { return derived().totals; }
  std::size_t bytes() const { return changes_.size() * 48 + (derived_ ? derived_->terms.capacity() * sizeof(TermChange) : 0); }

 private:
  struct Derived {
    std::vector<TermChange> terms;
    std::vector<FieldTotals> totals;
  };
  const Derived& derived() const;

  boost::unordered_flat_map<std::uint64_t, Change> changes_;
  mutable std::optional<Derived> derived_;  // made when first asked for
};

}  // namespace packhouse::storage
