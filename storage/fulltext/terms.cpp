#include "storage/fulltext/terms.hpp"

#include <algorithm>
#include <array>

#include "storage/fulltext/document.hpp"
#include "storage/fulltext/layout.hpp"

namespace packhouse::storage {
namespace {

/// Walks over the distinct stored terms.
class StoredTerms {
 public:
  static Result<StoredTerms> open(const FulltextView& view, std::uint8_t field, const TermRange& range) {
    StoredTerms out(view);
    const std::string low = term_key(field, range.low);
    out.end_ = layout::from_term(view.index.id, as_bytes(range.high.empty() ? std::string(1, static_cast<char>(field + 1))
                                                                            : term_key(field, range.high)));
    PACKHOUSE_TRY(out.scan_, view.snapshot.scan(layout::from_term(view.index.id, as_bytes(low)), out.end_));
    return out;
  }

  /// The next term (key form), or empty at the end.
  Result<Bytes> next() {
    for (std::size_t same = 0;; ++same) {
      if (at_ == count_) {
        if (same >= entries_.size()) {  // a long list: jump over the rest of it
          PACKHOUSE_TRY(scan_, view_.snapshot.scan(layout::term_end(view_.index.id, last_), end_));
          same = 0;
        }
        PACKHOUSE_TRY(count_, scan_->next(entries_));
        at_ = 0;
        if (count_ == 0) return Bytes();
      }
      const Bytes term = layout::term_of(entries_[at_++].key);
      if (as_text(term) == as_text(last_)) continue;
      last_ = term;
      return term;
    }
  }

 private:
  explicit StoredTerms(const FulltextView& view) : view_(view) {}
  FulltextView view_;
  keys::IndexKey end_;
  std::unique_ptr<kv::Scan> scan_;
  std::array<kv::Entry, 64> entries_;
  std::size_t at_ = 0, count_ = 0;
  Bytes last_;
};

}  // namespace

TermRange terms_with(std::string_view prefix) {
  TermRange out{std::string(prefix), std::string(prefix)};
  while (!out.high.empty() && out.high.back() == '\xFF') out.high.pop_back();
  if (!out.high.empty()) ++out.high.back();
  return out;
}

Result<void> for_each_term(const FulltextView& view, std::uint8_t field, const TermRange& range,
                           const std::function<Result<bool>(std::string_view)>& f) {
  PACKHOUSE_TRY(auto stored, StoredTerms::open(view, field, range));
  const std::string low = term_key(field, range.low), high = term_key(field, range.high);
  std::span<const FulltextDelta::TermChange> own;
  if (view.own) {
    const auto all = view.own->terms();
    const auto less = [](const FulltextDelta::TermChange& c, const std::string& key) { return as_text(c.key) < key; };
    const auto begin = std::lower_bound(all.begin(), all.end(), low, less);
    const auto end = std::lower_bound(begin, all.end(), range.high.empty() ? std::string(1, static_cast<char>(field + 1)) : high, less);
    own = {begin, end};
  }
  std::string last;
  PACKHOUSE_TRY(Bytes next, stored.next());
  while (view.watch.go_on() && (!next.empty() || !own.empty())) {
    Bytes term = next;
    if (!own.empty() && (next.empty() || as_text(own.front().key) < as_text(next))) {
      term = own.front().key;
      own = own.subspan(1);
    } else {
      PACKHOUSE_TRY(next, stored.next());
    }
    if (term.size() <= 1 || as_text(term) == last) continue;  // the empty one is not a term
    last = as_text(term);
    PACKHOUSE_TRY(const bool more, f(std::string_view(last).substr(1)));
    if (!more) break;
  }
  return view.watch.result();
}

}  // namespace packhouse::storage
