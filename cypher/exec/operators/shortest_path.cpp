#include <boost/unordered/unordered_flat_map.hpp>

#include "cypher/exec/edge_filter.hpp"
#include "cypher/exec/expansion.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// One half of a search: the nodes reached so far, level by level, and every shortest way back.
struct Half {
  struct Arrival {
    RelId rel;
    NodeId before;
    std::uint32_t next;  ///< another arrival at the same node + 1, or 0
  };
  struct Reached {
    std::uint32_t depth, arrival;  ///< first arrival + 1, or 0 for the root
  };
  boost::unordered_flat_map<std::uint64_t, Reached> reached;
  std::vector<Arrival> arrivals;
  std::vector<NodeId> frontier;
  std::uint32_t depth = 0;

  void begin(NodeId root) {
    reached.clear();
    arrivals.clear();
    frontier.assign(1, root);
    depth = 0;
    reached.emplace(raw(root), Reached{0, 0});
  }
};

/// Shortest walks between two known nodes: breadth first from both, always a whole level of the smaller side.
class ShortestPath final : public Multiplier {
 public:
  ShortestPath(const plan::Node& node, const plan::ShortestPath& step, Builder& b)
      : Multiplier(b.input(node), b.slots, node.kept), step_(step), direction_(to_storage(step.direction)),
        types_(step.types, b.context), filter_(step.properties, b) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    paths_.clear();
    at_ = 0;
    NodeId from{}, to{};
    if (!node_in(in.at(step_.from, row), from) || !node_in(in.at(step_.to, row), to)) return;
    if (from == to) {
      if (step_.min == 0) paths_.emplace_back();
      return;
    }
    types_.refresh(context);
    if (!types_.known) return;
    filter_.start(context, in, row);
    search(context, from, to);
  }

  RowIndex fill(ExecContext&, Batch& out, RowIndex at, RowIndex room) override {
    RowIndex n = 0;
    for (; n < room && at_ < paths_.size(); ++n, ++at_) {
      const auto& path = paths_[at_];
      const auto items = out.arena().array<Value>(path.size());
      for (std::size_t i = 0; i < path.size(); ++i) items[i] = Value::relationship(path[i]);
      out.column(step_.rel)[at + n] = Value::list(items);
    }
    return n;
  }

 private:

  void search(ExecContext& context, NodeId from, NodeId to) {
    front_.begin(from);
    back_.begin(to);
    met_.clear();
    while (!front_.frontier.empty() && !back_.frontier.empty() && front_.depth + back_.depth < step_.max) {
      const bool forward = front_.frontier.size() <= back_.frontier.size();
      level(context, forward ? front_ : back_, forward ? back_ : front_, forward ? direction_ : reverse(direction_));
      if (!met_.empty()) break;
    }
    for (const NodeId node : met_) {
      way_.clear();
      ways_back(context, node);
      if (!step_.all && !paths_.empty()) return;
    }
  }

  /// Reaches everything one step further from `half`; nodes that the other half has are where the two meet. A meeting
  /// at the other half's outermost level is the first possible one, because levels are complete.
  void level(ExecContext& context, Half& half, const Half& other, storage::Direction direction) {
    next_.clear();
    ++half.depth;
    for (const NodeId node : half.frontier) {
      context.check();
      edges_.clear();
      or_throw(context.tx.expand(node, direction, types_.types, edges_));
      context.db_hits += edges_.size() + 1;
      for (const auto& edge : edges_) {
        const auto found = half.reached.find(raw(edge.neighbour));
        const bool fresh = found == half.reached.end();
        if (!fresh && (!step_.all || found->second.depth != half.depth)) continue;
        if (!filter_.accepts(context, edge.rel)) continue;
        half.arrivals.push_back({edge.rel, node, fresh ? 0 : found->second.arrival});
        const auto arrival = static_cast<std::uint32_t>(half.arrivals.size());
        if (!fresh) {
          found->second.arrival = arrival;
          continue;
        }
        half.reached.emplace(raw(edge.neighbour), Half::Reached{half.depth, arrival});
        next_.push_back(edge.neighbour);
        if (other.reached.contains(raw(edge.neighbour))) {
          met_.push_back(edge.neighbour);
          if (!step_.all) return;
        }
      }
    }
    half.frontier.swap(next_);
  }

  /// All combinations of a way from the start to `node` and a way on to the end.
  void ways_back(ExecContext& context, NodeId node) {
    std::vector<std::vector<RelId>> heads, tails;
    collect(context, front_, node, heads);
    collect(context, back_, node, tails);
    for (const auto& head : heads) {
      for (const auto& tail : tails) {
        auto& path = paths_.emplace_back(head.rbegin(), head.rend());
        path.insert(path.end(), tail.begin(), tail.end());
        if (!step_.all) return;
      }
      context.check();
    }
    context.keep((heads.size() * tails.size()) * (front_.depth + back_.depth) * sizeof(RelId));
  }

  void collect(ExecContext& context, const Half& half, NodeId node, std::vector<std::vector<RelId>>& out) {
    const auto& reached = half.reached.find(raw(node))->second;
    if (reached.arrival == 0) {
      out.push_back(way_);
      return;
    }
    for (std::uint32_t a = reached.arrival; a != 0; a = half.arrivals[a - 1].next) {
      const auto& arrival = half.arrivals[a - 1];
      way_.push_back(arrival.rel);
      collect(context, half, arrival.before, out);
      way_.pop_back();
      if (!step_.all) return;
    }
  }

  const plan::ShortestPath& step_;
  storage::Direction direction_;
  TypeSet types_;
  EdgeFilter filter_;
  Half front_, back_;
  std::vector<NodeId> next_, met_;
  std::vector<storage::Edge> edges_;
  std::vector<RelId> way_;
  std::vector<std::vector<RelId>> paths_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_operator(const plan::ShortestPath& step, const plan::Node& node, Builder& b) {
  return std::make_unique<ShortestPath>(node, step, b);
}

}  // namespace packhouse::cypher
