#include "cypher/plan/ordering.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "cypher/plan/expressions.hpp"

namespace packhouse::cypher::plan {
namespace {

/// A pattern half solved, and what that cost.
class Attempt {
 public:
  Attempt(const Pattern& pattern, const SlotSet& start, double rows, const Statistics& statistics)
      : pattern_(pattern), statistics_(statistics), bound_(start), rows_(rows), solved_(pattern.relationships.size()),
        done_(pattern.conditions.size()) {
    settle();
  }

  double cost() const { return cost_; }
  std::vector<Action> take() { return std::move(actions_); }

  /// Everything that could come next.
  std::vector<Action> candidates() const {
    std::vector<Action> all;
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) {
      if (!solved_[i]) relationship(i, all);
    }
    // In a long chain only what continues it, or can be sought, is looked at.
    const bool continues = large() && std::ranges::any_of(all, [](const Action& a) { return a.kind != Action::Kind::scan; });
    if (continues) std::erase_if(all, [](const Action& a) { return a.kind == Action::Kind::scan; });
    for (std::size_t i = 0; i < pattern_.nodes.size(); ++i) {
      if (!bound(i)) node(i, continues, all);
    }
    return all;
  }

  void take_step(Action a) {
    cost_ += step_cost(a);
    switch (a.kind) {
      case Action::Kind::join: done_[a.join_condition] = true; [[fallthrough]];
      case Action::Kind::find:
        for (const auto c : a.access.settles) done_[c] = true;
        rows_ = a.kind == Action::Kind::join ? std::max(rows_, a.access.rows) : rows_ * a.access.rows;
        bound_.add(pattern_.nodes[a.number].slot);
        break;
      case Action::Kind::scan:
        for (const auto c : a.access.settles) done_[c] = true;
        rows_ *= a.access.rows;
        bind(a.number);
        break;
      default:
        rows_ *= fan_out(a);
        bind(a.number);
    }
    settle();
    a.rows = rows_;
    actions_.push_back(std::move(a));
  }

  /// The best next step by a short look ahead: what it costs itself and what its rows will cost whatever follows.
  void greedy() {
    for (;;) {
      auto all = candidates();
      if (all.empty()) return;
      double best = std::numeric_limits<double>::infinity();
      std::size_t chosen = 0;
      std::vector<Action> so_far = std::exchange(actions_, {});  // not copied for each attempt
      for (std::size_t i = 0; i < all.size() && all.size() > 1; ++i) {
        const double score = score_of(all[i]);
        if (score < best) best = score, chosen = i;
      }
      actions_ = std::move(so_far);
      take_step(std::move(all[chosen]));
    }
  }

  /// What a step costs, and what its rows will cost whatever follows.
  double score_of(const Action& a) const {
    Attempt next = *this;
    next.take_step(a);
    return next.cost_ - cost_ + next.rows_ * cost::expand;
  }

  /// So many relationships that trying everything would take longer than running it.
  bool large() const { return pattern_.relationships.size() > 12; }

 private:
  bool bound(std::size_t n) const { return bound_.contains(pattern_.nodes[n].slot); }

  void bind(std::size_t r) {
    const auto& rel = pattern_.relationships[r];
    solved_[r] = true;
    bound_.add(rel.slot);
    bound_.add(pattern_.nodes[rel.left].slot);
    bound_.add(pattern_.nodes[rel.right].slot);
  }

  void relationship(std::size_t i, std::vector<Action>& all) const {
    const auto& rel = pattern_.relationships[i];
    const bool left = bound(rel.left), right = bound(rel.right);
    const auto add = [&](Action::Kind k, bool from_left = true) { all.push_back({k, i, from_left, {}, 0, 0}); };
    if (rel.kind != ast::PathKind::walk) {
      if (left && right) add(Action::Kind::shortest);
    } else if (rel.bound) {
      add(Action::Kind::endpoints);
    } else if (left && right) {
      add(Action::Kind::into);
    } else if (left) {
      add(Action::Kind::expand, true);
    } else if (right) {
      add(Action::Kind::expand, false);
    } else if (!rel.variable_length) {
      Action a{Action::Kind::scan, i, true, {}, 0, 0};
      const double count = statistics_.relationships(rel.type_names) * (rel.direction == ast::Direction::both ? 2 : 1);
      a.access = {RelationshipScan{rel.slot, pattern_.nodes[rel.left].slot, pattern_.nodes[rel.right].slot, rel.direction, rel.types, {}},
                  count * cost::property + 2, count, {}, false};
      for (std::size_t c = 0; c < pattern_.conditions.size(); ++c) {
        const auto id = done_[c] ? std::nullopt : id_comparison(*pattern_.conditions[c].expr, rel.slot);
        // Types are still to be checked, so only untyped patterns may be found by id alone.
        if (!id || rel.types || !readable(*id->value, pattern_.introduced, bound_)) continue;
        a.access = {RelationshipById{rel.slot, pattern_.nodes[rel.left].slot, pattern_.nodes[rel.right].slot, rel.direction, id->value,
                                     id->element_id, id->many}, 4, id->many ? 10.0 : 1.0, {c}, true};
      }
      if (rel.left != rel.right) all.push_back(std::move(a));
    }
  }

