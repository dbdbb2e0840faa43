#pragma once
#include "cypher/exec/multiplier.hpp"
#include "storage/graph.hpp"

namespace packhouse::cypher {

/// Base of the operators that fill one slot from a storage cursor, opened for each input row.
class NodeCursorScan : public Multiplier {
 public:
  NodeCursorScan(OperatorPtr input, std::size_t slots, const plan::Slots& kept, Slot node)
      : Multiplier(std::move(input), slots, kept), node_(node) {}

 protected:
  /// Null: no rows.
  virtual storage::NodeCursor open_cursor(ExecContext& context, Batch& in, RowIndex row) = 0;
  void start(ExecContext& context, Batch& in, RowIndex row) override { cursor_ = open_cursor(context, in, row); }
  RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) override;
  void set_cursor(storage::NodeCursor cursor) { cursor_ = std::move(cursor); }

 private:
  Slot node_;
  storage::NodeCursor cursor_;
};

}  // namespace packhouse::cypher
