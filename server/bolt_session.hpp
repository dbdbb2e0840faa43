#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "handlers/session.hpp"
#include "protocol/connection.hpp"
#include "server/live_count.hpp"
#include "server/traffic.hpp"
#include "server/wire.hpp"

namespace packhouse::server {

/// What every session needs of the server around it. Outlives all sessions.
struct SessionEnvironment {
  handlers::ServerContext& handlers;
  Traffic& traffic;
  asio::thread_pool& workers;  ///< where requests go on that did not finish in their first slice
  protocol::Connection::Limits limits{};
  std::chrono::seconds login_timeout{30};
  std::chrono::seconds keep_alive{60};  ///< 0: none
  std::chrono::seconds idle_timeout{0};  ///< without a request; 0: none
  WireOptions wire{};
  LiveCount alive;                      ///< of sessions
};

/// Couples one connection (TCP, TLS, WebSocket) to one protocol::Connection and one handlers::Session. Everything happens on the
/// thread of the socket's io_context, except Session::resume() of long requests.
///
/// Two coroutines: read() keeps listening and, as long as no request is under way, works on what came at once and
/// answers by a direct write, so that a short query costs no thread hop and no wake-up; what can't be finished so
/// goes to serve(), which waits, sends and resumes while read() goes on listening for RESET.
class BoltSession : public std::enable_shared_from_this<BoltSession> {
 public:
  BoltSession(asio::ip::tcp::socket socket, asio::io_context& io, SessionEnvironment& environment, std::uint64_t number);

  void start();
  /// Ends it as soon as the request under way is answered; at once if there is none. On the io_context's thread.
  void stop_when_idle();
  /// Ends it now; what runs is interrupted. On the io_context's thread.
  void close();
  asio::io_context& io() { return io_; }

 private:
  asio::awaitable<void> read();
  asio::awaitable<void> serve();

  void receive(std::size_t bytes);
  /// Works through waiting requests until none is left (true) or one can't be finished at once (false).
  bool pump();
  /// Takes over what the reply says; false when the request is still under way.
  bool settle(handlers::Reply reply);
  void gather_output();
  /// Writes what the socket takes without waiting; false when something is left.
  bool write_now();
  asio::awaitable<void> write_all();
  asio::awaitable<void> wait_for_signal();
  asio::awaitable<void> continue_request();
  void resume_on_worker();
  void signal() { signal_.cancel(); }
  void woken();
  void watch_deadline();
  void deadline_passed();
  void send_keep_alive();

  LiveCount::Guard alive_;  // first, so that it goes last: a session that isn't counted uses nothing any more
  Wire wire_;
  Traffic::Connection traffic_;
  asio::io_context& io_;
  SessionEnvironment& environment_;
  protocol::Connection connection_;
  handlers::Session session_;
  Buffer out_;
  std::size_t written_ = 0;                 // of out_
  std::size_t sealed_ = 0;                  // of out_: framed for the transport; only this is written
  std::optional<handlers::Reply> pending_;  // of the request under way, as far as it has got
  bool resumed_ = false;                    // a worker has it
  bool woken_ = false;                      // what it waited for has come
  bool serving_ = false;                    // serve() has the floor
  bool closed_ = false;
  bool login_counts_ = false;               // deadline_ is the one of handshake and login
  bool stopping_ = false;
  asio::steady_timer signal_;               // cancelled when serve() should look again
  asio::steady_timer room_;                 // cancelled when read() may go on after back-pressure
  asio::steady_timer deadline_;             // login, then the open transaction's time limit
  std::chrono::steady_clock::time_point last_write_;
};

}  // namespace packhouse::server
