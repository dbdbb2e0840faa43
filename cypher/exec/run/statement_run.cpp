#include "cypher/exec/run/statement_run.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>

namespace packhouse::cypher {

StatementRun::StatementRun(PreparedPtr prepared, storage::Transaction& tx, std::vector<Value> parameters, const Value& parameter_map,
                           const RunOptions& options)
    : prepared_(std::move(prepared)), tx_(tx), parameters_(std::move(parameters)), context_(tx, parameters_, arena_, stop_),
      batch_(prepared_->plan ? prepared_->plan->slots : prepared_->statement.slots.size()) {
  context_.clock = options.clock;
  context_.height = prepared_->statement.height;
  context_.database = options.database;
  context_.user = options.user;
  context_.administration = options.administration;
  context_.activity = options.activity;
  context_.writes = prepared_->writes;
  context_.import_folder = options.import_folder;
  context_.memory_limit = options.memory_limit;
  if (parameter_map.is(Kind::map)) context_.parameter_map = parameter_map.as_map();
}

bool StatementRun::may_share_transaction() const {
  const ast::Statement& s = prepared_->statement;
  return prepared_->is_query && prepared_->writes && !s.in_transactions && s.explain == ast::ExplainMode::none &&
         std::ranges::all_of(s.procedures, [](const auto& p) {
           return !p->alone && !p->may_commit && (p->mode == ProcedureMode::read || p->mode == ProcedureMode::write);
         });
}

Result<Run::State> StatementRun::advance() {
  if (phase_ == Phase::finished) return State::done;
  try {
    context_.check();
    if (phase_ == Phase::waiting) {
      or_throw(tx_.resume_after_wait());
      phase_ = Phase::fresh;
    }
    if (phase_ == Phase::paused) phase_ = Phase::running;  // the operator that waits resumes by itself
    if (phase_ == Phase::fresh) {
      if (prepared_->writes) tx_.begin_statement();
      phase_ = Phase::running;
      start();
    }
    const State state = work();
    const bool in_parts = prepared_->statement.in_transactions || context_.parts == ExecContext::Parts::begun;
    if (state == State::yield && in_parts && tx_.wait_pending()) {
      phase_ = Phase::paused;
      return State::waiting;
    }
    if (state == State::done) {
      phase_ = Phase::finished;
      if (prepared_->writes && !explain_only()) counts_ = tx_.statement_counts();
    }
    return state;
  } catch (QueryError& e) {
    return failed(std::move(e.error));
  } catch (const std::bad_alloc&) {
    return failed(Error(Status::out_of_memory, "There is not enough memory to run the query"));
  } catch (const std::length_error&) {  // of a container: more than there could be memory for
    return failed(Error(Status::out_of_memory, "There is not enough memory to run the query"));
  }
}

Result<Run::State> StatementRun::failed(Error error) {
  const bool must_wait = prepared_->writes && tx_.wait_pending();
  if (must_wait && stop_.reason() != StopSignal::Reason::none) {
    tx_.cancel_wait();
  } else if (must_wait) {
    tx_.rollback_statement();
    phase_ = Phase::waiting;
    return State::waiting;
  }
  // Before it began nothing was written, and an earlier statement's savepoint must not be rolled back to.
  if (prepared_->writes && phase_ != Phase::waiting && phase_ != Phase::fresh) tx_.rollback_statement();
  phase_ = Phase::finished;
  return tl::make_unexpected(std::move(error));
}

void StatementRun::cancel_wait() {
  tx_.cancel_wait();
  phase_ = Phase::finished;
}

}  // namespace packhouse::cypher
