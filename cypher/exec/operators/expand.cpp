#include "cypher/exec/expansion.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// All relationships of a node, with the node at the other end.
class ExpandAll final : public Multiplier {
 public:
  ExpandAll(OperatorPtr input, std::size_t slots, const plan::Node& node, const plan::Expand& step, TypeSet types, bool rel_live,
            bool to_live)
      : Multiplier(std::move(input), slots, node.kept), from_(step.from), rel_(step.rel), to_(step.to),
        direction_(to_storage(step.direction)), types_(std::move(types)), rel_live_(rel_live), to_live_(to_live),
        used_(step.distinct_from) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    edges_.clear();
    at_ = 0;
    NodeId id{};
    types_.refresh(context);
    if (!types_.known || !node_in(in.at(from_, row), id)) return;
    or_throw(context.tx.expand(id, direction_, types_.types, edges_));
    context.db_hits += edges_.size() + 1;
    if (!used_.any()) return;
    used_.gather(in, row);
    std::erase_if(edges_, [this](const storage::Edge& e) { return used_.contains(e.rel); });
  }

  RowIndex fill(ExecContext&, Batch& out, RowIndex at, RowIndex room) override {
    const auto n = static_cast<RowIndex>(std::min<std::size_t>(room, edges_.size() - at_));
    const storage::Edge* edge = edges_.data() + at_;
    if (to_live_) {
      Value* to = out.column(to_) + at;
      for (RowIndex i = 0; i < n; ++i) to[i] = Value::node(edge[i].neighbour);
    }
    if (rel_live_) {
      Value* to = out.column(rel_) + at;
      for (RowIndex i = 0; i < n; ++i) to[i] = Value::relationship(edge[i].rel);
    }
    at_ += n;
    return n;
  }

 private:
  Slot from_, rel_, to_;
  storage::Direction direction_;
  TypeSet types_;
  bool rel_live_, to_live_;
  UsedRelationships used_;
  std::vector<storage::Edge> edges_;
  std::size_t at_ = 0;
};

/// Relationships between two known nodes. Rows often share one of the two (closing a cycle), so after a few rows with
/// the same node that node's edges are listed once and searched in memory from then on.
class ExpandInto final : public Multiplier {
 public:
  ExpandInto(OperatorPtr input, std::size_t slots, const plan::Node& node, const plan::Expand& step, TypeSet types, bool rel_live)
      : Multiplier(std::move(input), slots, node.kept), from_(step.from), rel_(step.rel), to_(step.to),
        direction_(to_storage(step.direction)), types_(std::move(types)), rel_live_(rel_live), used_(step.distinct_from) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    edges_.clear();
    at_ = 0;
    NodeId from{}, to{};
    types_.refresh(context);
    if (!types_.known || !node_in(in.at(from_, row), from) || !node_in(in.at(to_, row), to)) return;
    if (!from_side_.find(context, from, to, direction_, types_.types, edges_) &&
        !to_side_.find(context, to, from, reverse(direction_), types_.types, edges_)) {
      or_throw(context.tx.expand_into(from, to, direction_, types_.types, edges_));
      context.db_hits += edges_.size() + 1;
    }
    if (!used_.any()) return;
    used_.gather(in, row);
    std::erase_if(edges_, [this](const storage::Edge& e) { return used_.contains(e.rel); });
  }

  RowIndex fill(ExecContext&, Batch& out, RowIndex at, RowIndex room) override {
    const auto n = static_cast<RowIndex>(std::min<std::size_t>(room, edges_.size() - at_));
    if (rel_live_) {
      Value* to = out.column(rel_) + at;
      for (RowIndex i = 0; i < n; ++i) to[i] = Value::relationship(edges_[at_ + i].rel);
    }
    at_ += n;
    return n;
  }

  void open(ExecContext& context) override {
    Multiplier::open(context);
    from_side_.forget();
    to_side_.forget();
  }

 private:
  /// The edges of one node, sorted by neighbour, once it was seen in several rows running.
  class Side {
   public:
    void forget() { seen_ = 0; }
    bool find(ExecContext& context, NodeId node, NodeId other, storage::Direction direction, std::span<const TypeId> types,
              std::vector<storage::Edge>& out) {
      if (seen_ == 0 || node != node_) {
        node_ = node;
        seen_ = 1;
        return false;
      }
      if (seen_ < worth_listing) {
        ++seen_;
        return false;
      }
      if (seen_ == worth_listing) {
        ++seen_;
        edges_.clear();
        degree_ok_ = or_throw(context.tx.degree(node, direction, types)) <= most_listed;
        if (degree_ok_) or_throw(context.tx.expand(node, direction, types, edges_));
        context.db_hits += edges_.size() + 1;
        std::stable_sort(edges_.begin(), edges_.end(),
                         [](const auto& a, const auto& b) { return raw(a.neighbour) < raw(b.neighbour); });
      }
      if (!degree_ok_) return false;
      const auto found = std::lower_bound(edges_.begin(), edges_.end(), other,
                                          [](const auto& e, NodeId id) { return raw(e.neighbour) < raw(id); });
      for (auto e = found; e != edges_.end() && e->neighbour == other; ++e) out.push_back(*e);
      return true;
    }

   private:
    static constexpr int worth_listing = 3;
    static constexpr std::uint64_t most_listed = 100'000;
    NodeId node_{};
    int seen_ = 0;
    bool degree_ok_ = false;
    std::vector<storage::Edge> edges_;
  };

  Slot from_, rel_, to_;
  storage::Direction direction_;
  TypeSet types_;
  bool rel_live_;
  UsedRelationships used_;
  Side from_side_, to_side_;
  std::vector<storage::Edge> edges_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_operator(const plan::Expand& step, const plan::Node& node, Builder& b) {
  TypeSet types(step.types, b.context);
  const bool rel_live = node.produces(step.rel);
  if (step.into) return std::make_unique<ExpandInto>(b.input(node), b.slots, node, step, std::move(types), rel_live);
  return std::make_unique<ExpandAll>(b.input(node), b.slots, node, step, std::move(types), rel_live, node.produces(step.to));
}

}  // namespace packhouse::cypher
