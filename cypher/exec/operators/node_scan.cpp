#include <array>
#include <optional>

#include "cypher/exec/node_cursor.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// All nodes, or those of a label; once for each input row.
class NodeScan final : public NodeCursorScan {
 public:
  NodeScan(OperatorPtr input, std::size_t slots, const plan::Slots& kept, Slot node, std::optional<std::string_view> label)
      : NodeCursorScan(std::move(input), slots, kept, node), name_(label) {}

 protected:
  storage::NodeCursor open_cursor(ExecContext& context, Batch&, RowIndex) override {
    if (!name_) return or_throw(context.tx.scan_nodes());
    // Asked again as long as there is no such label: the rows before this one may have made it.
    if (!label_) label_ = context.store.find_label(*name_);
    return label_ ? or_throw(context.tx.scan_label(*label_)) : nullptr;
  }

 private:
  std::optional<std::string_view> name_;  ///< none: all nodes
  std::optional<LabelId> label_;
};

}  // namespace

RowIndex NodeCursorScan::fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) {
  if (!cursor_) return 0;
  std::array<NodeId, Batch::max_rows> ids;
  Value* to = out.column(node_) + at;
  RowIndex n = 0;
  while (n < room) {
    const std::size_t got = or_throw(cursor_->next(std::span(ids).first(room - n)));
    if (got == 0) {
      cursor_ = nullptr;
      break;
    }
    for (std::size_t i = 0; i < got; ++i) to[n++] = Value::node(ids[i]);
  }
  context.db_hits += n;
  return n;
}

OperatorPtr make_operator(const plan::AllNodesScan& step, const plan::Node& node, Builder& b) {
  return std::make_unique<NodeScan>(b.input(node), b.slots, node.kept, step.node, std::nullopt);
}

OperatorPtr make_operator(const plan::LabelScan& step, const plan::Node& node, Builder& b) {
  return std::make_unique<NodeScan>(b.input(node), b.slots, node.kept, step.node, step.label);
}

}  // namespace packhouse::cypher
