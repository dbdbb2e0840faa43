#include "storage/fulltext/weigh.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fulltext/match.hpp"
#include "storage/fulltext/document.hpp"

namespace packhouse::storage {
namespace {

/// Entities of many terms, each once.
class EntityUnion {
 public:
  explicit EntityUnion(SearchWatch& watch) : watch_(watch) {}
  void add(PostingList list) {
    while (list.next() != no_entity) {
      if (entities_.size() == entities_.capacity()) grow();
      entities_.push_back(list.entity());
    }
  }
  std::vector<std::uint64_t> take() {
    compact();
    return std::move(entities_);
  }

 private:
  void grow() {
    compact();
    if (entities_.size() * 2 <= entities_.capacity() && !entities_.empty()) return;
    const std::size_t room = std::max<std::size_t>(64, entities_.capacity() * 2);
    watch_.keep((room - entities_.capacity()) * sizeof(std::uint64_t));
    entities_.reserve(room);
  }
  void compact() {
    std::ranges::sort(entities_);
    entities_.erase(std::ranges::unique(entities_).begin(), entities_.end());
  }
  SearchWatch& watch_;
  std::vector<std::uint64_t> entities_;
};

std::string stored(std::string_view term) {
  std::string out;
  append_stored_term(term, out);
  return out;
}

}  // namespace

Result<PostingList> QueryWeigher::open(FieldNumber field, std::string_view term) {
  return PostingList::open(view_, as_bytes(term_key(field, term)));
}

std::vector<QueryWeigher::FieldNumber> QueryWeigher::fields_of(const Query& query) const {
  std::vector<FieldNumber> out;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (!query.field || *query.field == fields_[i]) out.push_back(static_cast<FieldNumber>(i));
  }
  return out;
}

Result<ScorerPtr> QueryWeigher::weigh(const Query& query) {
  PACKHOUSE_TRY(Built built, build(query, 1));
  PACKHOUSE_CHECK(view_.watch.result());
  return std::move(built.scorer);
}

Result<QueryWeigher::Built> QueryWeigher::build(const Query& query, float boost) {
  boost *= query.boost;
  if (query.kind == Query::Kind::group) return group(query, boost);
  if (query.kind == Query::Kind::words || query.kind == Query::Kind::phrase) return words(query, boost);
  std::vector<ScorerPtr> found;
  for (const FieldNumber field : fields_of(query)) {
    PACKHOUSE_TRY(ScorerPtr part, one(field, query, boost));
    if (part) found.push_back(std::move(part));
  }
  ScorerPtr any = any_of(std::move(found));
  if (any && query.kind == Query::Kind::all) any = constant_scorer(std::move(any), boost);
  return Built{false, std::move(any)};
}

Result<ScorerPtr> QueryWeigher::one(FieldNumber field, const Query& query, float boost) {
  if (++opened_ > max_clauses) {
    return fail(Status::argument_error, fmt::format("The query has more than {} clauses (words times properties).", max_clauses));
  }
  switch (query.kind) {
    case Query::Kind::wildcard: return wildcard(field, query, boost);
    case Query::Kind::fuzzy: return fuzzy(field, query, boost);
    case Query::Kind::range: return range(field, query, boost);
    case Query::Kind::regex: return regex(field, query, boost);
    default: return everything(field, boost);
  }
}

Result<QueryWeigher::Built> QueryWeigher::group(const Query& query, float boost) {
  std::vector<ScorerPtr> must, should, must_not;
  bool any = false, impossible = false;
  for (const Query::Clause& c : query.clauses) {
    PACKHOUSE_TRY(Built built, build(c.query, boost));
    if (built.absent) continue;
    any = true;
    if (!built.scorer) {
      impossible = impossible || c.occur == Query::Occur::must;
      continue;
    }
    auto& parts = c.occur == Query::Occur::must ? must : c.occur == Query::Occur::should ? should : must_not;
    parts.push_back(std::move(built.scorer));
  }
  if (!any) return Built{true, nullptr};
  if (impossible) return Built{};
  ScorerPtr wanted = all_of(std::move(must)), better = any_of(std::move(should));
  if (!wanted) wanted = std::move(better);
  else if (better) wanted = preferring(std::move(wanted), std::move(better));
  ScorerPtr unwanted = any_of(std::move(must_not));
  if (wanted && unwanted) wanted = without(std::move(wanted), std::move(unwanted));
  return Built{false, std::move(wanted)};
}

Result<QueryWeigher::Built> QueryWeigher::words(const Query& query, float boost) {
  std::vector<Word> words;
  analyzer_.analyze(query.text, 0, [&](std::string_view word, std::uint32_t position) { words.push_back({stored(word), position}); });
  if (words.empty()) return Built{true, nullptr};
  const auto fields = fields_of(query);
  opened_ += words.size() * fields.size();
  if (opened_ > max_clauses) {
    return fail(Status::argument_error, fmt::format("The query has more than {} clauses (words times properties).", max_clauses));
  }
  std::vector<ScorerPtr> found;
  for (const FieldNumber field : fields) {
    if (query.kind == Query::Kind::phrase && words.size() > 1) {
      PACKHOUSE_TRY(ScorerPtr part, phrase(field, words, query.slop, boost));
      if (part) found.push_back(std::move(part));
      continue;
    }
    for (const Word& word : words) {
      PACKHOUSE_TRY(ScorerPtr part, term(field, word.text, boost));
      if (part) found.push_back(std::move(part));
    }
  }
  return Built{false, any_of(std::move(found))};
}

