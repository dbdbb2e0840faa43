#include "handlers/shared_commit.hpp"

#include "base/ascii.hpp"
#include "base/clock.hpp"
#include "handlers/session.hpp"

namespace packhouse::handlers {
namespace {

using cypher::StatementType;

bool writes(StatementType type) {
  return type == StatementType::write || type == StatementType::read_write;
}

}  // namespace

bool SharedCommit::has_room(std::size_t answer_bytes) const {
  return followers.size() < most_followers && answer_bytes < most_bytes && held_messages_ < most_bytes &&
         std::chrono::steady_clock::now() < until_;
}

void SharedCommit::add(protocol::MessagePtr pull, std::size_t message_bytes, std::size_t answer_end) {
  held_messages_ += message_bytes;
  followers.push_back({std::move(pull), answer_end});
}

bool SharedCommit::worth_repeating(const Error& error) const {
  return !followers.empty() && !error.code().starts_with("Neo.DatabaseError.");
}

bool is_plain(const protocol::TransactionExtra& extra) {
  const bool no_metadata = extra.metadata.is_null() || extra.metadata.as_map().empty();
  return extra.bookmarks.empty() && !extra.timeout_ms && no_metadata &&
         extra.mode == protocol::TransactionExtra::Mode::write && extra.impersonated_user.empty() &&
         !extra.filter.minimum && !extra.filter.disabled;
}

/// Its PULL, and a RUN with another one, must have been there before the transaction begins: whoever has seen the
/// answer to somebody's commit and then sends a statement must find what was committed.
bool Session::may_lead(const protocol::Run& request, const protocol::Connection& connection) {
  if (alone_ > 0) {
    --alone_;
    return false;
  }
  return connection.behind_run() >= 3 && is_plain(request.extra);
}

/// The statement at hand is done and waits for its commit: takes along those that wait behind it, as far as nobody can
/// tell the difference. The first that does not fit takes its turn later, as if this had not been tried.
void Session::take_followers() {
  SharedCommit& shared = *transaction_->shared;
  if (ahead_ == nullptr || ahead_->behind_run() < 2 || !shared.all_rows() || !result_->run->may_share_transaction())
    return;
  // What a commit would refuse must not be made good by the next statement.
  if (!transaction_->storage->check_statement()) return;
  transaction_->storage->never_wait();  // with the locks of others that have done nothing wrong
  (void)result_->run->notifications();  // before others make known what it did not find
  OpenResult* const leader = result_;
  std::swap(out_, shared.answers);
  while (shared.has_room(out_.size())) {
    auto next = ahead_->take_ahead(shared.room_for_message());
    if (!next || !follow(std::move(*next))) break;
  }
  std::swap(out_, shared.answers);
  result_ = leader;
  if (shared.followers.empty()) return;
  shared.rows.append(out_.view().subspan(shared.rows_at()));
  out_.truncate(shared.rows_at());
}

bool Session::follow(protocol::StatementAhead next) {
  OpenTransaction& t = *transaction_;
  const std::size_t answered = out_.size(), results = t.results.size(), bytes = next.run_message->bytes.size();
  if (run_follower(next)) {
    t.shared->add(std::move(next.pull_message), bytes, out_.size());
    return true;
  }
  out_.truncate(answered);
  if (t.results.size() > results) {
    live_->no_statement(t.results.back()->number);
    next.run_message = std::move(t.results.back()->message);
    t.results.pop_back();
  }
  std::vector<protocol::MessagePtr> messages;
  messages.push_back(std::move(next.run_message));
  messages.push_back(std::move(next.pull_message));
  ahead_->give_back(std::move(messages));
  return false;
}

/// False: it has left no trace in the transaction, except a result that never was.
bool Session::run_follower(protocol::StatementAhead& next) {
  OpenTransaction& t = *transaction_;
  const protocol::Run& run = next.run;
  if (!is_plain(run.extra) || !same_ignoring_case(run.extra.database, t.shared->leader().extra.database)) return false;
  const auto type = server_.engine.type_of(run.query);
  if (!type || !writes(*type)) return false;
  const auto began = std::chrono::steady_clock::now();
  const Instant now = wall_clock();
  t.clock.transaction_seconds = now.seconds;
  t.clock.transaction_nanos = now.nanos;
  auto result = open_result(run.query, run.parameters, std::move(next.run_message));
  if (!result || !(*result)->run->may_share_transaction()) return false;
  (*result)->opened = began;
  write_run_success(**result);
  left_ = protocol::all_rows;
  discard_ = next.discard;
  return finish_at_once(**result);
}

/// Does the statement in one slice and writes its rows. False when that can't be done, or its own commit would fail:
/// then it has been taken back.
bool Session::finish_at_once(OpenResult& result) {
  const auto take_back = [this] {
    transaction_->storage->rollback_statement();
    return false;
  };
  for (;;) {
    auto state = advance(result);
    if (!state) return false;  // the run has taken it back, or somebody has terminated the whole transaction
    switch (*state) {
      case cypher::Run::State::yield: return take_back();
      case cypher::Run::State::waiting:
        result.run->cancel_wait();
        blocked_ = false;
        return false;
      case cypher::Run::State::rows: {
        const auto full = write_rows(result);
        if (!full || *full) return take_back();
        break;
      }
      case cypher::Run::State::done:
        (void)result.run->notifications();  // as above
        return transaction_->storage->check_statement() ? true : take_back();
    }
  }
}

void Session::answer_followers(std::uint64_t committed) {
  const SharedCommit& shared = *transaction_->shared;
  std::size_t from = 0;
  for (std::size_t i = 0; i < shared.followers.size(); ++i) {
    OpenResult& result = *transaction_->results[i + 1];
    const std::size_t end = shared.followers[i].answer_end;
    out_.append(shared.answers.view().subspan(from, end - from));
    from = end;
    write_summary(result, committed);
    result.finished = true;
    server_.statistics->transaction_begun();  // to the client it was one
    server_.statistics->transaction_ended(true);
  }
}

/// The followers' requests, to be handed out again.
std::vector<protocol::MessagePtr> Session::take_back() {
  std::vector<protocol::MessagePtr> messages;
  if (!transaction_ || !transaction_->shared) return messages;
  auto& followers = transaction_->shared->followers;
  for (std::size_t i = 0; i < followers.size(); ++i) {
    OpenResult& result = *transaction_->results[i + 1];
    result.finished = true;  // what becomes of it is counted when its turn comes
    messages.push_back(std::move(result.message));
    messages.push_back(std::move(followers[i].pull));
  }
  followers.clear();
  return messages;
}

/// The shared commit has failed, and nothing of it is there: each statement gets a transaction and an outcome of its
/// own.
Reply Session::run_apart() {
  OpenResult& first = *transaction_->results.front();
  const SharedCommit& shared = *transaction_->shared;
  const protocol::Run run = shared.leader();
  const auto began = first.opened;
  protocol::MessagePtr message = std::move(first.message);
  first.finished = true;
  left_ = protocol::all_rows;
  discard_ = shared.discard();
  auto returned = take_back();
  alone_ = returned.size() / 2;
  drop_transaction();

  Reply reply;
  auto result = open_transaction(run.extra, storage::AccessMode::write, false).and_then([&] {
    return open_result(run.query, run.parameters, std::move(message));
  });
  if (result) {
    result_ = *result;
    result_->opened = began;
    step_ = &Session::pull_rows;
    reply = pull_rows();
  } else {
    server_.statistics->query_ended(Statistics::outcome_of(result.error()));
    reply = fail(std::move(result).error());
  }
  reply.returned = std::move(returned);
  return reply;
}

}  // namespace packhouse::handlers
