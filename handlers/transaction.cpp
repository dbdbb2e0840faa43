#include "handlers/transaction.hpp"

#include "base/ascii.hpp"
#include "base/clock.hpp"
#include "handlers/bookmark.hpp"
#include "handlers/session.hpp"

namespace packhouse::handlers {
namespace {

constexpr std::string_view system_database = "system";

}  // namespace

Result<void> Session::check_database(std::string_view name) const {
  if (name.empty() || same_ignoring_case(name, server_.database) || same_ignoring_case(name, system_database)) return ok;
  return packhouse::fail(Status::database_not_found, "Database does not exist. Database name: '" + std::string(name) + "'.");
}

Result<void> Session::open_transaction(const protocol::TransactionExtra& extra, storage::AccessMode mode, bool is_explicit) {
  PACKHOUSE_CHECK(check_database(extra.database));
  if (!extra.impersonated_user.empty()) {
    return tl::make_unexpected(no_impersonation());
  }
  PACKHOUSE_CHECK(check_bookmarks(server_.store, extra.bookmarks));
  const bool system = same_ignoring_case(extra.database, system_database);
  PACKHOUSE_TRY(auto storage, server_.store.begin(system ? storage::AccessMode::read : mode));
  OpenTransaction& t = transaction_.emplace();
  t.storage = std::move(storage);
  t.storage->limit_changes(server_.query_memory);
  t.explicit_ = is_explicit;
  t.read_only = extra.mode == protocol::TransactionExtra::Mode::read;
  t.home_database = extra.database.empty();
  t.database = system ? std::string(system_database) : server_.database;
  t.filter = extra.filter.over(filter_);
  t.metadata = extra.metadata;
  const Instant now = wall_clock();
  server_.statistics->transaction_begun();
  live_->begin(server_.live->next_number(), t.database, t.metadata, now);
  t.clock.transaction_seconds = now.seconds;
  t.clock.transaction_nanos = now.nanos;
  const std::chrono::milliseconds timeout = extra.timeout_ms ? std::chrono::milliseconds(std::max<std::int64_t>(*extra.timeout_ms, 0))
                                                             : server_.transaction_timeout;
  constexpr auto longest = std::chrono::hours(24 * 365);  // later is never, and can't overflow the clock
  if (timeout.count() > 0) t.deadline = std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(timeout, longest);
  return ok;
}

Result<OpenResult*> Session::open_result(std::string_view query, const Value& parameters, protocol::MessagePtr message) {
  OpenTransaction& t = *transaction_;
  const Instant now = wall_clock();
  t.clock.statement_seconds = now.seconds;
  t.clock.statement_nanos = now.nanos;
  cypher::RunOptions options;
  options.clock = t.clock;
  options.database = t.database;
  options.memory_limit = server_.query_memory;
  options.import_folder = server_.import_folder.get();
  options.implicit_transaction = !t.explicit_;
  if (server_.users) {
    if (!t.administration) t.administration = server_.users->begin(login_->user, t.read_only);
    options.administration = t.administration.get();
    options.user = login_->user;
  }
  if (!t.activity) t.activity = std::make_unique<SessionActivity>(server_, *live_, t, std::string(options.user));
  options.activity = t.activity.get();
  // Kept also when it fails: metadata that others may look at points into the message until the transaction is dropped.
  OpenResult& result = *t.results.emplace_back(std::make_unique<OpenResult>());
  result.qid = static_cast<std::int64_t>(t.results.size()) - 1;
  result.message = std::move(message);
  result.filter = t.filter;
  result.number = server_.live->next_number();
  live_->statement(result.number, query, parameters, now);
  PACKHOUSE_TRY(auto run, server_.engine.run(*t.storage, query, parameters, options));
  PACKHOUSE_CHECK(authorise(*run));
  result.run = std::move(run);
  return &result;
}

std::optional<Reply> Session::settle() {
  for (const auto& result : transaction_->results) {
    if (!result->open() || result->settled || result->run->type() == cypher::StatementType::read) continue;
    auto state = advance(*result);
    if (!state) return fail(std::move(state).error());
    switch (*state) {
      case cypher::Run::State::yield: return Reply::of(Reply::Kind::more);
      case cypher::Run::State::waiting: return Reply::of(Reply::Kind::waiting);
      case cypher::Run::State::rows:
      case cypher::Run::State::done: break;
    }
  }
  return std::nullopt;
}

void Session::drop_transaction(Statistics::Outcome unfinished) {
  hydrator_.reset();
  result_ = nullptr;
  blocked_ = false;
  if (!transaction_) return;
  live_->end();  // before what it shows goes
  for (auto& result : transaction_->results) {
    if (!result->open()) continue;
    result->run->cancel_wait();
    if (!result->finished) server_.statistics->query_ended(unfinished);
  }
  transaction_->results.clear();
  if (transaction_->storage) transaction_->storage->rollback();
  server_.statistics->transaction_ended(transaction_->committed);
  transaction_.reset();
}

/// A failure ends the transaction it happened in (BOLT.md section 6, notes).
Reply Session::fail(Error error) {
  const Statistics::Outcome outcome = Statistics::outcome_of(error);
  if (request_.as<protocol::Run>()) server_.statistics->query_ended(outcome);
  auto returned = take_back();
  drop_transaction(outcome);
  Reply reply = Reply::failed(std::move(error));
  reply.returned = std::move(returned);
  return reply;
}

Reply Session::wait_for_commit(Step then) {
  if (!live_->closing()) return fail(*stopped());
  if (!transaction_->administration || !transaction_->administration->changed()) return commit_storage(then);
  after_users_ = then;
  step_ = &Session::commit_users;
  return Reply::of(Reply::Kind::more);  // it blocks, so a worker does it
}

Reply Session::commit_users() {
  if (auto done = transaction_->administration->commit(); !done) return fail(std::move(done).error());
  return commit_storage(after_users_);
}

Reply Session::commit_storage(Step then) {
  step_ = then;
  commit_ = std::make_shared<CommitState>();
  commit_->wake = wake_;
  // Results read from the transaction, which is over from here on.
  hydrator_.reset();
  transaction_->storage->commit([state = commit_](Result<std::uint64_t> outcome) {
    const std::scoped_lock lock(state->mutex);
    state->outcome = std::move(outcome);
    if (state->waited_for) state->wake();
  });
  {
    const std::scoped_lock lock(commit_->mutex);
    commit_->waited_for = !commit_->outcome;
    if (commit_->waited_for) return Reply::of(Reply::Kind::waiting);
  }
  return (this->*then)();
}

}  // namespace packhouse::handlers
