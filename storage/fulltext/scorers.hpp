#pragma once
#include <memory>
#include <vector>

#include "storage/fulltext/posting_list.hpp"

namespace packhouse::storage {

/// A part of a query that walks over the entities it means, in ascending order, and scores the one it stands at.
class Scorer {
 public:
  virtual ~Scorer() = default;
  std::uint64_t entity() const { return entity_; }  ///< meaningless before the first next() or advance()
  /// The next entity, or no_entity.
  virtual std::uint64_t next() = 0;
  /// The first entity that is not before `target`; target lies beyond entity().
  virtual std::uint64_t advance(std::uint64_t target) = 0;
  virtual float score() = 0;
  /// About how many entities there are, at most: the rarest part of a conjunction leads.
  virtual std::uint64_t cost() const = 0;

 protected:
  std::uint64_t entity_ = 0;
};
using ScorerPtr = std::unique_ptr<Scorer>;

/// BM25 as Lucene computes it: weight x frequency / (frequency + k1 (1 - b + b length / average)), with lengths of 40 and
/// more rounded down to what fits in a byte.
class Bm25 {
 public:
  /// `entities`: with words in the field; `found`: with the term.
  static float idf(std::uint64_t entities, std::uint64_t found);
  Bm25(float weight, const FieldTotals& field);
  float score(float frequency, std::uint32_t words) const;

 private:
  float weight_, average_;
};

/// The entities with a term.
ScorerPtr term_scorer(PostingList list, Bm25 similarity);
/// The entities with terms next to each other: lists[i] stands offsets[i] positions after the first.
ScorerPtr phrase_scorer(std::vector<PostingList> lists, std::vector<std::uint32_t> offsets, std::uint32_t slop, Bm25 similarity);
/// Known entities in ascending order, all with one score.
ScorerPtr constant_scorer(std::vector<std::uint64_t> entities, float score);
/// All of another one's entities with one score.
ScorerPtr constant_scorer(ScorerPtr inner, float score);
/// Entities that are in any: scores add up. Null for none.
ScorerPtr any_of(std::vector<ScorerPtr> parts);
/// Entities that are in all: scores add up.
ScorerPtr all_of(std::vector<ScorerPtr> parts);
/// Those of `wanted` that are not in `unwanted`.
ScorerPtr without(ScorerPtr wanted, ScorerPtr unwanted);
/// Those of `wanted`, with the scores of `better` where it has them too.
ScorerPtr preferring(ScorerPtr wanted, ScorerPtr better);

}  // namespace packhouse::storage
