#include "server/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <thread>

#include "cypher/procedures/databases.hpp"
#include "cypher/procedures/users.hpp"
#include "objects/registry.hpp"
#include "objects/storages/folder.hpp"
#include "protocol/hello.hpp"
#include "server/address.hpp"
#include "server/log.hpp"
#include "server/open_users.hpp"
#include "server/version.hpp"

namespace packhouse::server {
namespace {

using asio::ip::tcp;

std::size_t thread_count(std::int64_t wanted) {
  if (wanted > 0) return static_cast<std::size_t>(wanted);
  return std::max<std::size_t>(2, std::thread::hardware_concurrency());
}

storage::StoreOptions store_options(const config::Settings& s) {
  storage::StoreOptions options;
  options.sync = s.durability == "sync";
  options.sync_interval = std::chrono::milliseconds(s.sync_interval_ms);
  options.max_snapshot_age = std::chrono::seconds(s.max_snapshot_age_s);
  options.node_cache = static_cast<std::uint64_t>(s.node_cache_mb) << 20;
  return options;
}

tl::unexpected<Error> cannot_listen(const std::string& address, const boost::system::error_code& error) {
  return fail(Status::argument_error, "cannot listen on " + address + ": " + error.message());
}

}  // namespace

Server::Server(const config::Settings& settings)
    : settings_(settings), io_(thread_count(settings.threads)), workers_(thread_count(settings.threads)), signals_(io_.first()), bolt_pause_(io_.first()), http_pause_(io_.first()) {}

Server::~Server() {
  io_.stop(true);
  workers_.stop();
  workers_.join();
}

Result<std::unique_ptr<Server>> Server::make(const config::Settings& settings) {
  PACKHOUSE_CHECK(config::check(settings));
  std::unique_ptr<Server> server(new Server(settings));
  PACKHOUSE_CHECK(server->open());
  return server;
}

Result<void> Server::open() {
  PACKHOUSE_TRY(store_, storage::Store::open(settings_.data, store_options(settings_)));
  engine_ = std::make_unique<cypher::Engine>(*store_);
  PACKHOUSE_CHECK(engine_->objects().add(std::shared_ptr<const objects::Storage>(std::make_shared<objects::FolderStorage>(
      settings_.object_folder.empty() ? settings_.data + "/objects" : settings_.object_folder))));
  if (settings_.test_procedures) {
    cypher::add_test_procedures(engine_->procedures());
    log::warn("test procedures are on: tck.register and tck.clear can be called by any client");
  }
  PACKHOUSE_TRY(bolt_, listen(settings_.bolt, bolt_address_));
  if (settings_.http != "off") {
    PACKHOUSE_TRY(http_, listen(settings_.http, http_address_));
  }
  context_ = std::make_unique<handlers::ServerContext>(handlers::ServerContext{*store_, *engine_, {}, {}});
  context_->agent = protocol::agent_string(version);
  context_->advertised_address = settings_.advertised_address.empty() ? bolt_address_ : settings_.advertised_address;
  cypher::add_server_address(engine_->procedures(), context_->advertised_address);
  if (settings_.auth) {
    PACKHOUSE_TRY(users_, open_users(settings_));
    cypher::add_user_tables(engine_->procedures());
    context_->users = users_.get();
    context_->seats->limit(static_cast<std::size_t>(settings_.max_connections_per_user));
  }
  context_->transaction_timeout = std::chrono::milliseconds(settings_.transaction_timeout_ms);
  context_->query_memory = static_cast<std::size_t>(settings_.query_memory_mb) << 20;
  context_->import_folder = std::make_unique<const ImportFolder>(settings_.import_folder.empty() ? settings_.data + "/import"
                                                                                                 : settings_.import_folder);
  context_->receive_timeout_s = 2 * settings_.keep_alive_s;
  environment_.reset(new SessionEnvironment{.handlers = *context_, .traffic = traffic_, .workers = workers_});
  environment_->limits.message = static_cast<std::size_t>(settings_.message_mb) << 20;
  environment_->login_timeout = std::chrono::seconds(settings_.login_timeout_s);
  environment_->keep_alive = std::chrono::seconds(settings_.keep_alive_s);
  environment_->idle_timeout = std::chrono::seconds(settings_.idle_timeout_s);
  if (settings_.tls != "off") {
    PACKHOUSE_TRY(tls_, TlsContext::load(settings_.tls_certificate, settings_.tls_key));
    environment_->wire.tls = tls_.get();
    environment_->wire.tls_required = settings_.tls == "required";
  }
  environment_->wire.origins.any = settings_.websocket_origins == "*" || (settings_.websocket_origins.empty() && settings_.auth);
  environment_->wire.origins.allowed = settings_.websocket_origins;
  http_facts_.reset(new HttpFacts{{*store_, *engine_, *context_->statistics, traffic_}, context_->advertised_address});
  return ok;
}

Result<tcp::acceptor> Server::listen(const std::string& address, std::string& bound) {
  PACKHOUSE_TRY(const config::Address parsed, config::parse_address(address));
  boost::system::error_code error;
  tcp::resolver resolver(io_.first());
  const auto found = resolver.resolve(parsed.host, std::to_string(parsed.port), tcp::resolver::passive, error);
  if (error || found.empty()) return cannot_listen(address, error);
  const tcp::endpoint endpoint = found.begin()->endpoint();
  tcp::acceptor acceptor(io_.first());
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(address, error);
  bound = address_text(acceptor.local_endpoint(error));
  return acceptor;
}

void Server::run(const std::function<void()>& ready) {
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.add(SIGHUP);
  await_signal();
  auto stopped = stopped_.get_future();
  accept_bolt();
  if (http_) accept_http();
  io_.start();
  log::info("packhouse " + std::string(version) + " serves " + settings_.data + " on bolt://" + bolt_address_);
  ready();
  stopped.wait();
  shut_down();
}

void Server::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal != SIGHUP) return stop();
    reload();
    await_signal();
  });
}

