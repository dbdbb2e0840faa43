// Every request of BOLT.md section 16 in its bytes, and the structures of section 10 as parameters.
#include <doctest/doctest.h>

#include "tests/protocol/peer.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

using Check = bool (*)(const Request&);
struct Case {
  Version version;
  State state;
  const char* bytes;
  Check check;
};

constexpr Version v3{3, 0}, v43{4, 3}, v44{4, 4}, v50{5, 0}, v54{5, 4}, v60{6, 0};

template <class T>
bool is(const Request& r) {
  return r.as<T>() != nullptr;
}

const Case requests[] = {
    {v50, State::negotiation,
     "00 21 B1 01 A2 8A 75 73 65 72 5F 61 67 65 6E 74 86 65 78 2F 31 2E 30 86 73 63 68 65 6D 65 84 6E 6F 6E 65 00 00",
     [](const Request& r) { return r.as<Hello>()->user_agent == "ex/1.0" && r.as<Hello>()->auth->scheme == "none"; }},
    {v54, State::negotiation,
     "00 30 B1 01 A2 8A 75 73 65 72 5F 61 67 65 6E 74 86 65 78 2F 31 2E 30 8A 62 6F 6C 74 5F 61 67 65 6E 74 A1 87 70 "
     "72 6F 64 "
     "75 63 74 86 65 78 2F 31 2E 30 00 00",
     [](const Request& r) { return r.as<Hello>()->agent_product == "ex/1.0" && !r.as<Hello>()->auth; }},
    {v54, State::authentication,
     "00 31 B1 6A A3 86 73 63 68 65 6D 65 85 62 61 73 69 63 89 70 72 69 6E 63 69 70 61 6C 85 6E 65 6F 34 6A 8B 63 72 "
     "65 64 65 "
     "6E 74 69 61 6C 73 84 70 61 73 73 00 00",
     [](const Request& r) {
       const AuthToken& auth = r.as<Logon>()->auth;
       return auth.scheme == "basic" && auth.principal == "neo4j" && auth.credentials == "pass";
     }},
    {v54, State::ready, "00 02 B0 6B 00 00", is<Logoff>},
    {v54, State::ready, "00 02 B0 02 00 00", is<Goodbye>},
    {v54, State::ready, "00 02 B0 0F 00 00", is<Reset>},
    {v54, State::ready, "00 00  00 02 B0 0F 00 00", is<Reset>},
    {v54, State::ready, "00 12 B3 10 8D 52 45 54 55 52 4E 20 31 20 41 53 20 6E A0 A0 00 00",
     [](const Request& r) {
       return r.as<Run>()->query == "RETURN 1 AS n" && r.as<Run>()->parameters.as_map().empty();
     }},
    {v54, State::ready,
     "00 26 B3 10 8E 52 45 54 55 52 4E 20 24 78 20 41 53 20 78 A1 81 78 01 A2 84 6D 6F 64 65 81 72 82 64 62 85 6E 65 "
     "6F 34 6A "
     "00 00",
     [](const Request& r) {
       const Run& run = *r.as<Run>();
       return find(run.parameters.as_map(), "x")->as_integer() == 1 && run.extra.mode == TransactionExtra::Mode::read &&
              run.extra.database == "neo4j";
     }},
    {v54, State::streaming, "00 06 B1 3F A1 81 6E FF 00 00", [](const Request& r) { return r.as<Pull>()->n == -1; }},
    {v54, State::streaming, "00 08 B1 3F A1 81 6E C9 03 E8 00 00",
     [](const Request& r) { return r.as<Pull>()->n == 1000; }},
    {v54, State::tx_streaming, "00 0B B1 3F A2 81 6E 02 83 71 69 64 00 00 00",
     [](const Request& r) { return r.as<Pull>()->n == 2 && r.as<Pull>()->qid == 0; }},
    {v54, State::streaming, "00 06 B1 2F A1 81 6E FF 00 00", [](const Request& r) { return r.as<Discard>()->n == -1; }},
    {v3, State::streaming, "00 02 B0 3F 00 00", is<Pull>},
    {v3, State::streaming, "00 02 B0 2F 00 00", is<Discard>},
    {v54, State::ready, "00 03 B1 11 A0 00 00", is<Begin>},
    {v54, State::ready,
     "00 40 B1 11 A5 89 62 6F 6F 6B 6D 61 72 6B 73 91 83 62 3A 31 8A 74 78 5F 74 69 6D 65 6F 75 74 C9 13 88 8B 74 78 "
     "5F 6D 65 "
     "74 61 64 61 74 61 A1 81 61 01 84 6D 6F 64 65 81 72 82 64 62 85 6E 65 6F 34 6A 00 00",
     [](const Request& r) {
       const TransactionExtra& tx = r.as<Begin>()->extra;
       return tx.bookmarks.size() == 1 && tx.bookmarks[0] == "b:1" && tx.timeout_ms == 5000 &&
              find(tx.metadata.as_map(), "a")->as_integer() == 1 && tx.database == "neo4j";
     }},
    {v54, State::tx_ready, "00 02 B0 12 00 00", is<Commit>},
    {v54, State::tx_ready, "00 02 B0 13 00 00", is<Rollback>},
    {v44, State::ready,
     "00 20 B3 66 A1 87 61 64 64 72 65 73 73 8E 6C 6F 63 61 6C 68 6F 73 74 3A 37 36 38 37 90 A1 82 64 62 C0 00 00",
     [](const Request& r) { return text_of(r.as<Route>()->routing, "address") == "localhost:7687"; }},
    {v43, State::ready, "00 05 B3 66 A0 90 C0 00 00", is<Route>},
    {v54, State::ready, "00 03 B1 54 03 00 00",
     [](const Request& r) { return r.as<Telemetry>()->api == TelemetryApi::execute_query; }},
};

