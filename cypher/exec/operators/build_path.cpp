#include "cypher/exec/expansion.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// Puts a named path together from the nodes and relationships of its pattern. Null if any of them is.
class BuildPath final : public Operator {
 public:
  BuildPath(OperatorPtr input, const plan::BuildPath& step) : input_(std::move(input)), step_(step) {}

  void open(ExecContext& context) override { input_->open(context); }
  Progress next(ExecContext& context, Batch& out) override {
    const Progress p = input_->next(context, out);
    if (p != Progress::rows) return p;
    Value* to = out.column(step_.path);
    for (RowIndex i = 0, n = out.size(); i < n; ++i) to[out.row(i)] = path(context, out, out.row(i));
    return p;
  }

 private:
  Value path(ExecContext& context, Batch& batch, RowIndex row) {
    nodes_.clear();
    rels_.clear();
    NodeId node{};
    if (!node_in(batch.at(step_.start, row), node)) return Value();
    nodes_.push_back(node);
    for (const auto& part : step_.parts) {
      const Value& rel = batch.at(part.rel, row);
      if (rel.is_null()) return Value();
      if (!part.list) {
        if (!node_in(batch.at(part.node, row), node)) return Value();
        rels_.push_back(rel.as_relationship());
        nodes_.push_back(node);
        continue;
      }
      for (const Value& item : rel.as_list()) {
        const auto view = or_throw(context.tx.relationship(item.as_relationship()));
        if (!view) throw QueryError(Status::entity_not_found, "A relationship of the path has been deleted in this transaction");
        rels_.push_back(item.as_relationship());
        nodes_.push_back(view->start() == nodes_.back() ? view->end() : view->start());
      }
    }
    Arena& arena = batch.arena();
    const auto nodes = arena.array<NodeId>(nodes_.size());
    std::copy(nodes_.begin(), nodes_.end(), nodes.begin());
    const auto rels = arena.array<RelId>(rels_.size());
    std::copy(rels_.begin(), rels_.end(), rels.begin());
    return Value::path(arena.make<PathValue>(nodes, rels));
  }

  OperatorPtr input_;
  const plan::BuildPath& step_;
  std::vector<NodeId> nodes_;
  std::vector<RelId> rels_;
};

}  // namespace

OperatorPtr make_operator(const plan::BuildPath& step, const plan::Node& node, Builder& b) {
  return std::make_unique<BuildPath>(b.input(node), step);
}

}  // namespace packhouse::cypher
