#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "auth/users.hpp"
#include "config/settings.hpp"
#include "handlers/server_context.hpp"
#include "server/bolt_session.hpp"
#include "server/http.hpp"
#include "server/io_threads.hpp"
#include "server/tls.hpp"
#include "server/traffic.hpp"

namespace packhouse::server {

/// The whole server: store, engine, listeners, threads. Made on one thread, which calls run() and is blocked until
/// stop() or a signal.
class Server {
 public:
  /// Opens the store and binds the ports. Errors are for the operator: what could not be opened and why.
  static Result<std::unique_ptr<Server>> make(const config::Settings& settings);
  ~Server();

  /// "HOST:PORT" with the port that was really bound.
  const std::string& bolt_address() const { return bolt_address_; }
  const std::string& http_address() const { return http_address_; }  ///< empty when off

  /// Serves until SIGINT, SIGTERM or stop(). `ready` is called once connections are taken.
  void run(const std::function<void()>& ready);
  /// From any thread.
  void stop();

 private:
  explicit Server(const config::Settings& settings);
  Result<void> open();
  Result<asio::ip::tcp::acceptor> listen(const std::string& address, std::string& bound);
  void await_signal();
  void reload();
  void accept_bolt();
  void accept_later(asio::steady_timer& pause, void (Server::*accept)(), const boost::system::error_code& error);
  void accept_http();
  void shut_down();
  void begin_session(asio::ip::tcp::socket socket, asio::io_context& io);
  std::vector<std::shared_ptr<BoltSession>> live_sessions();

  config::Settings settings_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<auth::Users> users_;  ///< null: authentication is off
  std::unique_ptr<cypher::Engine> engine_;
  std::unique_ptr<handlers::ServerContext> context_;
  Traffic traffic_;
  std::unique_ptr<TlsContext> tls_;     ///< null: off
  std::unique_ptr<SessionEnvironment> environment_;  // before io_, with which the last sessions go
  std::unique_ptr<HttpFacts> http_facts_;            // likewise
  IoThreads io_;
  asio::thread_pool workers_;
  std::optional<asio::ip::tcp::acceptor> bolt_, http_;
  asio::signal_set signals_;
  asio::steady_timer bolt_pause_, http_pause_;
  std::string bolt_address_, http_address_;
  std::mutex mutex_;  // sessions_, number_, stopping_
  std::vector<std::weak_ptr<BoltSession>> sessions_;
  std::uint64_t number_ = 0;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point refusal_logged_;
  std::promise<void> stopped_;
};

}  // namespace packhouse::server
