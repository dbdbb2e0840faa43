#include "server/websocket.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace packhouse::server {
namespace {

constexpr std::uint8_t final_bit = 0x80, reserved_bits = 0x70, mask_bit = 0x80;
constexpr std::size_t replies_limit = 4096;  // bytes; a client may send pings and read nothing

std::uint8_t at(std::span<const std::byte> bytes, std::size_t i) { return std::to_integer<std::uint8_t>(bytes[i]); }

/// Two bytes, the length's rest, the mask.
std::size_t header_length(std::uint8_t second) {
  const std::uint8_t length = second & 0x7F;
  return 2u + (length == 126 ? 2u : length == 127 ? 8u : 0u) + ((second & mask_bit) != 0 ? 4u : 0u);
}

std::size_t write_header(std::byte* to, WebSocketFrames::Opcode opcode, std::uint64_t length) {
  to[0] = static_cast<std::byte>(final_bit | static_cast<std::uint8_t>(opcode));
  const std::size_t extra = length < 126 ? 0 : length < 65'536 ? 2 : 8;
  to[1] = static_cast<std::byte>(extra == 0 ? length : extra == 2 ? 126 : 127);
  for (std::size_t i = 0; i < extra; ++i) to[2 + i] = static_cast<std::byte>(length >> (8 * (extra - 1 - i)));
  return 2 + extra;
}

void append_frame(Buffer& out, WebSocketFrames::Opcode opcode, Bytes payload) {
  std::array<std::byte, 10> header;
  out.append(Bytes(header).first(write_header(header.data(), opcode, payload.size())));
  out.append(payload);
}

}  // namespace

std::size_t WebSocketFrames::decode(std::span<std::byte> bytes) {
  std::size_t kept = 0, i = 0;
  while (i < bytes.size() && !closed_) {
    if (!in_frame_) {
      i += take_header(bytes.subspan(i));
      continue;
    }
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - i));
    take_payload(bytes.data() + i, n);
    if (!is_control()) {
      if (kept != i) std::memmove(bytes.data() + kept, bytes.data() + i, n);
      kept += n;
    }
    i += n;
    left_ -= n;
    if (left_ == 0) {
      in_frame_ = false;
      if (is_control()) end_control();
    }
  }
  return kept;
}

/// Collects the header; returns how many bytes it took.
std::size_t WebSocketFrames::take_header(std::span<const std::byte> bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    header_[header_size_++] = bytes[taken++];
    if (header_size_ < 2 || header_size_ < header_length(at(header_, 1))) continue;
    header_size_ = 0;
    begin_frame();
    break;
  }
  return taken;
}

void WebSocketFrames::begin_frame() {
  const std::uint8_t first = at(header_, 0), second = at(header_, 1);
  const bool last = (first & final_bit) != 0;
  opcode_ = static_cast<Opcode>(first & 0x0F);
  const std::size_t length_size = header_length(second) - 2 - ((second & mask_bit) != 0 ? 4 : 0);
  left_ = second & 0x7F;
  if (length_size > 0) left_ = 0;
  for (std::size_t i = 0; i < length_size; ++i) left_ = left_ << 8 | at(header_, 2 + i);
  if ((first & reserved_bits) != 0 || (second & mask_bit) == 0 || left_ >> 63 != 0) return close(Reason::protocol_error);
  switch (opcode_) {
    case Opcode::text: return close(Reason::not_binary);
    case Opcode::binary:
    case Opcode::continuation:
      if (in_message_ != (opcode_ == Opcode::continuation)) return close(Reason::protocol_error);
      in_message_ = !last;
      break;
    case Opcode::close:
    case Opcode::ping:
    case Opcode::pong:
      if (!last || left_ > control_.size()) return close(Reason::protocol_error);
      control_size_ = 0;
      break;
    default: return close(Reason::protocol_error);
  }
  std::copy_n(header_.begin() + 2 + static_cast<std::ptrdiff_t>(length_size), 4, mask_.begin());
  mask_at_ = 0;
  in_frame_ = left_ > 0;
  if (!in_frame_ && is_control()) end_control();
}

void WebSocketFrames::take_payload(std::byte* payload, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) payload[i] ^= mask_[(mask_at_ + i) % 4];
  mask_at_ = static_cast<std::uint8_t>((mask_at_ + n) % 4);
  if (!is_control()) return;
  std::copy_n(payload, n, control_.begin() + control_size_);
  control_size_ = static_cast<std::uint8_t>(control_size_ + n);
}

void WebSocketFrames::end_control() {
  const Bytes payload = Bytes(control_).first(control_size_);
  if (opcode_ == Opcode::ping && replies_.size() < replies_limit) append_frame(replies_, Opcode::pong, payload);
  if (opcode_ != Opcode::close) return;
  append_frame(replies_, Opcode::close, payload.first(payload.size() < 2 ? 0 : 2));  // the same reason back
  closed_ = true;
}

void WebSocketFrames::close(Reason reason) {
  if (std::exchange(closed_, true)) return;
  const auto code = static_cast<std::uint16_t>(reason);
  const std::array payload{static_cast<std::byte>(code >> 8), static_cast<std::byte>(code)};
  append_frame(replies_, Opcode::close, payload);
}

void WebSocketFrames::seal(Buffer& out, std::size_t from) {
  std::array<std::byte, 10> header;
  const std::size_t n = write_header(header.data(), Opcode::binary, out.size() - from);
  out.insert_gap(from, n);
  std::memcpy(out.data() + from, header.data(), n);
}

}  // namespace packhouse::server