Result<ScorerPtr> QueryWeigher::term(FieldNumber field, std::string_view term, float boost) {
  PACKHOUSE_TRY(PostingList list, open(field, term));
  if (list.size() == 0) return ScorerPtr();
  const FieldTotals& totals = totals_[field];
  const float weight = boost * Bm25::idf(static_cast<std::uint64_t>(totals.entities), list.size());
  return term_scorer(std::move(list), Bm25(weight, totals));
}

Result<ScorerPtr> QueryWeigher::phrase(FieldNumber field, const std::vector<Word>& words, std::uint32_t slop, float boost) {
  if (slop > 0 && words.size() > max_sloppy_words) {
    return fail(Status::argument_error, fmt::format("A phrase with a slop may have at most {} words.", max_sloppy_words));
  }
  std::vector<PostingList> lists;
  std::vector<std::uint32_t> offsets;
  const FieldTotals& totals = totals_[field];
  float weight = 0;
  for (const Word& word : words) {
    PACKHOUSE_TRY(PostingList list, open(field, word.text));
    if (list.size() == 0) return ScorerPtr();
    weight += Bm25::idf(static_cast<std::uint64_t>(totals.entities), list.size());
    lists.push_back(std::move(list));
    offsets.push_back(word.position);
  }
  return phrase_scorer(std::move(lists), std::move(offsets), slop, Bm25(boost * weight, totals));
}

Result<ScorerPtr> QueryWeigher::everything(FieldNumber field, float boost) {
  PACKHOUSE_TRY(PostingList list, open(field, {}));
  if (list.size() == 0) return ScorerPtr();
  return constant_scorer(term_scorer(std::move(list), Bm25(1, totals_[field])), boost);
}

Result<ScorerPtr> QueryWeigher::wildcard(FieldNumber field, const Query& query, float boost) {
  PACKHOUSE_TRY(const auto pattern, fulltext::Wildcard::make(query.text, analyzer_));
  if (pattern.everything()) return everything(field, boost);
  EntityUnion found(view_.watch);
  PACKHOUSE_CHECK(for_each_term(view_, field, terms_with(pattern.prefix()), [&](std::string_view term) -> Result<bool> {
    if (!pattern.matches(term)) return true;
    PACKHOUSE_TRY(PostingList list, open(field, term));
    found.add(std::move(list));
    return true;
  }));
  return constant_scorer(found.take(), boost);
}

Result<ScorerPtr> QueryWeigher::regex(FieldNumber field, const Query& query, float boost) {
  PACKHOUSE_TRY(const auto pattern, fulltext::Pattern::make(query.text));
  EntityUnion found(view_.watch);
  PACKHOUSE_CHECK(for_each_term(view_, field, {}, [&](std::string_view term) -> Result<bool> {
    if (!pattern.matches(term)) return true;
    PACKHOUSE_TRY(PostingList list, open(field, term));
    found.add(std::move(list));
    return true;
  }));
  return constant_scorer(found.take(), boost);
}

Result<ScorerPtr> QueryWeigher::range(FieldNumber field, const Query& query, float boost) {
  const auto bound = [&](const std::optional<std::string>& b) { return b ? stored(analyzer_.normalized(*b)) : std::string(); };
  const std::string low = bound(query.low), high = bound(query.high);
  EntityUnion found(view_.watch);
  PACKHOUSE_CHECK(for_each_term(view_, field, {low, {}}, [&](std::string_view term) -> Result<bool> {
    if (query.high && (query.high_inclusive ? term > high : term >= high)) return false;
    if (query.low && !query.low_inclusive && term == low) return true;
    PACKHOUSE_TRY(PostingList list, open(field, term));
    found.add(std::move(list));
    return true;
  }));
  return constant_scorer(found.take(), boost);
}

Result<ScorerPtr> QueryWeigher::fuzzy(FieldNumber field, const Query& query, float boost) {
  const std::string text = stored(analyzer_.normalized(query.text));
  fulltext::FuzzyWord word(text, query.similarity);
  if (word.most_edits() == 0) return term(field, text, boost);
  std::vector<Weighted> closest;  // a heap with the worst on top
  const auto better = [](const Weighted& a, const Weighted& b) {
    return a.closeness != b.closeness ? a.closeness > b.closeness : a.term < b.term;
  };
  PACKHOUSE_CHECK(for_each_term(view_, field, {}, [&](std::string_view term) -> Result<bool> {
    const auto edits = word.edits(term);
    if (!edits) return true;
    const float closeness = word.closeness(term, *edits);
    if (closeness <= 0) return true;
    closest.push_back({std::string(term), closeness});
    std::ranges::push_heap(closest, better);
    if (closest.size() <= max_fuzzy_terms) return true;
    std::ranges::pop_heap(closest, better);
    closest.pop_back();
    return true;
  }));
  std::vector<PostingList> lists;
  std::uint64_t most = 0;  // the terms share the weight of the most usual one, so that a misspelt one isn't worth more
  for (const Weighted& w : closest) {
    PACKHOUSE_TRY(PostingList list, open(field, w.term));
    most = std::max(most, list.size());
    lists.push_back(std::move(list));
  }
  if (most == 0) return ScorerPtr();
  const FieldTotals& totals = totals_[field];
  const float idf = Bm25::idf(static_cast<std::uint64_t>(totals.entities), most);
  std::vector<ScorerPtr> found;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (lists[i].size() > 0) found.push_back(term_scorer(std::move(lists[i]), Bm25(boost * closest[i].closeness * idf, totals)));
  }
  return any_of(std::move(found));
}

}  // namespace packhouse::storage
