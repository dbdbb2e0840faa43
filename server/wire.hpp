#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.hpp"
#include "server/tls.hpp"
#include "server/websocket.hpp"

namespace packhouse::server {

namespace asio = boost::asio;

/// What a connection's Bolt bytes travel in.
enum class Transport : std::uint8_t { tcp, tls, websocket, tls_websocket };
inline constexpr std::size_t transport_count = 4;
std::string_view name(Transport transport);  ///< "tcp", "tls", "ws", "wss"

/// What a listener offers. Outlives its wires.
struct WireOptions {
  const TlsContext* tls = nullptr;  ///< null: off
  bool tls_required = false;
  OriginRule origins;
};

/// The bytes of one Bolt connection, whatever they travel in. The first byte tells: 0x16 begins TLS, a letter HTTP and
/// with it WebSocket, everything else is Bolt's (BOLT.md 1.1). It behaves like a non-blocking socket: nobody waits in here.
/// Plain TCP costs one comparison a call. Belongs to the socket's thread.
class Wire {
 public:
  Wire(asio::ip::tcp::socket socket, const WireOptions& options) : socket_(std::move(socket)), options_(options) {}

  asio::ip::tcp::socket& socket() { return socket_; }
  /// Nothing until the first bytes have told.
  std::optional<Transport> transport() const;

  /// Payload of Bolt. 0 without an error: only overhead came; look at replies() and over().
  std::size_t read(std::span<std::byte> into, boost::system::error_code& error) {
    if (stage_ == Stage::plain) [[likely]] return socket_.read_some(asio::buffer(into.data(), into.size()), error);
    return read_layers(into, error);
  }
  /// False when read() may have something although the socket has nothing.
  bool must_wait() const { return !tls_ || !tls_->buffered() || blocked_; }
  /// What to wait for before the next read().
  asio::ip::tcp::socket::wait_type wait_for_read() const {
    return tls_ && tls_->wants_write() ? asio::ip::tcp::socket::wait_write : asio::ip::tcp::socket::wait_read;
  }

  /// Something is to be sent that isn't Bolt's: a pong, the answer to HTTP.
  bool has_replies() const { return web_ && !web_->frames.replies().empty(); }
  /// Puts into `out`, beyond `sealed`, what the transport needs around it, and replies; only then it may be written.
  void seal(Buffer& out, std::size_t& sealed) {
    if (web_) [[unlikely]] seal_frames(out, sealed);
  }
  /// May write less than all; after would_block the next call begins where this one ended.
  std::size_t write(Bytes bytes, boost::system::error_code& error) {
    if (!tls_) [[likely]] return socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    return tls_->write(bytes, error);
  }
  /// The peer has said all, or was refused: send what is to be sent, then close.
  bool over() const { return over_; }
  /// Why it was refused, for the log; else empty.
  const std::string& trouble() const { return trouble_; }

  /// Closes the socket. If all that was begun is written, it says goodbye before, as far as that can be done at once.
  void close(bool all_written, WebSocketFrames::Reason reason);

 private:
  enum class Stage : std::uint8_t { undecided, plain, tls_undecided, tls, http, frames };
  struct Web {
    std::string head;  // of the request, until it is complete
    WebSocketFrames frames;
  };

  std::size_t read_layers(std::span<std::byte> into, boost::system::error_code& error);
  std::size_t decide(std::span<std::byte> bytes, std::span<std::byte> into, boost::system::error_code& error);
  std::size_t take_http(std::span<std::byte> bytes);
  std::size_t take_frames(std::span<std::byte> bytes);
  void seal_frames(Buffer& out, std::size_t& sealed);
  void refuse(std::string trouble);

  asio::ip::tcp::socket socket_;
  const WireOptions& options_;
  std::unique_ptr<TlsStream> tls_;
  std::unique_ptr<Web> web_;
  Stage stage_ = Stage::undecided;
  bool blocked_ = false;  // the last read would have blocked
  bool over_ = false;
  std::string trouble_;
};

}  // namespace packhouse::server
