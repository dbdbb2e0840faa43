#pragma once
#include <algorithm>

#include "cypher/exec/operator.hpp"
#include "cypher/plan/slot_set.hpp"

namespace packhouse::cypher {

/// An input and the batch its rows arrive in. The batch grows from small to full size, so that small answers stay small.
class Input {
 public:
  Input(OperatorPtr input, std::size_t slots) : input_(std::move(input)), batch_(slots) {}

  void open(ExecContext& context) {
    input_->open(context);
    at_ = size_ = 0;
  }
  /// The next batch; what the last one held is gone.
  Progress pull(ExecContext& context) {
    at_ = size_ = 0;
    batch_.reset(capacity_);
    const Progress p = input_->next(context, batch_);
    if (p != Progress::rows) return p;
    size_ = batch_.size();
    if (capacity_ < Batch::max_rows) capacity_ *= 4;
    return p;
  }
  Batch& batch() { return batch_; }
  bool has_row() const { return at_ < size_; }
  RowIndex row() const { return batch_.row(at_); }
  void next_row() { ++at_; }

 private:
  OperatorPtr input_;
  Batch batch_;
  RowIndex at_ = 0, size_ = 0, capacity_ = 16;
};

/// Base of operators that make any number of rows of each row: it pulls, copies the slots that are still needed, and
/// asks the derived class to fill its own slots.
class Multiplier : public Operator {
 public:
  Multiplier(OperatorPtr input, std::size_t slots, const plan::Slots& kept) : input_(std::move(input), slots), kept_(kept) {}

  void open(ExecContext& context) override {
    input_.open(context);
    in_row_ = paused_ = false;
  }
  Progress next(ExecContext& context, Batch& out) override;

 protected:
  /// A new input row; what fill() gives from now on belongs to it.
  virtual void start(ExecContext& context, Batch& in, RowIndex row) = 0;
  /// Writes up to `room` rows at physical rows at, at + 1 … of `out`; fewer than `room` means the input row is used up.
  /// A long search without results sets paused_ and returns early: the base hands a yield upwards and calls again later.
  virtual RowIndex fill(ExecContext& context, Batch& out, RowIndex at, RowIndex room) = 0;
  bool paused_ = false;
  /// Makes sure that an input row is there: `rows` when it is.
  Progress await_row(ExecContext& context);

 private:
  void copy(Batch& out, RowIndex at, RowIndex n);

  Input input_;
  plan::Slots kept_;
  bool in_row_ = false;
};

}  // namespace packhouse::cypher
