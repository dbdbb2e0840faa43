#pragma once
#include <string_view>
#include <vector>

#include "cypher/exec/run/plan_run.hpp"

namespace packhouse::cypher {

/// A query given as text, run by a procedure inside the caller's statement: in its transaction, whose changes it sees,
/// under its stop signal, its time and its memory limit, with parameters of its own. It is asked for batches and pauses
/// between slices of work, so rows stream and nothing is kept but what its own steps keep; one that writes does all it
/// has to do before the first row. What it changes counts as changes of the caller's statement, and goes with that if it
/// fails.
///
///     NestedQuery query(context, text, parameters);
///     for (;;) {
///       const auto state = query.advance();
///       if (state == NestedQuery::State::done) break;
///       if (state == NestedQuery::State::paused) return paused_ = true, false;   // ProcedureRows::paused(), or go on
///       for (RowIndex i = 0; i < query.rows(); ++i) use(query.value(0, i));      // good until the next advance()
///     }
///
/// Throws QueryError. When a lock is held elsewhere (Transaction::wait_pending()) the error has to reach the caller's
/// statement, which then starts again as a whole. Used by one thread at a time, as its context.
class NestedQuery {
 public:
  struct Options {
    /// Otherwise a query that writes is refused (Status::access_mode), as it always is inside a statement that does not
    /// write itself: the procedure needs ProcedureMode::write.
    bool may_write = false;
  };
  enum class State : std::uint8_t {
    rows,    ///< rows() of them are there
    paused,  ///< the slice of work is used up: call again, best after others had their turn
    done,    ///< no more rows, all changes are made
  };

  /// Parses, analyses and plans (through the plan cache). `parameters` is a map that outlives this, or null. Errors
  /// besides those of the text, which tell line and column in the message: commands and EXPLAIN, what needs more rights
  /// than reading and writing, CALL { … } IN TRANSACTIONS, more than `deepest` queries inside each other.
  NestedQuery(ExecContext& caller, std::string_view text, const Value& parameters, Options options);
  NestedQuery(ExecContext& caller, std::string_view text, const Value& parameters)
      : NestedQuery(caller, text, parameters, Options{}) {}
  NestedQuery(const NestedQuery&) = delete;
  NestedQuery& operator=(const NestedQuery&) = delete;
  ~NestedQuery();

  static constexpr std::uint32_t deepest = 8;

  const std::vector<std::string>& columns() const { return prepared_->statement.columns; }
  bool writes() const { return prepared_->writes; }

  State advance();
  RowIndex rows() const { return batch_.size(); }
  /// A value of the batch: it lives until the next advance(), and its nodes and relationships are the transaction's.
  const Value& value(std::size_t column, RowIndex row) {
    return batch_.at(prepared_->statement.column_slots[column], batch_.row(row));
  }

 private:
  void account();

  ExecContext& caller_;
  PreparedPtr prepared_;
  Arena arena_{1024};
  std::vector<Value> parameters_;
  ExecContext context_;
  Batch batch_;
  PlanRun steps_;
  std::size_t accounted_ = 0;
  bool opened_ = false, done_ = false;
};

}  // namespace packhouse::cypher
