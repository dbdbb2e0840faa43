#include "storage/fulltext/scorers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace packhouse::storage {
namespace {

/// Lengths as Lucene keeps them: exact below 40, then four significant bits.
std::uint32_t kept_length(std::uint32_t words) {
  constexpr std::uint32_t exact = 24;
  if (words < exact) return words;
  const std::uint32_t beyond = words - exact;
  const int bits = 32 - std::countl_zero(beyond);
  if (bits < 4) return words;
  const int shift = bits - 4;
  return exact + ((beyond >> shift) << shift);
}

class TermScorer final : public Scorer {
 public:
  TermScorer(PostingList list, Bm25 similarity) : list_(std::move(list)), similarity_(similarity) {}
  std::uint64_t next() override { return entity_ = list_.next(); }
  std::uint64_t advance(std::uint64_t target) override { return entity_ = list_.advance(target); }
  float score() override { return similarity_.score(static_cast<float>(list_.frequency()), list_.words()); }
  std::uint64_t cost() const override { return list_.size(); }

 private:
  PostingList list_;
  Bm25 similarity_;
};

/// Moves all parts (pointers with next(), advance(), entity()) to the first entity from `target` on that they have in
/// common. The first of them stands there already; `started` says whether the others stand anywhere.
template <class Parts>
std::uint64_t align(Parts& parts, std::uint64_t target, bool& started) {
  for (std::size_t i = 1; i < parts.size() && !started; ++i) parts[i]->next();
  started = true;
  for (std::size_t i = 0; i < parts.size() && target != no_entity;) {
    std::uint64_t at = parts[i]->entity();
    if (at < target) at = parts[i]->advance(target);
    if (at == target) {
      ++i;
    } else {
      target = at;
      i = 0;
    }
  }
  return target;
}

class PhraseScorer final : public Scorer {
 public:
  PhraseScorer(std::vector<PostingList> lists, std::vector<std::uint32_t> offsets, std::uint32_t slop, Bm25 similarity)
      : lists_(std::move(lists)), offsets_(std::move(offsets)), slop_(slop), similarity_(similarity), at_(lists_.size()),
        positions_(lists_.size()) {
    for (PostingList& list : lists_) order_.push_back(&list);
    std::ranges::sort(order_, {}, &PostingList::size);
  }
  std::uint64_t next() override { return find(order_[0]->next()); }
  std::uint64_t advance(std::uint64_t target) override { return find(order_[0]->advance(target)); }
  float score() override { return similarity_.score(frequency_, lists_[0].words()); }
  std::uint64_t cost() const override { return order_[0]->size(); }

 private:
  std::uint64_t find(std::uint64_t target) {
    while ((target = align(order_, target, started_)) != no_entity) {
      frequency_ = frequency();
      if (frequency_ > 0) break;
      target = order_[0]->next();
    }
    return entity_ = target;
  }
  /// Where the phrase would begin by the word of list i.
  std::int64_t start(std::size_t i) const { return std::int64_t{positions_[i][at_[i]]} - offsets_[i]; }

  /// How often the phrase is in the entity; one that is out of place by n counts 1 / (1 + n).
  float frequency() {
    for (std::size_t i = 0; i < lists_.size(); ++i) {
      lists_[i].positions(positions_[i]);
      at_[i] = 0;
      if (positions_[i].empty()) return 0;
    }
    return slop_ == 0 ? exact() : sloppy();
  }
  float exact() {
    float found = 0;
    for (; at_[0] < positions_[0].size(); ++at_[0]) {
      const std::int64_t wanted = start(0);
      bool all = true;
      for (std::size_t i = 1; i < lists_.size() && all; ++i) {
        while (at_[i] < positions_[i].size() && start(i) < wanted) ++at_[i];
        if (at_[i] == positions_[i].size()) return found;
        all = start(i) == wanted;
      }
      if (all) ++found;
    }
    return found;
  }
  bool same_place() const {
    for (std::size_t i = 0; i < at_.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (positions_[i][at_[i]] == positions_[k][at_[k]]) return true;
      }
    }
    return false;
  }
  /// Moves the word that lies furthest back, and counts each narrowest window.
  float sloppy() {
    float found = 0;
    std::int64_t best = -1;  // width of the window, -1: too wide
    for (;;) {
      std::size_t back = 0;
      std::int64_t low = start(0), high = low, second = INT64_MAX;
      for (std::size_t i = 1; i < at_.size(); ++i) {
        const std::int64_t s = start(i);
        high = std::max(high, s);
        if (s < low) {
          second = low;
          low = s;
          back = i;
        } else {
          second = std::min(second, s);
        }
      }
      if (high - low <= slop_ && !same_place() && (best < 0 || high - low < best)) best = high - low;
      const bool last = ++at_[back] == positions_[back].size();
      if (last || start(back) > second) {  // this window is as narrow as it gets
        if (best >= 0) found += 1.0F / (1.0F + static_cast<float>(best));
        best = -1;
      }
      if (last) return found;
    }
  }

