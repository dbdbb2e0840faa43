#include "storage/fulltext/delta.hpp"

#include <cstring>

#include "storage/fulltext/document.hpp"

namespace packhouse::storage {
namespace {

using TermChange = FulltextDelta::TermChange;

std::uint64_t head_of(Bytes key) {
  std::uint64_t h = 0;
  for (std::size_t i = 0; i < 8; ++i) h = h << 8 | (i < key.size() ? std::to_integer<std::uint64_t>(key[i]) : 0);
  return h;
}

struct ByKey {
  bool operator()(const TermChange& a, const TermChange& b) const {
    if (a.head != b.head) return a.head < b.head;
    if (const int c = as_text(a.key).compare(as_text(b.key)); c != 0) return c < 0;
    return a.entity < b.entity;
  }
};

void count(std::vector<FieldTotals>& totals, Bytes key, Bytes posting, int sign) {
  if (key.size() != 1) return;
  VarintReader reader(posting);
  (void)reader.next();
  const auto words = static_cast<std::int64_t>(reader.next());
  const auto field = std::to_integer<std::size_t>(key[0]);
  if (totals.size() <= field) totals.resize(field + 1);
  if (words > 0) totals[field].entities += sign;
  totals[field].words += words * sign;
}

}  // namespace

const FulltextDelta::Derived& FulltextDelta::derived() const {
  if (derived_) return *derived_;
  auto& [terms, totals] = derived_.emplace();
  for (const auto& [entity, change] : changes_) {
    DocumentReader before(change.before), after(change.after);
    while (!before.at_end() || !after.at_end()) {
      const int order = before.at_end()  ? 1
                        : after.at_end() ? -1
                                         : as_text(before.key()).compare(as_text(after.key()));
      using enum TermChange::Kind;
      if (order < 0) {
        terms.push_back({head_of(before.key()), before.key(), entity, {}, removed});
      } else if (order > 0 || as_text(before.posting()) != as_text(after.posting())) {
        terms.push_back({head_of(after.key()), after.key(), entity, after.posting(), order > 0 ? added : replaced});
      }
      if (order <= 0) count(totals, before.key(), before.posting(), -1);
      if (order >= 0) count(totals, after.key(), after.posting(), 1);
      if (order <= 0) before.next();
      if (order >= 0) after.next();
    }
  }
  std::ranges::sort(terms, ByKey());
  return *derived_;
}

std::span<const TermChange> FulltextDelta::term(Bytes key) const {
  const auto& all = derived().terms;
  const auto low = std::ranges::lower_bound(all, TermChange{head_of(key), key, 0, {}, {}}, ByKey());
  auto high = low;
  while (high != all.end() && as_text(high->key) == as_text(key)) ++high;
  return {low, high};
}

}  // namespace packhouse::storage
