#pragma once
#include <string>
#include <vector>

#include "fulltext/analyzer.hpp"
#include "fulltext/query.hpp"
#include "storage/fulltext/scorers.hpp"
#include "storage/fulltext/terms.hpp"

namespace packhouse::storage {

/// Makes scorers from a query: analyses its words, looks up terms, expands wildcards and the like.
class QueryWeigher {
 public:
  /// Lists of postings that one query may open.
  static constexpr std::size_t max_clauses = 4096;
  /// Terms that a fuzzy word stands for at most, the closest ones.
  static constexpr std::size_t max_fuzzy_terms = 50;
  /// Words of a phrase with a slop: the time it takes grows with their square.
  static constexpr std::size_t max_sloppy_words = 64;

  /// `fields`: names of the index's properties; `totals`: of as many fields.
  QueryWeigher(const FulltextView& view, const fulltext::Analyzer& analyzer, std::vector<std::string> fields,
               std::vector<FieldTotals> totals)
      : view_(view), analyzer_(analyzer), fields_(std::move(fields)), totals_(std::move(totals)) {}

  /// Null when nothing can be found. Status::argument_error for too many clauses, Status::syntax_error for a bad pattern.
  Result<ScorerPtr> weigh(const fulltext::Query& query);

 private:
  using Query = fulltext::Query;
  using FieldNumber = std::uint8_t;
  /// A clause may also be nothing at all: one whose words the analyzer has left out.
  struct Built {
    bool absent = false;
    ScorerPtr scorer;  ///< null: finds nothing
  };
  struct Word {
    std::string text;
    std::uint32_t position;
  };
  /// A term that matches, and how well.
  struct Weighted {
    std::string term;
    float closeness;
  };

  Result<Built> build(const Query& query, float boost);
  Result<Built> group(const Query& query, float boost);
  Result<Built> words(const Query& query, float boost);
  Result<ScorerPtr> phrase(FieldNumber field, const std::vector<Word>& words, std::uint32_t slop, float boost);
  Result<ScorerPtr> term(FieldNumber field, std::string_view term, float boost);
  Result<ScorerPtr> one(FieldNumber field, const Query& query, float boost);
  Result<ScorerPtr> wildcard(FieldNumber field, const Query& query, float boost);
  Result<ScorerPtr> regex(FieldNumber field, const Query& query, float boost);
  Result<ScorerPtr> range(FieldNumber field, const Query& query, float boost);
  Result<ScorerPtr> fuzzy(FieldNumber field, const Query& query, float boost);
  Result<ScorerPtr> everything(FieldNumber field, float boost);

  std::vector<FieldNumber> fields_of(const Query& query) const;
  Result<PostingList> open(FieldNumber field, std::string_view term);

  FulltextView view_;
  const fulltext::Analyzer& analyzer_;
  std::vector<std::string> fields_;
  std::vector<FieldTotals> totals_;
  std::size_t opened_ = 0;
};

}  // namespace packhouse::storage
