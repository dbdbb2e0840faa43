#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/connection.hpp"

namespace packhouse::protocol {

/// What the server tells in its answer to HELLO. Which of it is said depends on the version.
struct HelloAnswer {
  std::string_view agent;          ///< agent_string()
  std::string_view connection_id;  ///< "bolt-1"
  std::optional<std::int64_t>
      receive_timeout_s;            ///< only if NOOPs are sent: the client may give up after so much silence
  bool telemetry = false;           ///< the client is to send TELEMETRY
  bool server_side_routing = true;  ///< hint `ssr.enabled`: drivers may rely on the home database they know
};

/// "Neo4j/5.26.0 (Packhouse 0.1.0)": drivers refuse what does not begin with "Neo4j/" (DECISIONS B4).
std::string agent_string(std::string_view packhouse_version);

/// Writes the entries of SUCCESS to HELLO: server, connection_id, hints, patch_bolt, protocol_version.
/// `connection.success({}, [&](auto& m) { write_hello(m, connection, hello, answer); })`
void write_hello(SuccessFrame& out, const Connection& connection, const Hello& hello, const HelloAnswer& answer);

}  // namespace packhouse::protocol
