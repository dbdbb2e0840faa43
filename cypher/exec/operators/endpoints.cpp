#include "cypher/exec/expansion.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// A pattern whose relationship, or list of relationships, is known already: checks its type and direction and gives or
/// checks its ends. An undirected relationship with unknown ends is seen from both.
class Endpoints final : public Multiplier {
 public:
  Endpoints(const plan::Node& node, const plan::Endpoints& step, Builder& b)
      : Multiplier(b.input(node), b.slots, node.kept), step_(step), types_(step.types, b.context),
        used_(step.distinct_from) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    found_.clear();
    at_ = 0;
    used_.gather(in, row);
    types_.refresh(context);
    const Value& v = in.at(step_.rel, row);
    if (v.is_null() || !types_.known) return;
    if (v.is(Kind::relationship) && !step_.list) {
      single_ = v;
      rels_ = {&single_, 1};
    } else if (v.is(Kind::list) && step_.list) {
      rels_ = v.as_list();
      if (rels_.size() < step_.min || rels_.size() > step_.max) return;
    } else {
      throw QueryError(Status::type_error, std::string("Type mismatch: expected ") +
                                               (step_.list ? "List<Relationship>" : "Relationship") + " but was " +
                                               std::string(type_name(v.kind())));
    }
    NodeId from{}, to{};
    if (step_.from_bound && !node_in(in.at(step_.from, row), from)) return;
    if (step_.to_bound && !node_in(in.at(step_.to, row), to)) return;
    for (const NodeId start : starts(context, in, row)) {
      NodeId node = start;
      if (step_.from_bound && start != from) continue;
      if (!walk(context, node) || (step_.to_bound && node != to)) continue;
      if (step_.from == step_.to && node != start) continue;  // (n)-[r]->(n)
      found_.emplace_back(start, node);
    }
  }

  RowIndex fill(ExecContext&, Batch& out, RowIndex at, RowIndex room) override {
    RowIndex n = 0;
    for (; n < room && at_ < found_.size(); ++n, ++at_) {
      if (!step_.from_bound) out.column(step_.from)[at + n] = Value::node(found_[at_].first);
      if (!step_.to_bound) out.column(step_.to)[at + n] = Value::node(found_[at_].second);
    }
    return n;
  }

 private:
  /// Where the walk may begin.
  std::vector<NodeId> starts(ExecContext& context, Batch& in, RowIndex row) {
    if (rels_.empty()) {
      NodeId id{};
      if (step_.from_bound && node_in(in.at(step_.from, row), id)) return {id};
      if (step_.to_bound && node_in(in.at(step_.to, row), id)) return {id};
      return {};
    }
    const auto view = or_throw(context.tx.relationship(rels_[0].as_relationship()));
    if (!view) return {};
    if (step_.direction == ast::Direction::out) return {view->start()};
    if (step_.direction == ast::Direction::in) return {view->end()};
    if (view->start() == view->end()) return {view->start()};
    return {view->start(), view->end()};
  }

  /// Follows the relationships from `node`, which ends as the last node; false if they don't join or don't match.
  bool walk(ExecContext& context, NodeId& node) {
    for (std::size_t i = 0; i < rels_.size(); ++i) {
      if (!rels_[i].is(Kind::relationship)) return false;
      const RelId id = rels_[i].as_relationship();
      if (used_.contains(id)) return false;
      for (std::size_t j = 0; j < i; ++j) {
        if (rels_[j].as_relationship() == id) return false;
      }
      const auto view = or_throw(context.tx.relationship(id));
      ++context.db_hits;
      if (!view) return false;
      if (!types_.types.empty() && std::find(types_.types.begin(), types_.types.end(), view->type()) == types_.types.end()) return false;
      const bool out = view->start() == node && step_.direction != ast::Direction::in;
      const bool in = view->end() == node && step_.direction != ast::Direction::out;
      if (!out && !in) return false;
      node = out ? view->end() : view->start();
    }
    return true;
  }

  const plan::Endpoints& step_;
  TypeSet types_;
  UsedRelationships used_;
  Value single_;
  std::span<const Value> rels_;
  std::vector<std::pair<NodeId, NodeId>> found_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_operator(const plan::Endpoints& step, const plan::Node& node, Builder& b) {
  return std::make_unique<Endpoints>(node, step, b);
}

}  // namespace packhouse::cypher
