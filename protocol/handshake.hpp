#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "base/buffer.hpp"
#include "protocol/version.hpp"

namespace packhouse::protocol {

/// What a client's first bytes on the port are, so that the server can hand them to the right place.
enum class Opening : std::uint8_t {
  unknown,  ///< fewer than 4 bytes: wait
  bolt,
  http,   ///< "GET ": a browser, or a WebSocket upgrade of the JavaScript driver
  tls,    ///< a ClientHello: the first two bytes tell
  other,  ///< close
};
Opening recognise(Bytes first);
inline bool looks_like_http(Bytes first) {
  return recognise(first) == Opening::http;
}

/// The server's side of Bolt's handshake, with ranges and with manifest v1 (BOLT.md section 1).
class Handshake {
 public:
  /// Versions offered, ascending; they must outlive the handshake.
  explicit Handshake(std::span<const Version> offered = supported_versions) : offered_(offered) {}

  /// Takes bytes from the front of `in` and writes answers, each in one piece, to `out`.
  /// Returns how many bytes it took; never takes one beyond the handshake's end.
  std::size_t feed(Bytes in, Buffer& out);

  bool done() const { return step_ == Step::agreed || step_ == Step::refused; }
  /// Nothing fits, or not Bolt at all: send the output, then close.
  bool refused() const { return step_ == Step::refused; }
  /// Once done() and not refused().
  Version version() const { return version_; }
  bool used_manifest() const { return manifest_; }

 private:
  enum class Step : std::uint8_t { proposals, choice, capabilities, agreed, refused };
  void take(std::uint8_t b, Buffer& out);
  void answer_proposals(Buffer& out);
  void take_choice();
  void take_capabilities(std::uint8_t b);

  std::span<const Version> offered_;
  Step step_ = Step::proposals;
  std::uint8_t bytes_[20] = {};
  std::uint8_t count_ = 0;
  bool manifest_ = false;
  Version version_;
};

/// 7 bits a byte, least significant first.
void write_varint(Buffer& out, std::uint64_t v);
/// The offer after `00 00 01 FF`: number of entries, ranges in ascending order, capabilities (none).
void write_manifest(Buffer& out, std::span<const Version> offered);

}  // namespace packhouse::protocol
