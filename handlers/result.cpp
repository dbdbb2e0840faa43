#include "handlers/result.hpp"

#include "handlers/bookmark.hpp"
#include "handlers/session.hpp"
#include "handlers/summary.hpp"
#include "protocol/frames.hpp"

namespace packhouse::handlers {
namespace {
constexpr std::size_t flush_at = 64 * 1024;  // bytes of rows after which the client gets its turn
}

Result<cypher::Run::State> Session::advance(OpenResult& result) {
  if (auto error = stopped()) return tl::make_unexpected(std::move(*error));
  {
    const std::scoped_lock lock(running_mutex_);
    running_ = result.run.get();
    if (stop_.load() != cypher::StopSignal::Reason::none) running_->stop_signal().stop(stop_.load());
  }
  live_->phase(LiveConnection::Phase::running);
  auto state = result.run->advance();
  {
    const std::scoped_lock lock(running_mutex_);
    running_ = nullptr;
  }
  if (!state) return state;
  result.next_row = 0;
  result.rows_at_hand = *state == cypher::Run::State::rows ? result.run->batch().size() : 0;
  result.exhausted = *state == cypher::Run::State::done;
  result.settled = result.settled || result.exhausted || *state == cypher::Run::State::rows;
  blocked_ = *state == cypher::Run::State::waiting;
  if (blocked_) {
    live_->phase(LiveConnection::Phase::blocked);
    result.run->on_wake(wake_);
  }
  return state;
}

/// Sends (or skips) rows of the batch at hand.
Result<bool> Session::write_rows(OpenResult& result) {
  cypher::Batch& batch = result.run->batch();
  const auto at_hand = static_cast<std::int64_t>(result.rows_at_hand - result.next_row);
  const std::int64_t rows = left_ == protocol::all_rows ? at_hand : std::min(at_hand, left_);
  if (discard_) {
    result.next_row += static_cast<cypher::RowIndex>(rows);
    result.rows_seen += static_cast<std::uint64_t>(rows);
    if (left_ != protocol::all_rows) left_ -= rows;
    return false;
  }
  if (!hydrator_) hydrator_ = std::make_unique<Hydrator>(*transaction_->storage, dialect_);
  const std::size_t columns = result.run->columns().size();
  std::vector<const Value*> values(columns);
  for (std::size_t c = 0; c < columns; ++c) values[c] = batch.column(result.run->column_slot(c));
  packstream::Writer writer(out_, dialect_);
  for (std::int64_t i = 0; i < rows; ++i) {
    const cypher::RowIndex row = batch.row(result.next_row);
    protocol::RecordFrame frame(out_, static_cast<std::uint32_t>(columns));
    for (std::size_t c = 0; c < columns; ++c) {
      PACKHOUSE_CHECK(hydrator_->write(values[c][row], writer));
    }
    frame.close();
    ++result.next_row;
    ++result.rows_seen;
    if (left_ != protocol::all_rows) --left_;
    if (out_.size() >= flush_at) return true;
  }
  return false;
}

Reply Session::result_done() {
  if (!transaction_->explicit_) {
    if (transaction_->shared) take_followers();
    return wait_for_commit(&Session::auto_commit_done);
  }
  OpenResult& result = *result_;
  write_summary(result, std::nullopt);
  live_->no_statement(result.number);
  result.run.reset();
  result.message.reset();
  result_ = nullptr;
  return Reply::done({false, transaction_->open_results()});
}

Reply Session::auto_commit_done() {
  Result<std::uint64_t> committed = std::move(*commit_->outcome);
  commit_.reset();
  if (!committed) {
    const bool apart = transaction_->shared && transaction_->shared->worth_repeating(committed.error());
    return apart ? run_apart() : fail(std::move(committed).error());
  }
  if (transaction_->shared) out_.append(transaction_->shared->rows.view());
  write_summary(*result_, *committed);
  result_->finished = transaction_->committed = true;
  if (transaction_->shared) answer_followers(*committed);
  drop_transaction();
  return Reply::done();
}

void Session::write_summary(const OpenResult& result, std::optional<std::uint64_t> committed) {
  protocol::SuccessFrame frame(out_, dialect_);
  if (committed) frame.string("bookmark", make_bookmark(server_.store, *committed));
  const auto took = std::chrono::steady_clock::now() - result.opened;
  frame.integer("t_last", std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  if (features_.has(protocol::Feature::databases)) frame.string("db", transaction_->database);
  write_result_summary(frame, *result.run, {.rows = result.rows_seen, .filter = result.filter, .features = features_});
  frame.close();
  server_.statistics->query_succeeded(took);
}

}  // namespace packhouse::handlers
