#include <string>

#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// DELETE and DETACH DELETE of nodes, relationships and paths; null is ignored. That no deleted node keeps relationships
/// is checked at commit.
class Delete final : public Operator {
 public:
  Delete(OperatorPtr input, std::vector<ExpressionPtr> items, bool detach)
      : input_(std::move(input)), items_(std::move(items)), detach_(detach) {}

  void open(ExecContext& context) override { input_->open(context); }
  Progress next(ExecContext& context, Batch& out) override {
    const Progress p = input_->next(context, out);
    if (p != Progress::rows) return p;
    for (RowIndex i = 0, n = out.size(); i < n; ++i) {
      for (const auto& item : items_) remove(context, item->eval(context, out, out.row(i)));
      context.check();
    }
    return p;
  }

 private:
  void remove(ExecContext& context, const Value& v) {
    switch (v.kind()) {
      case Kind::null: return;
      case Kind::node: return node(context, v.as_node());
      case Kind::relationship: return relationship(context, v.as_relationship());
      case Kind::path:
        for (const RelId r : v.as_path().rels) relationship(context, r);
        for (const NodeId n : v.as_path().nodes) node(context, n);
        return;
      default: break;
    }
    throw QueryError(Status::type_error,
                     "Type mismatch: expected Node, Path or Relationship but was " + std::string(type_name(v.kind())));
  }
  void relationship(ExecContext& context, RelId id) {
    ++context.db_hits;
    if (!context.tx.deleted_here(id)) or_throw(context.tx.delete_relationship(id));
  }
  void node(ExecContext& context, NodeId id) {
    ++context.db_hits;
    if (context.tx.deleted_here(id)) return;
    if (detach_) {
      edges_.clear();
      or_throw(context.tx.expand(id, storage::Direction::both, {}, edges_));
      for (const auto& edge : edges_) relationship(context, edge.rel);
    }
    or_throw(context.tx.delete_node(id));
  }

  OperatorPtr input_;
  std::vector<ExpressionPtr> items_;
  bool detach_;
  std::vector<storage::Edge> edges_;
};

}  // namespace

OperatorPtr make_operator(const plan::Delete& step, const plan::Node& node, Builder& b) {
  auto input = b.input(node);
  std::vector<ExpressionPtr> items;
  for (const ast::Expr* e : step.items) items.push_back(b.compile(*e));
  return std::make_unique<Delete>(std::move(input), std::move(items), step.detach);
}

}  // namespace packhouse::cypher
