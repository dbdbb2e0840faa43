#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/buffer.hpp"
#include "handlers/hydrate.hpp"
#include "handlers/reply.hpp"
#include "handlers/server_context.hpp"
#include "handlers/transaction.hpp"
#include "protocol/connection.hpp"

namespace packhouse::handlers {

/// What the server does for one connection's requests. Knows no socket: the server feeds it requests, sends its
/// output, and calls resume() for as long as a request isn't answered.
///
/// start(), resume(), expire() and the destructor: one at a time, from any thread. interrupt(): any time, any thread.
class Session {
 public:
  Session(ServerContext& server, std::string connection_id);
  ~Session();  ///< rolls back what is open
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const std::string& connection_id() const { return connection_id_; }

  /// Called, from any thread, when a Reply::waiting can go on. Set once, before the first request.
  void on_wake(std::function<void()> wake) { wake_ = std::move(wake); }

  /// Called, from any thread, when somebody ends the connection (dbms.killConnection). Set once, before the first request.
  void on_close(std::function<void()> close) { close_ = std::move(close); }
  /// "host:port" of both ends, for those who list connections.
  void addresses(std::string server, std::string client) { live_->addresses(std::move(server), std::move(client)); }

  /// Begins a request that `connection` let through. RECORDs and SUCCESS are written to output().
  /// On the connection's thread: statements that wait behind it may be taken along.
  Reply start(protocol::Request&& request, protocol::Connection& connection);
  /// Goes on with it.
  Reply resume();
  /// Bytes to send before anything of the connection's own output. The caller swaps them out.
  Buffer& output() { return out_; }

  /// RESET or GOODBYE has arrived, or time is up: what runs now ends with the matching error. Has no effect on later requests.
  void interrupt(cypher::StopSignal::Reason reason);
  /// When the open transaction times out.
  std::optional<std::chrono::steady_clock::time_point> deadline() const;
  /// The deadline has passed while no request was being worked on: rolls back; the next request fails.
  void expire() { expire(cypher::StopSignal::Reason::timeout); }
  /// The wake function was called while no request was being worked on: if that was because somebody has terminated the
  /// open transaction, rolls back, and the next request fails.
  void attend();

 private:
  using Step = Reply (Session::*)();

  void expire(cypher::StopSignal::Reason reason);
  void terminated();

  // One file per request.
  Reply hello(const protocol::Hello& request, const protocol::Connection& connection);
  Reply greet();
  Reply logon(const protocol::Logon& request);
  Reply logged_on();
  Reply begin(const protocol::Begin& request);
  Reply run(const protocol::Run& request, const protocol::Connection& connection);
  Reply run_settled();
  Reply pull(std::int64_t n, std::int64_t qid, bool discard);
  Reply pull_rows();
  Reply give_out();
  Reply commit();
  Reply commit_settled();
  Reply finish_commit();
  Reply rollback();
  Reply reset();
  Reply route(const protocol::Route& request);

  // login.cpp
  Reply log_in(const protocol::AuthToken& token, Step then);
  Reply verify();
  Reply let_in(Step then);
  void log_out();
  /// May the user run it, and in this transaction?
  Result<void> authorise(const cypher::Run& run);

  // transaction.cpp
  Result<void> open_transaction(const protocol::TransactionExtra& extra, storage::AccessMode mode, bool is_explicit);
  Result<void> check_database(std::string_view name) const;
  Result<OpenResult*> open_result(std::string_view query, const Value& parameters, protocol::MessagePtr message);
  void write_run_success(const OpenResult& result);
  /// Does the effects of writing statements that no PULL has asked for yet, before what comes next.
  std::optional<Reply> settle();
  /// `unfinished`: how queries count whose results are still open.
  void drop_transaction(Statistics::Outcome unfinished = Statistics::Outcome::terminated);
  Reply fail(Error error);
  Reply wait_for_commit(Step then);
  Reply commit_users();
  Reply commit_storage(Step then);

  // result.cpp
  Result<cypher::Run::State> advance(OpenResult& result);
  /// true: the client gets its turn first.
  Result<bool> write_rows(OpenResult& result);
  Reply result_done();
  Reply auto_commit_done();
  void write_summary(const OpenResult& result, std::optional<std::uint64_t> committed);
  std::optional<Error> stopped() const;

  // shared_commit.cpp
  bool may_lead(const protocol::Run& request, const protocol::Connection& connection);
  void take_followers();
  bool follow(protocol::StatementAhead next);
  bool run_follower(protocol::StatementAhead& next);
  bool finish_at_once(OpenResult& result);
  void answer_followers(std::uint64_t committed);
  std::vector<protocol::MessagePtr> take_back();
  Reply run_apart();

  /// Filled by the committer's thread; shared with it, since the session may go first.
  struct CommitState {
    std::mutex mutex;
    std::optional<Result<std::uint64_t>> outcome;
    bool waited_for = false;
    std::function<void()> wake;
  };

  ServerContext& server_;
  std::string connection_id_;
  std::function<void()> wake_, close_;
  std::shared_ptr<LiveConnection> live_;
  Buffer out_;
  protocol::Features features_;
  packstream::Dialect dialect_;
  protocol::NotificationFilter filter_;

  const protocol::Connection* connection_ = nullptr;  // while a HELLO is worked on
  std::optional<auth::Login> login_;                  // null without authentication
  UserSeats::Seat seat_;
  Step after_login_ = nullptr, after_users_ = nullptr;

  std::optional<OpenTransaction> transaction_;
  std::optional<Error> expired_;  // the transaction timed out or was terminated while the client was idle

  // The request being worked on.
  Step step_ = nullptr;
  protocol::Request request_;
  OpenResult* result_ = nullptr;
  std::int64_t left_ = 0;  // rows still wanted; all_rows = no limit
  bool discard_ = false;
  std::unique_ptr<Hydrator> hydrator_;
  protocol::Connection* ahead_ = nullptr;  // what waits there may be taken along; only inside start()
  std::size_t alone_ = 0;                  // statements to come that must not be led by others: together they failed
  std::shared_ptr<CommitState> commit_;

  std::mutex running_mutex_;
  cypher::Run* running_ = nullptr;  // inside advance()
  bool blocked_ = false;  // the statement at hand waits for a lock
  std::atomic<cypher::StopSignal::Reason> stop_{cypher::StopSignal::Reason::none};
};

}  // namespace packhouse::handlers
