#include "handlers/bookmark.hpp"
#include "handlers/session.hpp"

namespace packhouse::handlers {

Reply Session::commit() {
  step_ = &Session::commit_settled;
  return commit_settled();
}

/// Open results are dropped, but what their statements do is done (BOLT.md section 6, notes).
Reply Session::commit_settled() {
  if (auto reply = settle()) return std::move(*reply);
  for (const auto& result : transaction_->results) {
    live_->no_statement(result->number);
    if (result->open()) server_.statistics->query_ended(Statistics::Outcome::succeeded);
  }
  transaction_->results.clear();
  return wait_for_commit(&Session::finish_commit);
}

Reply Session::finish_commit() {
  Result<std::uint64_t> committed = std::move(*commit_->outcome);
  commit_.reset();
  if (!committed) return fail(std::move(committed).error());
  transaction_->committed = true;
  drop_transaction();
  protocol::SuccessFrame frame(out_, dialect_);
  frame.string("bookmark", make_bookmark(server_.store, *committed));
  frame.close();
  return Reply::done();
}

}  // namespace packhouse::handlers
