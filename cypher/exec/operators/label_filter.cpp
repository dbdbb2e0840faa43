#include <algorithm>
#include <optional>
#include <vector>

#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// Keeps the rows whose node has all the labels. Records are asked for a batch at a time.
class LabelFilter final : public Operator {
 public:
  LabelFilter(OperatorPtr input, Slot node, std::vector<LabelId> labels, std::vector<std::string_view> unknown)
      : input_(std::move(input)), node_(node), labels_(std::move(labels)), unknown_(std::move(unknown)) {}

  void open(ExecContext& context) override { input_->open(context); }

  Progress next(ExecContext& context, Batch& out) override {
    for (;;) {
      const Progress p = input_->next(context, out);
      if (p != Progress::rows) return p;
      if (all_known(context)) {
        keep_labelled(context, out);
      } else {
        out.keep_first(0);
      }
      if (!out.empty()) return Progress::rows;
      context.check();
      out.reset(std::min<RowIndex>(Batch::max_rows, out.capacity() * 2));
      if (context.out_of_budget()) return Progress::yield;
    }
  }

 private:
  /// Labels that there were not when the statement began may have been made by rows before.
  bool all_known(ExecContext& context) {
    while (!unknown_.empty()) {
      const auto id = context.store.find_label(unknown_.back());
      if (!id) return false;
      labels_.push_back(*id);
      unknown_.pop_back();
    }
    return true;
  }

  void keep_labelled(ExecContext& context, Batch& out) {
    const Value* nodes = out.column(node_);
    const RowIndex n = out.size();
    ids_.clear();
    rows_.clear();
    for (RowIndex i = 0; i < n; ++i) {
      const RowIndex row = out.row(i);
      if (!nodes[row].is(Kind::node)) continue;
      ids_.push_back(nodes[row].as_node());
      rows_.push_back(row);
    }
    has_.resize(ids_.size());
    or_throw(context.tx.have_labels(ids_, labels_, has_));
    context.db_hits += ids_.size();
    std::size_t at = 0;
    // Both walks ascend, so `at` follows the rows; rows without a node fall out.
    out.filter([&](RowIndex row) { return at < rows_.size() && rows_[at] == row && has_[at++] != 0; });
  }

  OperatorPtr input_;
  Slot node_;
  std::vector<LabelId> labels_;
  std::vector<std::string_view> unknown_;
  std::vector<NodeId> ids_;
  std::vector<RowIndex> rows_;
  std::vector<std::uint8_t> has_;
};

}  // namespace

OperatorPtr make_operator(const plan::LabelFilter& step, const plan::Node& node, Builder& b) {
  std::vector<LabelId> labels;
  std::vector<std::string_view> unknown;
  for (const auto name : step.labels) {
    const auto id = b.context.store.find_label(name);
    if (!id) {
      unknown.push_back(name);
      continue;
    }
    // When every node has the label there is nothing to ask, as long as this statement can't change that.
    if (b.read_only && b.context.tx.node_count(*id) == b.context.tx.node_count()) continue;
    labels.push_back(*id);
  }
  auto input = b.input(node);
  if (unknown.empty() && labels.empty()) return input;
  return std::make_unique<LabelFilter>(std::move(input), step.node, std::move(labels), std::move(unknown));
}

}  // namespace packhouse::cypher