  std::vector<PostingList> lists_;
  std::vector<std::uint32_t> offsets_;
  std::uint32_t slop_;
  Bm25 similarity_;
  std::vector<std::size_t> at_;
  std::vector<std::vector<std::uint32_t>> positions_;
  std::vector<PostingList*> order_;  // the rarest first
  bool started_ = false;
  float frequency_ = 0;
};

class KnownScorer final : public Scorer {
 public:
  KnownScorer(std::vector<std::uint64_t> entities, float score) : entities_(std::move(entities)), score_(score) {}
  std::uint64_t next() override { return entity_ = at_ < entities_.size() ? entities_[at_++] : no_entity; }
  std::uint64_t advance(std::uint64_t target) override {
    at_ = static_cast<std::size_t>(
        std::lower_bound(entities_.begin() + static_cast<std::ptrdiff_t>(at_), entities_.end(), target) - entities_.begin());
    return next();
  }
  float score() override { return score_; }
  std::uint64_t cost() const override { return entities_.size(); }

 private:
  std::vector<std::uint64_t> entities_;
  std::size_t at_ = 0;
  float score_;
};

class ConstantScorer final : public Scorer {
 public:
  ConstantScorer(ScorerPtr inner, float score) : inner_(std::move(inner)), score_(score) {}
  std::uint64_t next() override { return entity_ = inner_->next(); }
  std::uint64_t advance(std::uint64_t target) override { return entity_ = inner_->advance(target); }
  float score() override { return score_; }
  std::uint64_t cost() const override { return inner_->cost(); }

 private:
  ScorerPtr inner_;
  float score_;
};

/// A heap of the parts with the least entity on top.
class AnyScorer final : public Scorer {
 public:
  explicit AnyScorer(std::vector<ScorerPtr> parts) : parts_(std::move(parts)) {}
  std::uint64_t next() override { return advance(entity_ + (started_ ? 1 : 0)); }
  std::uint64_t advance(std::uint64_t target) override {
    if (!started_) {
      started_ = true;
      for (auto& part : parts_) target == 0 ? part->next() : part->advance(target);
      std::ranges::make_heap(parts_, later);
    }
    while (parts_.front()->entity() < target) {
      std::ranges::pop_heap(parts_, later);
      parts_.back()->advance(target);
      std::ranges::push_heap(parts_, later);
    }
    return entity_ = parts_.front()->entity();
  }
  float score() override {
    double sum = 0;
    add(0, sum);
    return static_cast<float>(sum);
  }
  std::uint64_t cost() const override {
    std::uint64_t n = 0;
    for (const auto& part : parts_) n += part->cost();
    return n;
  }

 private:
  static bool later(const ScorerPtr& a, const ScorerPtr& b) { return a->entity() > b->entity(); }
  /// Those at the same entity as the top are a connected part of the heap.
  void add(std::size_t i, double& sum) {
    if (i >= parts_.size() || parts_[i]->entity() != entity_) return;
    sum += static_cast<double>(parts_[i]->score());
    add(2 * i + 1, sum);
    add(2 * i + 2, sum);
  }
  std::vector<ScorerPtr> parts_;
  bool started_ = false;
};

class AllScorer final : public Scorer {
 public:
  explicit AllScorer(std::vector<ScorerPtr> parts) : parts_(std::move(parts)) {
    std::ranges::sort(parts_, {}, [](const ScorerPtr& p) { return p->cost(); });
  }
  std::uint64_t next() override { return entity_ = align(parts_, parts_[0]->next(), started_); }
  std::uint64_t advance(std::uint64_t target) override { return entity_ = align(parts_, parts_[0]->advance(target), started_); }
  float score() override {
    double sum = 0;
    for (auto& part : parts_) sum += static_cast<double>(part->score());
    return static_cast<float>(sum);
  }
  std::uint64_t cost() const override { return parts_[0]->cost(); }

