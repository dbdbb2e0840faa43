#include <doctest/doctest.h>

#include "protocol/hello.hpp"
#include "tests/protocol/pack.hpp"
#include "tests/protocol/peer.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

std::string hello_answer(Peer& peer, const char* extra, const HelloAnswer& answer) {
  peer.send(pack(Tag::hello, "{user_agent: 'a', bolt_agent: {product: 'a'}" + std::string(extra) + "}"));
  const auto request = peer.connection.next();
  REQUIRE(request);
  peer.connection.success({}, [&](SuccessFrame& m) { write_hello(m, peer.connection, *request->as<Hello>(), answer); });
  return peer.sent();
}

std::string success(const char* map) {
  return framed("B1 70" + pack(map));
}

}  // namespace

TEST_CASE("what HELLO's answer says in each version") {
  struct Case {
    Version version;
    const char *extra, *answer;
  };
  const Case cases[] = {
      {{3, 0}, "", "{server: 'Neo4j/5.26.0', connection_id: 'bolt-1'}"},
      {{4, 2}, ", patch_bolt: ['utc']", "{server: 'Neo4j/5.26.0', connection_id: 'bolt-1'}"},
      {{4, 3}, "", "{server: 'Neo4j/5.26.0', connection_id: 'bolt-1', hints: {connection.recv_timeout_seconds: 120}}"},
      {{4, 4},
       ", patch_bolt: ['x', 'utc']",
       "{server: 'Neo4j/5.26.0', connection_id: 'bolt-1', hints: {connection.recv_timeout_seconds: 120}, patch_bolt: "
       "['utc']}"},
      {{5, 3},
       ", patch_bolt: ['utc']",
       "{server: 'Neo4j/5.26.0', connection_id: 'bolt-1', hints: {connection.recv_timeout_seconds: 120}}"},
      {{5, 4},
       "",
       "{server: 'Neo4j/5.26.0', connection_id: 'bolt-1', hints: {connection.recv_timeout_seconds: 120, "
       "telemetry.enabled: true}}"},
      {{5, 8},
       "",
       "{server: 'Neo4j/5.26.0', connection_id: 'bolt-1', hints: {connection.recv_timeout_seconds: 120, "
       "telemetry.enabled: true, "
       "ssr.enabled: true}}"},
  };
  for (const auto& [version, extra, answer] : cases) {
    CAPTURE(to_string(version));
    Peer peer(version);
    CHECK(hello_answer(peer, extra, {"Neo4j/5.26.0", "bolt-1", 120, true, true}) == success(answer));
  }
  Peer peer({5, 8});
  CHECK(hello_answer(peer, "", {"Neo4j/5.26.0", "bolt-1", {}, false, false}) ==
        success("{server: 'Neo4j/5.26.0', connection_id: 'bolt-1', hints: {}}"));
}

TEST_CASE("protocol_version is told after a manifest handshake, and only then") {
  Peer peer({0, 0});
  peer.send_raw("60 60 B0 17 00 00 01 FF 00 08 08 05 00 02 04 04 00 00 00 03 00 00 00 05 00");
  peer.connection.output().clear();
  CHECK(hello_answer(peer, "", {"Neo4j/5.26.0", "bolt-7", {}, false, false}) ==
        success("{server: 'Neo4j/5.26.0', connection_id: 'bolt-7', hints: {}, protocol_version: '5.0'}"));
}

TEST_CASE("the agent begins as drivers demand") {
  CHECK(agent_string("0.1.0") == "Neo4j/5.26.0 (Packhouse 0.1.0)");
}
