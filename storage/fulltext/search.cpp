#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "storage/fulltext/layout.hpp"
#include "storage/fulltext/weigh.hpp"
#include "storage/transaction.hpp"

namespace packhouse::storage {
namespace {

bool better(const FulltextMatch& a, const FulltextMatch& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; }

/// The best matches: a heap while there is a limit, all of them otherwise.
class BestMatches {
 public:
  BestMatches(std::uint64_t skip, std::uint64_t limit, SearchWatch& watch)
      : skip_(skip), most_(limit > ~std::uint64_t{0} - skip ? ~std::uint64_t{0} : skip + limit), watch_(watch) {}

  void offer(FulltextMatch m) {
    if (found_.size() >= most_) {
      if (most_ == 0 || !better(m, found_.front())) return;
      std::ranges::pop_heap(found_, better);
      found_.back() = m;
      std::ranges::push_heap(found_, better);
      return;
    }
    if (found_.size() == found_.capacity()) {
      const std::size_t room = std::max<std::size_t>(64, found_.capacity() * 2);
      watch_.keep((room - found_.capacity()) * sizeof(FulltextMatch));
      found_.reserve(room);
    }
    found_.push_back(m);
    if (found_.size() == most_) std::ranges::make_heap(found_, better);
  }

  std::vector<FulltextMatch> take() {
    std::ranges::sort(found_, better);
    found_.erase(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(skip_, found_.size())));
    return std::move(found_);
  }

 private:
  const std::uint64_t skip_, most_;
  SearchWatch& watch_;
  std::vector<FulltextMatch> found_;
};

Result<std::vector<FieldTotals>> totals_of(const FulltextView& view) {
  PACKHOUSE_TRY(const auto stored, view.snapshot.get(layout::totals_key(view.index.id)));
  auto totals = layout::parse_totals(stored.value_or(Bytes()));
  totals.resize(view.index.keys.size());
  if (!view.own) return totals;
  const auto own = view.own->totals();
  for (std::size_t i = 0; i < std::min(own.size(), totals.size()); ++i) {
    totals[i].entities = std::max<std::int64_t>(totals[i].entities + own[i].entities, 0);
    totals[i].words = std::max<std::int64_t>(totals[i].words + own[i].words, 0);
  }
  return totals;
}

}  // namespace

Result<std::vector<FulltextMatch>> TransactionImpl::fulltext_search(const FulltextQuery& query) {
  PACKHOUSE_CHECK(reading());
  const Index* index = catalog().index(query.index);
  if (!index || index->type != IndexType::fulltext) {
    return fail(Status::index_not_found, fmt::format("there is no such full-text index: id {}", raw(query.index)));
  }
  if (index->state != IndexState::online) {
    return fail(Status::argument_error,
                fmt::format("The index '{}' is POPULATING until the transaction that makes it is committed.", index->name));
  }
  const std::string& analyzer_name = query.analyzer ? *query.analyzer : index->fulltext.analyzer;
  const fulltext::Analyzer* analyzer = fulltext::find_analyzer(analyzer_name);
  if (!analyzer) return fail(Status::argument_error, fmt::format("No such full-text analyzer: '{}'.", analyzer_name));
  PACKHOUSE_TRY(const fulltext::Query parsed, fulltext::parse_query(query.text));
  PACKHOUSE_CHECK(derive());
  SearchWatch watch(query.pause);
  const FulltextView view{*snapshot_, *index, write_ ? write_->overlay.fulltext(index->id) : nullptr, watch};
  PACKHOUSE_TRY(auto totals, totals_of(view));
  std::vector<std::string> fields;
  for (const KeyId key : index->keys) fields.emplace_back(core_.property_keys.name(raw(key)));
  QueryWeigher weigher(view, *analyzer, std::move(fields), std::move(totals));
  PACKHOUSE_TRY(const ScorerPtr scorer, weigher.weigh(parsed));
  BestMatches best(query.skip, query.limit, watch);
  if (scorer) {
    for (std::uint64_t e = scorer->next(); e != no_entity; e = scorer->next()) {
      const float score = scorer->score();
      best.offer({e, std::isfinite(score) ? score : std::numeric_limits<float>::max()});  // boosts may be huge
    }
  }
  PACKHOUSE_CHECK(watch.result());
  return best.take();
}

}  // namespace packhouse::storage
