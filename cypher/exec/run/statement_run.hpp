#pragma once
#include <functional>
#include <string>

#include "cypher/error.hpp"
#include "cypher/exec/run/prepared.hpp"

namespace packhouse::cypher {

/// What every run does whatever it executes: the savepoint of a statement that writes, waiting for locks and starting
/// over, errors. Derived classes do the work.
class StatementRun : public Run {
 public:
  StatementRun(PreparedPtr prepared, storage::Transaction& tx, std::vector<Value> parameters, const Value& parameter_map,
               const RunOptions& options);

  const std::vector<std::string>& columns() const override { return prepared_->statement.columns; }
  StatementType type() const override { return prepared_->type; }
  Privilege privilege() const override { return prepared_->privilege; }
  bool explain_only() const override { return prepared_->statement.explain == ast::ExplainMode::explain; }
  bool may_share_transaction() const override;
  Result<State> advance() override;
  Batch& batch() override { return batch_; }
  Slot column_slot(std::size_t column) const override { return prepared_->statement.column_slots[column]; }
  void on_wake(std::function<void()> wake) override { tx_.on_wake(std::move(wake)); }
  void cancel_wait() override;
  StopSignal& stop_signal() override { return stop_; }
  const storage::TransactionCounts& counts() const override { return counts_; }
  bool profiled() const override { return prepared_->statement.explain == ast::ExplainMode::profile; }

 protected:
  /// (Re)starts the work from nothing.
  virtual void start() = 0;
  /// A slice of it. `done` only after all effects; rows are in batch_.
  virtual State work() = 0;
  /// Whether the work goes on where it is after a wait, instead of starting over.
  bool paused() const { return phase_ == Phase::paused; }

  PreparedPtr prepared_;
  storage::Transaction& tx_;
  Arena arena_{1024};
  std::vector<Value> parameters_;
  StopSignal stop_;
  ExecContext context_;
  Batch batch_;

 private:
  enum class Phase : std::uint8_t { fresh, running, waiting, paused, finished };
  Result<State> failed(Error error);

  Phase phase_ = Phase::fresh;
  storage::TransactionCounts counts_;
};

}  // namespace packhouse::cypher
