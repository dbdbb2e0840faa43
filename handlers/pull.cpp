#include "handlers/session.hpp"
#include "protocol/failure.hpp"

namespace packhouse::handlers {

Reply Session::pull(std::int64_t n, std::int64_t qid, bool discard) {
  if (!transaction_ || transaction_->results.empty()) {
    return fail(protocol::unknown_result(qid));
  }
  const auto last = static_cast<std::int64_t>(transaction_->results.size()) - 1;
  const std::int64_t wanted = qid == protocol::last_result ? last : qid;
  if (wanted < 0 || wanted > last || !transaction_->results[static_cast<std::size_t>(wanted)]->open()) {
    return fail(protocol::unknown_result(qid));
  }
  result_ = transaction_->results[static_cast<std::size_t>(wanted)].get();
  left_ = n;
  discard_ = discard;
  if (transaction_->shared) transaction_->shared->pulled(out_.size(), n, discard);
  step_ = &Session::pull_rows;
  return pull_rows();
}

/// Gives out rows until enough were sent, the buffer is full, or there are no more. The end is looked for even when
/// enough rows were sent, so that an exhausted result is never answered by has_more (BOLT.md 5.3).
Reply Session::pull_rows() {
  OpenResult& result = *result_;
  for (;;) {
    if (auto error = stopped()) return fail(std::move(*error));
    if (result.next_row < result.rows_at_hand) {
      if (left_ == 0) {
        protocol::SuccessFrame frame(out_, dialect_);
        frame.boolean("has_more", true);
        frame.close();
        return Reply::done({true, transaction_->open_results()});
      }
      const auto flush = write_rows(result);
      if (!flush) return fail(flush.error());
      if (*flush) return give_out();
      continue;
    }
    if (result.exhausted) return result_done();
    auto state = advance(result);
    if (!state) return fail(std::move(state).error());
    switch (*state) {
      case cypher::Run::State::yield: return out_.empty() ? Reply::of(Reply::Kind::more) : give_out();
      case cypher::Run::State::waiting: return Reply::of(Reply::Kind::waiting);
      case cypher::Run::State::rows:
      case cypher::Run::State::done: break;
    }
  }
}

/// What stands in the output goes to the client before the work goes on.
Reply Session::give_out() {
  if (transaction_->shared) transaction_->shared->rows_left();
  return Reply::of(Reply::Kind::flush);
}

}  // namespace packhouse::handlers