  void node(std::size_t i, bool only_seeks, std::vector<Action>& all) const {
    Action a{Action::Kind::find, i, true, best_access(pattern_, i, bound_, done_, statistics_), 0, 0};
    // A scan for a node that an expansion reaches anyway is never better.
    if (!a.access.seeks && (only_seeks || reachable(i))) return;
    if (!a.access.seeks && rows_ > 4 && join(i, a)) a.kind = Action::Kind::join;
    all.push_back(std::move(a));
  }

  bool reachable(std::size_t n) const {
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) {
      const auto& rel = pattern_.relationships[i];
      if (solved_[i] || rel.kind != ast::PathKind::walk) continue;
      if (rel.bound && (rel.left == n || rel.right == n)) return true;
      if ((rel.left == n && bound(rel.right)) || (rel.right == n && bound(rel.left))) return true;
    }
    return false;
  }

  /// An equality between something of node `n` alone and something bound.
  bool join(std::size_t n, Action& a) const {
    const Slot slot = pattern_.nodes[n].slot;
    for (std::size_t c = 0; c < pattern_.conditions.size(); ++c) {
      const auto* b = pattern_.conditions[c].expr->as<ast::Binary>();
      if (done_[c] || !b || b->op != ast::Op::eq) continue;
      for (const bool turned : {false, true}) {
        const SlotSet mine = slots_of(*(turned ? b->right : b->left)), other = slots_of(*(turned ? b->left : b->right));
        SlotSet outside = other;
        outside.keep(bound_);
        if (mine.contains(slot) && mine.within(SlotSet{slot}) && !outside.empty() && !other.contains(slot) &&
            readable(*(turned ? b->left : b->right), pattern_.introduced, bound_)) {
          a.join_condition = c;
          a.from_left = !turned;
          return true;
        }
      }
    }
    return false;
  }

  double degree(const Pattern::PatternRelationship& rel) const {
    const double d = statistics_.relationships(rel.type_names) / statistics_.nodes();
    return rel.direction == ast::Direction::both ? d * 2 : d;
  }
  double fan_out(const Action& a) const {
    const auto& rel = pattern_.relationships[a.number];
    const double d = degree(rel);
    if (a.kind == Action::Kind::endpoints || a.kind == Action::Kind::shortest) return 1;
    double walks = d;
    if (rel.variable_length) {
      walks = 0;
      double level = 1;
      for (std::uint32_t i = 1; i <= std::min<std::uint32_t>(rel.max, 10); ++i) walks += level *= std::max(d, 0.5);
    }
    return a.kind == Action::Kind::into ? std::min(walks, std::max(0.05, walks / statistics_.nodes())) : walks;
  }
  double step_cost(const Action& a) const {
    const auto& rel = a.number < pattern_.relationships.size() ? pattern_.relationships[a.number] : Pattern::PatternRelationship{};
    switch (a.kind) {
      case Action::Kind::find: return rows_ * (a.access.cost + cost::row);
      case Action::Kind::join: return a.access.cost + a.access.rows * cost::property + rows_ * cost::property;
      case Action::Kind::scan: return rows_ * a.access.cost;
      case Action::Kind::endpoints: return rows_ * cost::property;
      case Action::Kind::into:
        if (!rel.variable_length) return rows_ * cost::into;
        return rows_ * (cost::expand + fan_out({Action::Kind::expand, a.number, true, {}, 0, 0}) * cost::edge / std::max(1.0, degree(rel)));
      case Action::Kind::shortest: return rows_ * 200;
      case Action::Kind::expand: return rows_ * (cost::expand + fan_out(a) * (cost::edge + cost::row));
    }
    return 0;
  }

  /// Applies every condition that has become possible.
  void settle() {
    for (std::size_t i = 0; i < pattern_.conditions.size(); ++i) {
      const auto& c = pattern_.conditions[i];
      if (done_[i] || !c.needs.within(bound_)) continue;
      done_[i] = true;
      if (c.label_of != ast::no_slot) {
        cost_ += rows_ * cost::label;
        rows_ *= statistics_.share(c.label);
      } else {
        cost_ += rows_ * cost::property;
        const auto* b = c.expr->as<ast::Binary>();
        rows_ *= b && b->op == ast::Op::eq ? 0.1 : 0.5;
      }
    }
  }

  const Pattern& pattern_;
  const Statistics& statistics_;
  SlotSet bound_;
  double rows_, cost_ = 0;
  std::vector<bool> solved_, done_;
  std::vector<Action> actions_;
};

}  // namespace

std::vector<Action> order_pattern(const Pattern& pattern, const SlotSet& bound, double rows, const Statistics& statistics) {
  const Attempt start(pattern, bound, rows, statistics);
  auto beginnings = start.candidates();
  if (beginnings.empty()) return {};
  constexpr std::size_t most_beginnings = 8;
  if (start.large() && beginnings.size() > most_beginnings) {
    std::vector<std::pair<double, std::size_t>> scores;
    for (std::size_t i = 0; i < beginnings.size(); ++i) scores.emplace_back(start.score_of(beginnings[i]), i);
    std::ranges::sort(scores);
    std::vector<Action> kept;
    for (std::size_t i = 0; i < most_beginnings; ++i) kept.push_back(std::move(beginnings[scores[i].second]));
    beginnings = std::move(kept);
  }
  double least = std::numeric_limits<double>::infinity();
  std::vector<Action> best;
  for (auto& a : beginnings) {
    Attempt attempt = start;
    attempt.take_step(std::move(a));
    attempt.greedy();
    if (attempt.cost() >= least) continue;
    least = attempt.cost();
    best = attempt.take();
  }
  return best;
}

}  // namespace packhouse::cypher::plan
