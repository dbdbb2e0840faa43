#include <array>

#include "cypher/exec/expansion.hpp"
#include "cypher/exec/multiplier.hpp"
#include "cypher/exec/operators.hpp"

namespace packhouse::cypher {
namespace {

/// All relationships, or those of some types, with their ends; undirected patterns see each twice, loops once.
class RelationshipScan final : public Multiplier {
 public:
  RelationshipScan(const plan::Node& node, const plan::RelationshipScan& step, Builder& b)
      : Multiplier(b.input(node), b.slots, node.kept), step_(step), types_(step.types, b.context),
        used_(step.distinct_from), ends_live_(node.produces(step.from) || node.produces(step.to) || step.direction == ast::Direction::both) {}

 protected:
  void start(ExecContext& context, Batch& in, RowIndex row) override {
    used_.gather(in, row);
    types_.refresh(context);
    cursor_ = nullptr;
    next_type_ = 0;
    turned_ = false;
    have_ = at_ = 0;
    if (types_.known && types_.types.empty()) cursor_ = or_throw(context.tx.scan_relationships());
  }

  RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) override {
    Value *rel = out.column(step_.rel), *from = out.column(step_.from), *to = out.column(step_.to);
    RowIndex n = 0;
    while (n < room) {
      if (at_ == have_ && !more(context)) break;
      const RelId id = ids_[at_];
      if (used_.contains(id)) {
        ++at_;
        continue;
      }
      rel[at + n] = Value::relationship(id);
      if (!ends_live_) {
        ++n, ++at_;
        continue;
      }
      const auto view = or_throw(context.tx.relationship(id));
      if (!view) {
        ++at_;
        continue;
      }
      const bool backwards = step_.direction == ast::Direction::in || turned_;
      from[at + n] = Value::node(backwards ? view->end() : view->start());
      to[at + n] = Value::node(backwards ? view->start() : view->end());
      ++n;
      turned_ = step_.direction == ast::Direction::both && !turned_ && view->start() != view->end();
      if (!turned_) ++at_;
    }
    context.db_hits += n;
    return n;
  }

 private:
  bool more(ExecContext& context) {
    at_ = have_ = 0;
    for (;;) {
      if (!cursor_) {
        if (!types_.known || next_type_ == types_.types.size()) return false;
        cursor_ = or_throw(context.tx.scan_type(types_.types[next_type_++]));
      }
      have_ = or_throw(cursor_->next(ids_));
      if (have_ > 0) return true;
      cursor_ = nullptr;
    }
  }

  const plan::RelationshipScan& step_;
  TypeSet types_;
  UsedRelationships used_;
  bool ends_live_, turned_ = false;
  storage::RelCursor cursor_;
  std::size_t next_type_ = 0, have_ = 0, at_ = 0;
  std::array<RelId, 256> ids_;
};

}  // namespace

OperatorPtr make_operator(const plan::RelationshipScan& step, const plan::Node& node, Builder& b) {
  return std::make_unique<RelationshipScan>(node, step, b);
}

}  // namespace packhouse::cypher
