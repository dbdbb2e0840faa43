#include "server/wire.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace packhouse::server {
namespace {

constexpr std::size_t head_limit = 8192;  // bytes of an HTTP request's header
constexpr auto tls_handshake = std::byte{0x16};
/// A fatal alert, handshake_failure: TLS clients understand it, and say so instead of "connection closed".
constexpr std::array<unsigned char, 7> tls_refused{0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28};

bool begins_http(std::byte first) { return first >= std::byte{'A'} && first <= std::byte{'Z'}; }

void append(Buffer& to, std::string_view text) { to.append(as_bytes(text)); }

}  // namespace

std::string_view name(Transport transport) {
  constexpr std::array<std::string_view, transport_count> names{"tcp", "tls", "ws", "wss"};
  return names[static_cast<std::size_t>(transport)];
}

std::optional<Transport> Wire::transport() const {
  switch (stage_) {
    case Stage::plain: return Transport::tcp;
    case Stage::tls: return Transport::tls;
    case Stage::frames: return tls_ ? Transport::tls_websocket : Transport::websocket;
    default: return std::nullopt;
  }
}

std::size_t Wire::read_layers(std::span<std::byte> into, boost::system::error_code& error) {
  const std::size_t n = tls_ ? tls_->read(into, error) : socket_.read_some(asio::buffer(into.data(), into.size()), error);
  blocked_ = error == asio::error::would_block;
  if (error) {
    if (tls_ && !tls_->trouble().empty()) trouble_ = "TLS: " + tls_->trouble();
    return 0;
  }
  const auto bytes = into.first(n);
  switch (stage_) {
    case Stage::undecided:
    case Stage::tls_undecided: return decide(bytes, into, error);
    case Stage::http: return take_http(bytes);
    case Stage::frames: return take_frames(bytes);
    default: return n;
  }
}

/// By the first bytes of the connection, and by the first inside TLS.
std::size_t Wire::decide(std::span<std::byte> bytes, std::span<std::byte> into, boost::system::error_code& error) {
  const bool outside = stage_ == Stage::undecided;
  if (bytes.empty()) return 0;
  if (outside && bytes.front() == tls_handshake) {
    if (!options_.tls) {
      socket_.write_some(asio::buffer(tls_refused), error);
      error = {};
      refuse("the client wants TLS, which is off");
      return 0;
    }
    tls_ = std::make_unique<TlsStream>(*options_.tls, socket_.native_handle(), bytes);
    stage_ = Stage::tls_undecided;
    return read_layers(into, error);
  }
  const bool http = begins_http(bytes.front());
  if (http) web_ = std::make_unique<Web>();
  if (outside && options_.tls_required) {
    if (http) append(web_->frames.replies(), https_required());
    refuse("the client does not use TLS, which is required");
    return 0;
  }
  stage_ = http ? Stage::http : outside ? Stage::plain : Stage::tls;
  return http ? take_http(bytes) : bytes.size();
}

std::size_t Wire::take_http(std::span<std::byte> bytes) {
  std::string& head = web_->head;
  const std::size_t before = head.size();
  head.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  constexpr std::string_view empty_line = "\r\n\r\n";
  const std::size_t end = head.find(empty_line, before < 3 ? 0 : before - 3);
  if (end == head.npos && head.size() < head_limit) return 0;
  const std::size_t length = std::min(end == head.npos ? head.size() : end + empty_line.size(), head.size());
  const HttpAnswer answer = answer_upgrade(std::string_view(head).substr(0, length), options_.origins);
  head = std::string();
  append(web_->frames.replies(), answer.text);
  if (!answer.upgraded) {
    over_ = true;
    return 0;
  }
  stage_ = Stage::frames;
  const auto rest = bytes.subspan(length - before);
  if (!rest.empty()) std::memmove(bytes.data(), rest.data(), rest.size());
  return take_frames(bytes.first(rest.size()));
}

std::size_t Wire::take_frames(std::span<std::byte> bytes) {
  const std::size_t n = web_->frames.decode(bytes);
  if (web_->frames.closed()) over_ = true;
  return n;
}

/// Replies go first (the answer to the upgrade), but for a close frame, which nothing may follow.
void Wire::seal_frames(Buffer& out, std::size_t& sealed) {
  Buffer& replies = web_->frames.replies();
  const bool closing = web_->frames.closed();
  if (!closing && !replies.empty()) {
    out.insert_gap(sealed, replies.size());
    std::memcpy(out.data() + sealed, replies.data(), replies.size());
    sealed += replies.size();
    replies.clear();
  }
  if (out.size() > sealed) WebSocketFrames::seal(out, sealed);
  out.append(replies);
  replies.clear();
  sealed = out.size();
}

void Wire::refuse(std::string trouble) {
  trouble_ = std::move(trouble);
  over_ = true;
}

void Wire::close(bool all_written, WebSocketFrames::Reason reason) {
  boost::system::error_code ignored;
  if (all_written && stage_ == Stage::frames && !web_->frames.closed()) {
    Buffer out;
    std::size_t sealed = 0;
    web_->frames.close(reason);
    seal_frames(out, sealed);
    write(out, ignored);
  }
  if (all_written && tls_) tls_->close_notify();
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  socket_.close(ignored);
}

}  // namespace packhouse::server
