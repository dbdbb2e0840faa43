#include "server/bolt_session.hpp"

#include <netinet/tcp.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "server/address.hpp"
#include "server/log.hpp"

namespace packhouse::server {
namespace {

using asio::ip::tcp;
using clock = std::chrono::steady_clock;
using Kind = handlers::Reply::Kind;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_size = 64 * 1024;
constexpr std::size_t pooled_output = 256 * 1024;  // bytes of buffer a connection keeps between requests
constexpr std::size_t backlog_limit = 1 << 20;     // bytes of waiting requests after which the client has to wait

/// A peer that went without a word, its network with it, is given up after some two minutes.
void notice_vanished_peer(tcp::socket& socket) {
  using seconds_idle = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
  using seconds_between = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
  using probes = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
  boost::system::error_code ignored;
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  socket.set_option(seconds_idle(60), ignored);
  socket.set_option(seconds_between(15), ignored);
  socket.set_option(probes(4), ignored);
}

/// One buffer a thread: an idle connection needs none.
std::array<std::byte, read_size>& read_buffer() {
  thread_local std::array<std::byte, read_size> buffer;
  return buffer;
}

}  // namespace

BoltSession::BoltSession(tcp::socket socket, asio::io_context& io, SessionEnvironment& environment, std::uint64_t number)
    : alive_(environment.alive), wire_(std::move(socket), environment.wire), traffic_(environment.traffic), io_(io), environment_(environment), connection_(environment.limits),
      session_(environment.handlers, "bolt-" + std::to_string(number)), signal_(io), room_(io), deadline_(io),
      last_write_(clock::now()) {}

void BoltSession::start() {
  const auto self = shared_from_this();
  const auto on_own_thread = [this](auto&& work) {  // from any thread
    return [weak = weak_from_this(), &io = io_, work] {
      asio::post(io, [weak, work] {
        if (const auto session = weak.lock()) work(*session);
      });
    };
  };
  session_.on_wake(on_own_thread([](BoltSession& session) { session.woken(); }));
  session_.on_close(on_own_thread([](BoltSession& session) { session.close(); }));
  boost::system::error_code ignored;
  session_.addresses(address_text(wire_.socket().local_endpoint(ignored)), address_text(wire_.socket().remote_endpoint(ignored)));
  wire_.socket().set_option(tcp::no_delay(true), ignored);
  notice_vanished_peer(wire_.socket());
  wire_.socket().non_blocking(true, ignored);
  watch_deadline();
  asio::co_spawn(io_, [self] { return self->read(); }, asio::detached);
  asio::co_spawn(io_, [self] { return self->serve(); }, asio::detached);
}

asio::awaitable<void> BoltSession::read() {
  while (!closed_) {
    while (serving_ && !closed_ && connection_.backlog() > backlog_limit) {
      room_.expires_at(clock::time_point::max());
      co_await room_.async_wait(quiet);
    }
    if (wire_.must_wait()) {
      const auto [waited] = co_await wire_.socket().async_wait(wire_.wait_for_read(), quiet);
      if (waited || closed_) break;
    }
    boost::system::error_code error;
    const std::size_t n = wire_.read(read_buffer(), error);
    if (error == asio::error::would_block) continue;
    if (error) break;
    receive(n);
  }
  if (!wire_.trouble().empty()) log::info(session_.connection_id() + ": " + wire_.trouble());
  close();
}

void BoltSession::receive(std::size_t bytes) {
  if (!traffic_.known()) [[unlikely]] {
    if (const auto transport = wire_.transport()) traffic_.travels_in(*transport);
  }
  traffic_.received(bytes);
  if (bytes > 0) connection_.feed(Bytes(read_buffer()).first(bytes));
  if (serving_) {
    if (wire_.has_replies() && out_.empty()) (void)write_now();  // else serve() is writing, and takes them along
    if (wire_.over()) close();
    if (connection_.interrupted() && pending_) {
      session_.interrupt(cypher::StopSignal::Reason::reset);
      signal();
    }
    return;
  }
  if (!pump() || !write_now()) {
    serving_ = true;
    signal();
  } else if (connection_.defunct() || wire_.over() || stopping_) {
    close();
  }
}

bool BoltSession::pump() {
  while (auto request = connection_.next()) {
    gather_output();  // what next() itself answered stands before what the request will
    if (!settle(session_.start(std::move(*request), connection_))) return false;
  }
  gather_output();
  return true;
}

bool BoltSession::settle(handlers::Reply reply) {
  if (!reply.returned.empty()) connection_.give_back(std::move(reply.returned));
  switch (reply.kind) {
    case Kind::answered:
      gather_output();
      connection_.answered(reply.outcome);
      break;
    case Kind::failed:
      gather_output();
      if (!protocol::logged_in(connection_.state())) {
        traffic_.login_failed();
        log::info(session_.connection_id() + ": login failed: " + std::string(reply.error->code()));
      }
      connection_.failure(*reply.error);
      break;
    case Kind::goodbye: break;
    case Kind::more:
    case Kind::flush:
    case Kind::waiting:
      pending_ = std::move(reply);
      if (connection_.interrupted()) session_.interrupt(cypher::StopSignal::Reason::reset);
      watch_deadline();
      return false;
  }
  pending_.reset();
  woken_ = false;  // a deadline may have set it while nothing waited
  gather_output();
  watch_deadline();
  return true;
}

/// Everything to send in one buffer, in order: what came before, rows and SUCCESS of the handlers, FAILURE and
/// IGNORED of the protocol.
void BoltSession::gather_output() {
  for (Buffer* from : {&session_.output(), &connection_.output()}) {
    if (from->empty()) continue;
    if (out_.empty()) {
      std::swap(out_, *from);
      written_ = sealed_ = 0;
    } else {
      out_.append(from->view());
    }
    from->clear();
  }
}

bool BoltSession::write_now() {
  wire_.seal(out_, sealed_);
  if (out_.empty()) return true;
  boost::system::error_code error;
  const std::size_t before = written_;
  while (written_ < out_.size()) {
    const std::size_t n = wire_.write(out_.view().subspan(written_), error);
    written_ += n;
    if (error) break;
  }
  last_write_ = clock::now();
  traffic_.sent(written_ - before);
  if (error && error != asio::error::would_block) {
    close();
    return true;
  }
  if (written_ < out_.size()) return false;
  out_.clear();
  written_ = sealed_ = 0;
  out_.shrink_above(pooled_output);
  return true;
}

asio::awaitable<void> BoltSession::write_all() {
  while (!closed_ && !write_now()) {
    const auto [error] = co_await wire_.socket().async_wait(tcp::socket::wait_write, quiet);
    if (error) close();
  }
}

asio::awaitable<void> BoltSession::wait_for_signal() {
  const bool keep_alive = pending_ && environment_.keep_alive.count() > 0;
  signal_.expires_at(keep_alive ? last_write_ + environment_.keep_alive : clock::time_point::max());
  const auto [error] = co_await signal_.async_wait(quiet);
  if (!error && keep_alive) send_keep_alive();
}

asio::awaitable<void> BoltSession::serve() {
  while (!closed_) {
    if (!serving_) {
      co_await wait_for_signal();
      continue;
    }
    co_await write_all();
    if (pending_) {
      co_await continue_request();
      continue;
    }
    if (!closed_ && !pump()) continue;
    co_await write_all();
    room_.cancel();
    if (connection_.defunct() || wire_.over() || stopping_) break;
    serving_ = false;
  }
  close();
  // What a worker or the committer still has is waited for: it uses this object.
  while (pending_ && (resumed_ || pending_->kind == Kind::waiting)) {
    if (!resumed_) {
      settle(session_.resume());
      if (!pending_ || pending_->kind != Kind::waiting) break;
    }
    signal_.expires_at(clock::time_point::max());
    co_await signal_.async_wait(quiet);
  }
}

/// One step of the request under way, when its turn has come.
asio::awaitable<void> BoltSession::continue_request() {
  switch (pending_->kind) {
    case Kind::flush:
      gather_output();
      co_await write_all();
      resume_on_worker();
      break;
    case Kind::more: resume_on_worker(); break;
    default: break;
  }
  while (pending_ && (resumed_ || (pending_->kind == Kind::waiting && !woken_ && !connection_.interrupted() && !closed_))) {
    if (!resumed_ && closed_) co_return;
    co_await wait_for_signal();
    if (closed_ && !resumed_) co_return;
  }
  if (pending_ && pending_->kind == Kind::waiting) {
    const bool was_woken = std::exchange(woken_, false);
    settle(session_.resume());
    // An interruption does not stop a commit: then only the wake-up counts.
    if (pending_ && pending_->kind == Kind::waiting && !was_woken) {
      while (!woken_) co_await wait_for_signal();
    }
  }
}

void BoltSession::resume_on_worker() {
  resumed_ = true;
  asio::post(environment_.workers, [self = shared_from_this()] {
    auto reply = std::make_shared<handlers::Reply>(self->session_.resume());
    asio::post(self->io_, [self, reply] {
      self->resumed_ = false;
      self->settle(std::move(*reply));
      if (self->closed_ && self->pending_ && self->pending_->kind != Kind::waiting) self->pending_.reset();
      self->signal();
    });
  });
}

void BoltSession::send_keep_alive() {
  last_write_ = clock::now();
  if (!out_.empty()) return;  // the client doesn't even take what there is
  connection_.noop();  // all that was sent ends with a whole message; what a worker is writing comes after this
  out_.append(connection_.output());
  connection_.output().clear();
  (void)write_now();
}

void BoltSession::watch_deadline() {
  const bool logged_in = protocol::logged_in(connection_.state()) || connection_.busy();
  std::optional<clock::time_point> when;
  if (!logged_in) {
    if (std::exchange(login_counts_, true)) return;  // one limit for the whole of handshake and login, another after LOGOFF
    when = clock::now() + environment_.login_timeout;
  } else if (!resumed_) {
    when = session_.deadline();
    if (environment_.idle_timeout.count() > 0 && !pending_) {
      const auto idle = clock::now() + environment_.idle_timeout;
      if (!when || idle < *when) when = idle;
    }
  }
  if (logged_in) login_counts_ = false;
  if (!when) {
    if (deadline_.expiry() != clock::time_point::max()) deadline_.expires_at(clock::time_point::max());
    return;
  }
  if (deadline_.expiry() == *when) return;
  deadline_.expires_at(*when);
  deadline_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    if (error) return;
    if (const auto self = weak.lock()) self->deadline_passed();
  });
}

void BoltSession::deadline_passed() {
  if (closed_) return;
  if (!protocol::logged_in(connection_.state()) && !connection_.busy()) return close();
  if (pending_) {
    session_.interrupt(cypher::StopSignal::Reason::timeout);
    woken_ = true;
    signal();
  } else if (const auto transaction = session_.deadline(); transaction && *transaction <= clock::now()) {
    session_.expire();
    watch_deadline();
  } else {
    log::info(session_.connection_id() + ": closed, it was idle");
    close();
  }
}

/// What the request under way waits for has come; or the open transaction was terminated, which only concerns the session
/// here when nothing is under way.
void BoltSession::woken() {
  if (!pending_) {
    session_.attend();
    return watch_deadline();
  }
  woken_ = true;
  signal();
}

void BoltSession::stop_when_idle() {
  stopping_ = true;
  if (!serving_) close();
}

void BoltSession::close() {
  if (std::exchange(closed_, true)) return;
  session_.interrupt(cypher::StopSignal::Reason::terminated);
  connection_.close();
  wire_.close(out_.empty(), stopping_ ? WebSocketFrames::Reason::going_away : WebSocketFrames::Reason::normal);
  deadline_.cancel();
  signal();
  room_.cancel();
}

}  // namespace packhouse::server