struct Structure {
  const char* bytes;
  Kind kind;
  bool in_44, in_54, in_60;
};

const Structure structures[] = {
    {"B1 44 00", Kind::date, true, true, true},
    {"B1 44 C9 4D 46", Kind::date, true, true, true},
    {"B1 44 CA FF F5 06 C6", Kind::date, true, true, true},
    {"B2 54 CB 00 00 29 32 7B 04 8F 40 C9 15 18", Kind::time, true, true, true},
    {"B1 74 CB 00 00 29 32 4B FD 60 01", Kind::local_time, true, true, true},
    {"B2 64 CA 65 E0 79 F0 CA 2F 07 2F 40", Kind::local_datetime, true, true, true},
    {"B3 49 C9 11 94 2A C9 0E 10", Kind::datetime, false, true, true},
    {"B3 46 C9 1F A4 2A C9 0E 10", Kind::datetime, true, false, false},
    {"B4 45 0E 19 C9 47 BF 08", Kind::duration, true, true, true},
    {"B4 45 00 00 FF 01", Kind::duration, true, true, true},
    {"B3 58 C9 1C 23 C1 3F F0 00 00 00 00 00 00 C1 40 00 00 00 00 00 00 00", Kind::point, true, true, true},
    {"B4 59 C9 23 C5 C1 3F F0 00 00 00 00 00 00 C1 40 00 00 00 00 00 00 00 C1 40 08 00 00 00 00 00 00", Kind::point,
     true, true, true},
    {"B2 56 CC 01 C8 CC 03 01 02 03", Kind::vector, false, false, true},
    {"B2 56 CC 01 C6 CC 08 3F C0 00 00 BF 80 00 00", Kind::vector, false, false, true},
    // Graph structures, UnsupportedType and the UUID of 6.1 are never parameters.
    {"B3 4E 03 91 81 4C A1 81 70 01", Kind::node, false, false, false},
    {"B4 4E 03 91 81 4C A1 81 70 01 83 65 3A 33", Kind::node, false, false, false},
    {"B5 52 0B 02 03 81 54 A0", Kind::relationship, false, false, false},
    {"B8 52 0B 02 03 81 54 A0 84 72 3A 31 31 83 65 3A 32 83 65 3A 33", Kind::relationship, false, false, false},
    {"B4 72 0A 81 54 A0 84 72 3A 31 30", Kind::relationship, false, false, false},
    {"B3 50 91 B4 4E 01 90 A0 83 65 3A 31 90 90", Kind::path, false, false, false},
    {"B4 3F 84 55 55 49 44 06 01 A0", Kind::null, false, false, false},
    {"E0 00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF", Kind::bytes, false, false, false},
    {"B3 58 C9 1C 23 01 02", Kind::point, false, false, false},  // coordinates must be floats
};

}  // namespace

TEST_CASE("requests in bytes") {
  for (const auto& [version, state, bytes, check] : requests) {
    CAPTURE(bytes);
    Peer peer(version);
    peer.go_to(state);
    peer.send_raw(bytes);
    const auto request = peer.connection.next();
    REQUIRE(request);
    CHECK(check(*request));
  }
}

TEST_CASE("structures as parameters, by version") {
  for (const auto& [bytes, kind, in_44, in_54, in_60] : structures) {
    CAPTURE(bytes);
    for (const auto& [version, accepted] : {std::pair(v44, in_44), std::pair(v54, in_54), std::pair(v60, in_60)}) {
      CAPTURE(to_string(version));
      Peer peer(version);
      peer.login();
      peer.send("B3 10 81 51 A1 81 78 " + std::string(bytes) + " A0");
      const auto request = peer.connection.next();
      REQUIRE(request.has_value() == accepted);
      if (accepted) CHECK(request->as<Run>()->parameters.as_map()[0].value.is(kind));
      if (!accepted) CHECK(peer.answers() == "FAILURE Request.Invalid");
    }
  }
}
