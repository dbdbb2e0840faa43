#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/arena.hpp"
#include "base/buffer.hpp"

namespace packhouse::protocol {

/// The structure tag of a request (BOLT.md section 5).
enum class Tag : std::uint8_t {
  hello = 0x01,
  goodbye = 0x02,
  reset = 0x0F,
  run = 0x10,
  begin = 0x11,
  commit = 0x12,
  rollback = 0x13,
  discard = 0x2F,
  pull = 0x3F,
  telemetry = 0x54,
  route = 0x66,
  logon = 0x6A,
  logoff = 0x6B,
};

/// The structure tag of an answer.
enum class Answer : std::uint8_t { success = 0x70, record = 0x71, ignored = 0x7E, failure = 0x7F };

/// "RUN"; for messages to people.
std::string_view name(Tag tag);

/// One received message and the memory of what was decoded from it: strings and bytes are views of
/// `bytes`, lists and maps live in `arena`. Belongs to one owner at a time; the owner may be any thread.
struct Message {
  Buffer bytes;
  Arena arena;
  bool too_large = false;  ///< the rest was skipped: `bytes` is only the beginning

  /// What it holds from the system.
  std::size_t footprint() const { return sizeof(Message) + bytes.capacity() + arena.footprint(); }
  /// Ready for the next message; keeps memory.
  void clear() {
    bytes.clear();
    arena.reset();
    too_large = false;
  }
};
using MessagePtr = std::unique_ptr<Message>;

}  // namespace packhouse::protocol
