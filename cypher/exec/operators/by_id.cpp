#include "cypher/exec/entity_ids.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// Nodes by id or element id.
class NodeById final : public Multiplier {
 public:
  NodeById(OperatorPtr input, std::size_t slots, const plan::Slots& kept, const plan::NodeById& step, ExpressionPtr id)
      : Multiplier(std::move(input), slots, kept), step_(step), id_(std::move(id)) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    entity_numbers(context, id_->eval(context, in, row), step_.element_id, step_.many, true, numbers_);
    at_ = 0;
  }
  RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) override {
    Value* to = out.column(step_.node) + at;
    RowIndex n = 0;
    for (; n < room && at_ < numbers_.size(); ++at_) {
      ++context.db_hits;
      const auto id = NodeId{numbers_[at_]};
      if (or_throw(context.tx.node(id))) to[n++] = Value::node(id);
    }
    return n;
  }

 private:
  const plan::NodeById& step_;
  ExpressionPtr id_;
  std::vector<std::uint64_t> numbers_;
  std::size_t at_ = 0;
};

/// Relationships by id or element id, with their ends; undirected patterns see each twice.
class RelationshipById final : public Multiplier {
 public:
  RelationshipById(OperatorPtr input, std::size_t slots, const plan::Slots& kept, const plan::RelationshipById& step, ExpressionPtr id)
      : Multiplier(std::move(input), slots, kept), step_(step), id_(std::move(id)) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    entity_numbers(context, id_->eval(context, in, row), step_.element_id, step_.many, false, numbers_);
    at_ = 0;
    turned_ = false;
  }
  RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) override {
    RowIndex n = 0;
    while (n < room && at_ < numbers_.size()) {
      ++context.db_hits;
      const auto view = or_throw(context.tx.relationship(RelId{numbers_[at_]}));
      if (!view) {
        ++at_;
        continue;
      }
      const bool backwards = step_.direction == ast::Direction::in || turned_;
      out.column(step_.rel)[at + n] = Value::relationship(view->id());
      out.column(step_.from)[at + n] = Value::node(backwards ? view->end() : view->start());
      out.column(step_.to)[at + n] = Value::node(backwards ? view->start() : view->end());
      ++n;
      if (step_.direction == ast::Direction::both && !turned_ && view->start() != view->end()) {
        turned_ = true;
      } else {
        turned_ = false;
        ++at_;
      }
    }
    return n;
  }

 private:
  const plan::RelationshipById& step_;
  ExpressionPtr id_;
  std::vector<std::uint64_t> numbers_;
  std::size_t at_ = 0;
  bool turned_ = false;
};

}  // namespace

OperatorPtr make_operator(const plan::NodeById& step, const plan::Node& node, Builder& b) {
  return std::make_unique<NodeById>(b.input(node), b.slots, node.kept, step, b.compile(*step.id));
}

OperatorPtr make_operator(const plan::RelationshipById& step, const plan::Node& node, Builder& b) {
  return std::make_unique<RelationshipById>(b.input(node), b.slots, node.kept, step, b.compile(*step.id));
}

}  // namespace packhouse::cypher
