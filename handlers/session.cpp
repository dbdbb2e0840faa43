#include "handlers/session.hpp"

namespace packhouse::handlers {

using Reason = cypher::StopSignal::Reason;

Session::Session(ServerContext& server, std::string connection_id)
    : server_(server), connection_id_(std::move(connection_id)) {
  const auto close = [this] {
    if (close_) close_();
  };
  live_ = std::make_shared<LiveConnection>(connection_id_, [this] { terminated(); }, close);
  server_.live->add(live_);
}

Session::~Session() {
  live_->leave();
  server_.live->remove(connection_id_);
  drop_transaction();
}

Reply Session::start(protocol::Request&& request, protocol::Connection& connection) {
  features_ = connection.features();
  dialect_ = connection.dialect();
  stop_.store(Reason::none);
  if (live_->terminated()) expire(Reason::terminated);  // after the line above: terminate() does it the other way round
  request_ = std::move(request);
  if (expired_ && !request_.as<protocol::Reset>() && !request_.as<protocol::Goodbye>()) {
    Error error = std::move(*expired_);
    expired_.reset();
    return Reply::failed(std::move(error));
  }
  ahead_ = &connection;
  Reply reply = std::visit(
      overloaded{
          [&](const protocol::Hello& r) { return hello(r, connection); },
          [&](const protocol::Logon& r) { return logon(r); },
          [&](const protocol::Logoff&) {
            log_out();
            protocol::write_success(out_);
            return Reply::done();
          },
          [&](const protocol::Goodbye&) {
            drop_transaction();
            return Reply::of(Reply::Kind::goodbye);
          },
          [&](const protocol::Reset&) { return reset(); },
          [&](const protocol::Run& r) { return run(r, connection); },
          [&](const protocol::Begin& r) { return begin(r); },
          [&](const protocol::Commit&) { return commit(); },
          [&](const protocol::Rollback&) { return rollback(); },
          [&](const protocol::Pull& r) { return pull(r.n, r.qid, false); },
          [&](const protocol::Discard& r) { return pull(r.n, r.qid, true); },
          [&](const protocol::Route& r) { return route(r); },
          [&](const protocol::Telemetry&) {
            protocol::write_success(out_);
            return Reply::done();
          },
      },
      request_.body);
  ahead_ = nullptr;
  return reply;
}

Reply Session::resume() {
  if (commit_) {  // a commit can't be stopped half-way: an interruption waits for its outcome like everybody else
    const std::scoped_lock lock(commit_->mutex);
    if (!commit_->outcome) return Reply::of(Reply::Kind::waiting);
  }
  return (this->*step_)();
}

void Session::interrupt(Reason reason) {
  stop_.store(reason);
  const std::scoped_lock lock(running_mutex_);
  if (running_) running_->stop_signal().stop(reason);
}

std::optional<Error> Session::stopped() const {
  switch (stop_.load()) {
    case Reason::none: return std::nullopt;
    case Reason::timeout:
      if (blocked_) {
        return Error(Status::lock_client_stopped,
                     "The transaction has been terminated while it waited for a lock that another transaction holds: it has not "
                     "completed within the specified timeout (tx_timeout).");
      }
      return Error(Status::timed_out,
                   "The transaction has been terminated. Retry your operation in a new transaction, and you should see a successful "
                   "result. The transaction has not completed within the specified timeout (tx_timeout). You may want to retry "
                   "with a longer timeout.");
    default:
      return Error(Status::terminated,
                   "The transaction has been terminated. Retry your operation in a new transaction, and you should see a successful "
                   "result. Explicitly terminated by the user.");
  }
}

std::optional<std::chrono::steady_clock::time_point> Session::deadline() const {
  return transaction_ ? transaction_->deadline : std::nullopt;
}

void Session::expire(Reason reason) {
  stop_.store(reason);
  expired_ = stopped();
  drop_transaction();
}

void Session::attend() {
  if (live_->terminated()) expire(Reason::terminated);
}

/// Called by whoever terminates the open transaction, on its thread.
void Session::terminated() {
  interrupt(Reason::terminated);
  if (wake_) wake_();
}

}  // namespace packhouse::handlers
