#pragma once
#include <cstdint>
#include <string_view>

#include "protocol/message.hpp"
#include "protocol/version.hpp"

namespace packhouse::protocol {

enum class State : std::uint8_t {
  handshake,       ///< versions are being agreed on; no messages yet
  negotiation,     ///< waits for HELLO
  authentication,  ///< waits for LOGON (5.1+)
  ready,
  streaming,     ///< the result of an auto-commit RUN is open
  tx_ready,      ///< inside BEGIN .. COMMIT, no open result
  tx_streaming,  ///< inside BEGIN .. COMMIT with open results
  failed,        ///< everything is IGNORED until RESET
  defunct,       ///< send what is in the output, then close
};
std::string_view name(State s);  ///< "READY", as Neo4j calls it in messages
constexpr bool logged_in(State s) {
  return s >= State::ready && s <= State::failed;
}

/// What to do with a request in a state.
enum class Action : std::uint8_t {
  accept,   ///< hand it to the handler
  ignore,   ///< answer IGNORED, no change
  refuse,   ///< FAILURE Request.InvalidFormat -> failed
  fatal,    ///< FAILURE Request.Invalid, then close
  close,    ///< close without an answer
  unknown,  ///< the negotiated version has no such message: FAILURE, then close
};

/// How a request leads on once it has succeeded.
enum class Next : std::uint8_t {
  none,  ///< not accepted here
  stay,
  logged_on,  ///< authentication from 5.1 on, before that ready: HELLO logs in
  authentication,
  ready,
  streaming,
  tx_ready,
  tx_streaming,
  drained,  ///< stay while rows or other results are left; then ready or tx_ready
};

struct Cell {
  Action action;
  Next next;
};

/// The table of BOLT.md section 6. `tag` is any byte; `state` is negotiation to failed.
Cell rule(State state, std::uint8_t tag, const Features& features);

/// What a handler tells of a request that succeeded; only PULL and DISCARD need it.
struct Outcome {
  bool has_more = false;           ///< this result has rows left
  std::uint32_t open_results = 0;  ///< in the transaction, after this request
};

/// The state after `tag` succeeded in `state`.
State state_after(State state, Tag tag, const Features& features, Outcome outcome);

}  // namespace packhouse::protocol
