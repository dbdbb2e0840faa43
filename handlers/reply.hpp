#pragma once
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "protocol/message.hpp"
#include "protocol/state.hpp"

namespace packhouse::handlers {

/// How far a request has got after a step of Session.
struct Reply {
  enum class Kind : std::uint8_t {
    answered,  ///< done; SUCCESS stands in Session::output() (after any RECORDs)
    failed,    ///< done; RECORDs may stand in output(), `error` is to be sent as FAILURE
    more,      ///< the slice is used up: call resume(), on any thread
    flush,     ///< send output(), then call resume()
    waiting,   ///< call resume() after the wake function was called
    goodbye,   ///< the client has gone; nothing is answered
  };
  Kind kind = Kind::answered;
  protocol::Outcome outcome;
  std::optional<Error> error;
  /// Requests that were taken ahead and must wait for their turn after all: back to the connection with them.
  std::vector<protocol::MessagePtr> returned = {};

  static Reply done(protocol::Outcome o = {}) { return {Kind::answered, o, std::nullopt, {}}; }
  static Reply failed(Error e) { return {Kind::failed, {}, std::move(e), {}}; }
  static Reply of(Kind k) { return {k, {}, std::nullopt, {}}; }
};

}  // namespace packhouse::handlers
