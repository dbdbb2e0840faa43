#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.hpp"

namespace packhouse::server {

/// The frames of one WebSocket connection, server's side (RFC 6455), without a socket: Bolt's bytes travel as the payload of
/// binary frames, cut and joined as anybody likes. Keeps no payload: Bolt's own limits bound what is kept.
class WebSocketFrames {
 public:
  enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
  /// Why a connection is closed, as the protocol numbers it.
  enum class Reason : std::uint16_t { normal = 1000, going_away = 1001, protocol_error = 1002, not_binary = 1003 };

  /// Takes bytes as they came, cut anywhere, and decodes them in place: the payload is moved to the front. Returns its
  /// length. Pings and faults are answered in replies(); after closed() everything is ignored.
  std::size_t decode(std::span<std::byte> bytes);
  /// Frames to send between two others; the caller clears it. Pings beyond a few kilobytes of answers stay unanswered.
  Buffer& replies() { return replies_; }
  /// Both sides have nothing more to say, but for replies().
  bool closed() const { return closed_; }
  /// Ends it from this side.
  void close(Reason reason);

  /// Makes one binary frame of what `out` holds beyond `from`.
  static void seal(Buffer& out, std::size_t from);

 private:
  std::size_t take_header(std::span<const std::byte> bytes);
  void begin_frame();
  void take_payload(std::byte* payload, std::size_t n);
  void end_control();
  bool is_control() const { return (static_cast<std::uint8_t>(opcode_) & 8U) != 0; }

  std::array<std::byte, 14> header_{};
  std::uint8_t header_size_ = 0;
  bool in_frame_ = false;    // the header is complete
  bool in_message_ = false;  // a fragment came, the last one not yet
  bool closed_ = false;
  Opcode opcode_{};
  std::array<std::byte, 4> mask_{};
  std::uint8_t mask_at_ = 0;
  std::uint8_t control_size_ = 0;
  std::array<std::byte, 125> control_{};
  std::uint64_t left_ = 0;  // of the frame's payload
  Buffer replies_;
};

/// Which web pages may connect: a browser tells a page's origin, other clients send none.
struct OriginRule {
  bool any = true;              ///< everybody
  std::string allowed;          ///< else these, with commas between; empty: pages of this machine (localhost, 127.0.0.1, [::1])
  bool admits(std::string_view origin) const;
};

/// The answer to an HTTP request at the Bolt port.
struct HttpAnswer {
  std::string text;      ///< header and body
  bool upgraded = false; ///< frames follow; otherwise the connection ends
};
/// `head` is everything up to the empty line.
HttpAnswer answer_upgrade(std::string_view head, const OriginRule& origins);
/// To HTTP without TLS where TLS is required.
std::string https_required();

}  // namespace packhouse::server