 private:
  std::vector<ScorerPtr> parts_;
  bool started_ = false;
};

class WithoutScorer final : public Scorer {
 public:
  WithoutScorer(ScorerPtr wanted, ScorerPtr unwanted) : wanted_(std::move(wanted)), unwanted_(std::move(unwanted)) {}
  std::uint64_t next() override { return find(wanted_->next()); }
  std::uint64_t advance(std::uint64_t target) override { return find(wanted_->advance(target)); }
  float score() override { return wanted_->score(); }
  std::uint64_t cost() const override { return wanted_->cost(); }

 private:
  std::uint64_t find(std::uint64_t at) {
    for (; at != no_entity; at = wanted_->next()) {
      if (!started_ || unwanted_->entity() < at) {
        unwanted_->advance(at);
        started_ = true;
      }
      if (unwanted_->entity() != at) break;
    }
    return entity_ = at;
  }
  ScorerPtr wanted_, unwanted_;
  bool started_ = false;
};

class PreferringScorer final : public Scorer {
 public:
  PreferringScorer(ScorerPtr wanted, ScorerPtr better) : wanted_(std::move(wanted)), better_(std::move(better)) {}
  std::uint64_t next() override { return entity_ = wanted_->next(); }
  std::uint64_t advance(std::uint64_t target) override { return entity_ = wanted_->advance(target); }
  float score() override {
    if (!started_ || better_->entity() < entity_) {
      better_->advance(entity_);
      started_ = true;
    }
    const float more = better_->entity() == entity_ ? better_->score() : 0;
    return wanted_->score() + more;
  }
  std::uint64_t cost() const override { return wanted_->cost(); }

 private:
  ScorerPtr wanted_, better_;
  bool started_ = false;
};

}  // namespace

float Bm25::idf(std::uint64_t entities, std::uint64_t found) {
  const auto n = static_cast<double>(found), all = static_cast<double>(std::max(entities, found));
  return static_cast<float>(std::log(1 + (all - n + 0.5) / (n + 0.5)));
}

Bm25::Bm25(float weight, const FieldTotals& field)
    : weight_(weight),
      average_(field.entities > 0 ? static_cast<float>(static_cast<double>(field.words) / static_cast<double>(field.entities)) : 1.0F) {}

float Bm25::score(float frequency, std::uint32_t words) const {
  constexpr float k1 = 1.2F, b = 0.75F;
  const float norm = 1.0F / (k1 * ((1 - b) + b * static_cast<float>(kept_length(words)) / average_));
  return weight_ - weight_ / (1.0F + frequency * norm);
}

ScorerPtr term_scorer(PostingList list, Bm25 similarity) { return std::make_unique<TermScorer>(std::move(list), similarity); }
ScorerPtr phrase_scorer(std::vector<PostingList> lists, std::vector<std::uint32_t> offsets, std::uint32_t slop, Bm25 similarity) {
  return std::make_unique<PhraseScorer>(std::move(lists), std::move(offsets), slop, similarity);
}
ScorerPtr constant_scorer(std::vector<std::uint64_t> entities, float score) {
  return std::make_unique<KnownScorer>(std::move(entities), score);
}
ScorerPtr constant_scorer(ScorerPtr inner, float score) { return std::make_unique<ConstantScorer>(std::move(inner), score); }

ScorerPtr any_of(std::vector<ScorerPtr> parts) {
  if (parts.empty()) return nullptr;
  if (parts.size() == 1) return std::move(parts.front());
  return std::make_unique<AnyScorer>(std::move(parts));
}
ScorerPtr all_of(std::vector<ScorerPtr> parts) {
  if (parts.empty()) return nullptr;
  if (parts.size() == 1) return std::move(parts.front());
  return std::make_unique<AllScorer>(std::move(parts));
}
ScorerPtr without(ScorerPtr wanted, ScorerPtr unwanted) {
  return std::make_unique<WithoutScorer>(std::move(wanted), std::move(unwanted));
}
ScorerPtr preferring(ScorerPtr wanted, ScorerPtr better) {
  return std::make_unique<PreferringScorer>(std::move(wanted), std::move(better));
}

}  // namespace packhouse::storage
