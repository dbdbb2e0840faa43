#include <boost/unordered/unordered_flat_set.hpp>

#include "cypher/exec/edge_filter.hpp"
#include "cypher/exec/expansion.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// All walks of min to max steps that use no relationship twice, depth first. When the other end is known, its own
/// edges are listed once, so that the last step is a search in memory instead of an expansion.
class VarLengthExpand final : public Multiplier {
 public:
  VarLengthExpand(const plan::Node& node, const plan::VarLengthExpand& step, Builder& b)
      : Multiplier(b.input(node), b.slots, node.kept), step_(step), direction_(to_storage(step.direction)),
        types_(step.types, b.context), filter_(step.properties, b), used_(step.distinct_from),
        rel_live_(node.produces(step.rel)), to_live_(!step.into && node.produces(step.to)) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    edges_.clear();
    frames_.clear();
    path_.clear();
    on_path_.clear();
    zero_ = false;
    NodeId from{};
    if (!node_in(in.at(step_.from, row), from)) return;
    if (step_.into && !node_in(in.at(step_.to, row), target_)) return;
    start_ = from;
    types_.refresh(context);
    filter_.start(context, in, row);
    used_.gather(in, row);
    zero_ = step_.min == 0 && (!step_.into || from == target_);
    if (step_.max == 0 || step_.max < step_.min || !types_.known) return;
    if (step_.into && step_.max != ~std::uint32_t{0}) list_closing(context);
    push(context, from);
  }

  RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) override {
    RowIndex n = 0;
    if (zero_ && room > 0) {
      emit(out, at, start_);
      zero_ = false;
      ++n;
    }
    while (n < room && !frames_.empty()) {
      Frame& frame = frames_.back();
      if (frame.at == edges_.size()) {
        pop();
        continue;
      }
      const storage::Edge edge = edges_[frame.at++];
      if ((++steps_ & 1023) == 0) {
        context.check();
        if (context.out_of_budget()) paused_ = true;
      }
      if (walks(edge.rel) || used_.contains(edge.rel) || !filter_.accepts(context, edge.rel)) {
        if (paused_) break;
        continue;
      }
      walk(edge.rel);
      const std::size_t depth = path_.size();
      if (depth >= step_.min && (!step_.into || edge.neighbour == target_)) emit(out, at + n++, edge.neighbour);
      if (depth < step_.max) {
        push(context, edge.neighbour);
      } else {
        unwalk();
      }
      if (paused_) break;
    }
    if (n == room) paused_ = false;
    return n;
  }

 private:
  struct Frame {
    std::size_t begin, at;  // its edges are edges_[begin ..], the last frame's go to the end
  };

  void push(ExecContext& context, NodeId node) {
    frames_.push_back({edges_.size(), edges_.size()});
    if (closing_listed_ && path_.size() + 1 == step_.max && step_.into) {
      auto e = std::lower_bound(closing_.begin(), closing_.end(), node,
                                [](const auto& x, NodeId id) { return raw(x.neighbour) < raw(id); });
      for (; e != closing_.end() && e->neighbour == node; ++e) {
        edges_.push_back(*e);
        edges_.back().neighbour = target_;
      }
      return;
    }
    or_throw(context.tx.expand(node, direction_, types_.types, edges_));
    context.db_hits += edges_.size() - frames_.back().begin + 1;
  }
  void pop() {
    edges_.resize(frames_.back().begin);
    frames_.pop_back();
    if (!path_.empty()) unwalk();
  }

  // Short walks are searched in line; long ones get a set.
  static constexpr std::size_t short_walk = 24;
  bool walks(RelId rel) const {
    if (path_.size() > short_walk && on_path_.contains(raw(rel))) return true;
    const std::size_t n = std::min(path_.size(), short_walk);
    return std::find(path_.begin(), path_.begin() + static_cast<std::ptrdiff_t>(n), rel) != path_.begin() + static_cast<std::ptrdiff_t>(n);
  }
  void walk(RelId rel) {
    path_.push_back(rel);
    if (path_.size() > short_walk) on_path_.insert(raw(rel));
  }
  void unwalk() {
    if (path_.size() > short_walk) on_path_.erase(raw(path_.back()));
    path_.pop_back();
  }

  void list_closing(ExecContext& context) {
    if (closing_listed_ && closing_of_ == target_) return;
    closing_.clear();
    closing_listed_ = or_throw(context.tx.degree(target_, reverse(direction_), types_.types)) <= 100'000;
    if (!closing_listed_) return;
    closing_of_ = target_;
    or_throw(context.tx.expand(target_, reverse(direction_), types_.types, closing_));
    std::stable_sort(closing_.begin(), closing_.end(),
                     [](const auto& a, const auto& b) { return raw(a.neighbour) < raw(b.neighbour); });
  }
  void open(ExecContext& context) override {
    Multiplier::open(context);
    closing_listed_ = false;
  }

  void emit(Batch& out, RowIndex at, NodeId end) {
    if (to_live_) out.column(step_.to)[at] = Value::node(end);
    if (!rel_live_) return;
    const auto items = out.arena().array<Value>(path_.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      items[step_.reversed ? items.size() - 1 - i : i] = Value::relationship(path_[i]);
    }
    out.column(step_.rel)[at] = Value::list(items);
  }

  const plan::VarLengthExpand& step_;
  storage::Direction direction_;
  TypeSet types_;
  EdgeFilter filter_;
  UsedRelationships used_;
  bool rel_live_, to_live_, zero_ = false, closing_listed_ = false;
  NodeId start_{}, target_{}, closing_of_{};
  std::uint32_t steps_ = 0;
  std::vector<storage::Edge> edges_, closing_;
  std::vector<Frame> frames_;
  std::vector<RelId> path_;
  boost::unordered_flat_set<std::uint64_t> on_path_;
};

}  // namespace

OperatorPtr make_operator(const plan::VarLengthExpand& step, const plan::Node& node, Builder& b) {
  return std::make_unique<VarLengthExpand>(node, step, b);
}

}  // namespace packhouse::cypher
