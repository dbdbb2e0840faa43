#include "cypher/exec/multiplier.hpp"

#include <utility>

namespace packhouse::cypher {

void Multiplier::copy(Batch& out, RowIndex at, RowIndex n) {
  Batch& in = input_.batch();
  const RowIndex row = input_.row();
  for (const Slot s : kept_) {
    const Value v = in.column(s)[row];
    std::fill_n(out.column(s) + at, n, v);
  }
}

Progress Multiplier::await_row(ExecContext& context) {
  while (!input_.has_row()) {
    context.check();
    if (context.out_of_budget()) return Progress::yield;
    const Progress p = input_.pull(context);
    if (p != Progress::rows) return p;
  }
  return Progress::rows;
}

Progress Multiplier::next(ExecContext& context, Batch& out) {
  if (std::exchange(paused_, false)) return Progress::yield;
  const RowIndex capacity = out.capacity();
  RowIndex n = 0;
  for (;;) {
    while (input_.has_row()) {
      if (!in_row_) {
        start(context, input_.batch(), input_.row());
        in_row_ = true;
      }
      const RowIndex made = fill(context, out, n, capacity - n);
      if (made > 0) copy(out, n, made);
      n += made;
      if (n == capacity) {
        out.set_rows(n);
        return Progress::rows;
      }
      if (paused_) {
        if (n == 0) return std::exchange(paused_, false), Progress::yield;
        out.set_rows(n);  // first these; the next call yields
        return Progress::rows;
      }
      in_row_ = false;
      input_.next_row();
    }
    if (n > 0) {
      out.set_rows(n);
      return Progress::rows;
    }
    if (const Progress p = await_row(context); p != Progress::rows) return p;
  }
}

}  // namespace packhouse::cypher
