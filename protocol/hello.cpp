#include "protocol/hello.hpp"

namespace packhouse::protocol {
namespace {

void write_hints(packstream::Writer& out, const Features& features, const HelloAnswer& answer) {
  const bool timeout = answer.receive_timeout_s && features.has(Feature::noop);
  const bool telemetry = answer.telemetry && features.has(Feature::telemetry);
  const bool ssr = answer.server_side_routing && features.has(Feature::server_side_routing);
  out.write_map_header((timeout ? 1u : 0u) + (telemetry ? 1u : 0u) + (ssr ? 1u : 0u));
  if (timeout) out.write_string("connection.recv_timeout_seconds"), out.write_integer(*answer.receive_timeout_s);
  if (telemetry) out.write_string("telemetry.enabled"), out.write_boolean(true);
  if (ssr) out.write_string("ssr.enabled"), out.write_boolean(true);
}

}  // namespace

std::string agent_string(std::string_view packhouse_version) {
  return "Neo4j/5.26.0 (Packhouse " + std::string(packhouse_version) + ")";
}

void write_hello(SuccessFrame& out, const Connection& connection, const Hello& hello, const HelloAnswer& answer) {
  out.string("server", answer.agent);
  out.string("connection_id", answer.connection_id);
  if (connection.has(Feature::hints)) write_hints(out.value("hints"), connection.features(), answer);
  if (hello.utc_patch) {
    packstream::Writer& list = out.value("patch_bolt");
    list.write_list_header(1);
    list.write_string("utc");
  }
  if (connection.used_manifest()) out.string("protocol_version", to_string(connection.version()));
}

}  // namespace packhouse::protocol
