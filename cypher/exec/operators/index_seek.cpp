#include <string>

#include "cypher/exec/node_cursor.hpp"
#include "cypher/exec/operators.hpp"
#include "cypher/exec/row_table.hpp"

namespace packhouse::cypher {
namespace {

/// Entities, maps and paths equal no property, and have no place in an index.
bool seekable(const Value& v) {
  switch (v.kind()) {
    case Kind::null:
    case Kind::map:
    case Kind::node:
    case Kind::relationship:
    case Kind::path: return false;
    case Kind::list:
      for (const Value& item : v.as_list()) {
        if (!seekable(item)) return false;
      }
      return true;
    default: return true;
  }
}

/// Nodes by a range index, once for each input row. A value that can't be in the index finds nothing, as the
/// comparison it stands for would be null or false.
class IndexSeek final : public NodeCursorScan {
 public:
  IndexSeek(OperatorPtr input, const plan::Node& node, const plan::IndexSeek& step, IndexId index, Builder& b)
      : NodeCursorScan(std::move(input), b.slots, node.kept, step.node), step_(step), index_(index), seen_(1, 1) {
    for (const ast::Expr* e : step.equal) equal_.push_back(b.compile(*e));
    const auto maybe = [&](const ast::Expr* e) { return e ? b.compile(*e) : nullptr; };
    any_of_ = maybe(step.any_of);
    low_ = maybe(step.low.value);
    high_ = maybe(step.high.value);
    prefix_ = maybe(step.prefix);
  }

 protected:
  storage::NodeCursor open_cursor(ExecContext& context, Batch& in, RowIndex row) override {
    range_.prefix.clear();
    range_.low.reset();
    range_.high.reset();
    range_.starts_with.reset();
    for (const auto& e : equal_) {
      const Value v = e->eval(context, in, row);
      if (!seekable(v)) return nullptr;
      range_.prefix.push_back(v);
    }
    if (!bound(context, in, row)) return nullptr;
    if (any_of_) return nullptr;  // list() goes on
    return or_throw(context.tx.index_seek(index_, range_));
  }

  void start(ExecContext& context, Batch& in, RowIndex row) override {
    NodeCursorScan::start(context, in, row);
    items_ = {};
    if (!any_of_ || range_.prefix.size() < equal_.size()) return;
    list_ = any_of_->eval(context, in, row);
    if (list_.is_null()) return;
    if (!list_.is(Kind::list)) {
      throw QueryError(Status::type_error, "Type mismatch: expected List<T> but was " + std::string(type_name(list_.kind())));
    }
    seen_.clear(context);
    items_ = list_.as_list();
  }

  RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) override {
    if (!any_of_) return NodeCursorScan::fill(context, out, at, room);
    RowIndex n = 0;
    while (n < room) {
      n += NodeCursorScan::fill(context, out, at + n, room - n);
      if (n == room || !next_item(context)) break;
    }
    return n;
  }

 private:
  bool bound(ExecContext& context, Batch& in, RowIndex row) {
    const auto value = [&](const ExpressionPtr& e, std::optional<Value>& to) {
      if (!e) return true;
      to = e->eval(context, in, row);
      return seekable(*to);
    };
    range_.low_inclusive = step_.low.inclusive;
    range_.high_inclusive = step_.high.inclusive;
    if (!value(low_, range_.low) || !value(high_, range_.high)) return false;
    if (!prefix_) return true;
    const Value v = prefix_->eval(context, in, row);
    if (!v.is(Kind::string)) return false;
    range_.starts_with = std::string(v.as_string());
    return true;
  }

  bool next_item(ExecContext& context) {
    while (!items_.empty()) {
      const Value item = items_.front();
      items_ = items_.subspan(1);
      bool added = false;
      if (!seekable(item)) continue;
      if (list_.as_list().size() > 1) {
        seen_.find_or_add(&item, added);
        if (!added) continue;
      }
      range_.prefix.push_back(item);
      set_cursor(or_throw(context.tx.index_seek(index_, range_)));
      range_.prefix.pop_back();
      return true;
    }
    return false;
  }

  const plan::IndexSeek& step_;
  IndexId index_;
  std::vector<ExpressionPtr> equal_;
  ExpressionPtr any_of_, low_, high_, prefix_;
  storage::IndexRange range_;
  Value list_;
  std::span<const Value> items_;
  RowTable seen_;
};

}  // namespace

OperatorPtr make_operator(const plan::IndexSeek& step, const plan::Node& node, Builder& b) {
  return std::make_unique<IndexSeek>(b.input(node), node, step, step.index, b);
}

}  // namespace packhouse::cypher