/// SIGHUP: what can be read again without a restart.
void Server::reload() {
  if (!tls_) return log::info("SIGHUP: tls is off, there is nothing to read again");
  if (const auto done = tls_->reload(); !done) {
    return log::error("SIGHUP: certificate and key stay as they were: " + done.error().message());
  }
  log::info("SIGHUP: certificate and key were read again");
}

void Server::stop() {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(stopping_, true)) return;
  stopped_.set_value();
}

void Server::accept_bolt() {
  asio::io_context& io = io_.next();
  bolt_->async_accept(io, [this, &io](const boost::system::error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !bolt_->is_open()) return;
    if (error) return accept_later(bolt_pause_, &Server::accept_bolt, error);
    begin_session(std::move(socket), io);
    accept_bolt();
  });
}

/// When there are no files left, say, it would fail again at once.
void Server::accept_later(asio::steady_timer& pause, void (Server::*accept)(), const boost::system::error_code& error) {
  log::warn("accepting a connection failed: " + error.message());
  pause.expires_after(std::chrono::milliseconds(200));
  pause.async_wait([this, accept](const boost::system::error_code& stopped) {
    if (!stopped) (this->*accept)();
  });
}

void Server::begin_session(tcp::socket socket, asio::io_context& io) {
  std::shared_ptr<BoltSession> session;
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return;
    if (environment_->alive.now() >= static_cast<std::size_t>(settings_.max_connections)) {
      traffic_.refused();
      const auto now = std::chrono::steady_clock::now();
      if (now - refusal_logged_ > std::chrono::seconds(1)) {  // a flood of connections is no flood of lines
        refusal_logged_ = now;
        log::warn("a connection was refused: there are max_connections = " + std::to_string(settings_.max_connections) + " already");
      }
      return;
    }
    session = std::make_shared<BoltSession>(std::move(socket), io, *environment_, ++number_);
    sessions_.push_back(session);
    if (number_ % 1024 == 0) std::erase_if(sessions_, [](const auto& s) { return s.expired(); });
  }
  asio::post(io, [session] { session->start(); });
}

void Server::accept_http() {
  asio::io_context& io = io_.next();
  http_->async_accept(io, [this, &io](const boost::system::error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !http_->is_open()) return;
    if (error) return accept_later(http_pause_, &Server::accept_http, error);
    asio::co_spawn(io, serve_http(std::move(socket), *http_facts_), asio::detached);
    accept_http();
  });
}

std::vector<std::shared_ptr<BoltSession>> Server::live_sessions() {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<BoltSession>> live;
  for (const auto& weak : sessions_) {
    if (auto session = weak.lock()) live.push_back(std::move(session));
  }
  return live;
}

/// No new work; what runs gets the grace time, then it is interrupted; everything committed stays.
void Server::shut_down() {
  log::info("stopping");
  asio::post(io_.first(), [this] {
    boost::system::error_code ignored;
    bolt_->close(ignored);
  });
  http_facts_->serving = false;  // the HTTP port tells so until the end
  for (const auto& session : live_sessions()) {
    asio::post(session->io(), [session] { session->stop_when_idle(); });
  }
  if (!environment_->alive.wait_until_none(std::chrono::seconds(settings_.stop_grace_s))) {
    for (const auto& session : live_sessions()) {
      asio::post(session->io(), [session] { session->close(); });
    }
    constexpr auto interruption = std::chrono::seconds(5);  // between two looks at the stop signal is far less
    if (!environment_->alive.wait_until_none(interruption)) log::warn("some requests could not be interrupted");
  }
  workers_.join();
  io_.stop(true);
  http_.reset();
  store_->close();
  if (users_) users_->close();
  log::info("stopped");
}

}  // namespace packhouse::server
