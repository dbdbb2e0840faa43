#include <doctest/doctest.h>

#include "tests/protocol/pack.hpp"
#include "tests/protocol/toy_server.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

struct Line {
  Tag tag;
  const char* fields;
};

std::string opening(Version v) {
  return "60 60 B0 17" + hex(std::vector{std::byte{0}, std::byte{0}, std::byte{v.minor}, std::byte{v.major}}) +
         "00 00 00 00 00 00 00 00 00 00 00 00";
}

std::string script(std::string handshake, std::initializer_list<Line> messages) {
  for (const auto& [tag, fields] : messages) handshake += framed(pack(tag, fields));
  return handshake;
}

constexpr const char* driver_hello =
    "{user_agent: 'neo4j-python/5.28.8', bolt_agent: {product: 'neo4j-python/5.28.8'}}";
constexpr const char* token = "{scheme: 'basic', principal: 'neo4j', credentials: 'pass'}";

/// What BOLT.md section 15 recorded of the Python driver.
std::string python_session() {
  return script("60 60 B0 17 00 00 01 FF 00 08 08 05 00 02 04 04 00 00 00 03  00 00 08 05 00",
                {{Tag::hello, driver_hello},
                 {Tag::logon, token},
                 {Tag::run, "'RETURN $x AS x' {x: 1} {}"},
                 {Tag::pull, "{n: 1000}"},
                 {Tag::begin, "{mode: 'r'}"},
                 {Tag::run, "'UNWIND [1,2] AS x RETURN x' {} {}"},
                 {Tag::pull, "{n: 1000}"},
                 {Tag::commit, ""},
                 {Tag::begin, "{db: 'neo4j', tx_metadata: {a: 1}, tx_timeout: 5000}"},
                 {Tag::run, "'UNWIND range(1,5) AS x RETURN x' {} {}"},
                 {Tag::discard, "{n: -1}"},
                 {Tag::rollback, ""},
                 {Tag::run, "'RETRUN 1' {} {}"},
                 {Tag::pull, "{n: 1000}"}});
}

}  // namespace

TEST_CASE("a recorded session of the Python driver") {
  const auto bytes = unhex(python_session());
  const auto out = converse(bytes, bytes.size(), true);
  const std::size_t offer = 4 + 1 + 5 * 4 + 1;
  CHECK(hex(Bytes(out).first(4)) == "00 00 01 FF");
  CHECK(describe(Bytes(out).subspan(offer)) ==
        "SUCCESS, SUCCESS, SUCCESS, RECORD, SUCCESS, SUCCESS, SUCCESS, RECORD, SUCCESS, SUCCESS, SUCCESS, SUCCESS, "
        "RECORD, "
        "SUCCESS, SUCCESS, FAILURE Statement.SyntaxError, IGNORED");
}

TEST_CASE("the smallest conversation, byte for byte") {
  const std::string client =
      "60 60 B0 17 00 00 04 05 00 00 00 00 00 00 00 00 00 00 00 00"
      "00 30 B1 01 A2 8A 75 73 65 72 5F 61 67 65 6E 74 86 65 78 2F 31 2E 30 8A 62 6F 6C 74 5F 61 67 65 6E 74 A1 87 70 "
      "72 6F 64 "
      "75 63 74 86 65 78 2F 31 2E 30 00 00"
      "00 31 B1 6A A3 86 73 63 68 65 6D 65 85 62 61 73 69 63 89 70 72 69 6E 63 69 70 61 6C 85 6E 65 6F 34 6A 8B 63 72 "
      "65 64 65 "
      "6E 74 69 61 6C 73 84 70 61 73 73 00 00"
      "00 12 B3 10 8D 52 45 54 55 52 4E 20 31 20 41 53 20 6E A0 A0 00 00 00 06 B1 3F A1 81 6E FF 00 00"
      "00 02 B0 02 00 00";
  const std::string server =
      "00 00 04 05 "
      "00 55 B1 70 A3 86 73 65 72 76 65 72 8C 4E 65 6F 34 6A 2F 35 2E 32 36 2E 30 8D 63 6F 6E 6E 65 63 74 69 6F 6E 5F "
      "69 64 86 "
      "62 6F 6C 74 2D 31 85 68 69 6E 74 73 A1 D0 1F 63 6F 6E 6E 65 63 74 69 6F 6E 2E 72 65 63 76 5F 74 69 6D 65 6F 75 "
      "74 5F 73 "
      "65 63 6F 6E 64 73 78 00 00 "
      "00 03 B1 70 A0 00 00 "
      "00 16 B1 70 A2 86 66 69 65 6C 64 73 91 81 6E 87 74 5F 66 69 72 73 74 00 00 00 "
      "00 04 B1 71 91 01 00 00 "
      "00 28 B1 70 A4 88 62 6F 6F 6B 6D 61 72 6B 83 62 3A 31 84 74 79 70 65 81 72 86 74 5F 6C 61 73 74 00 82 64 62 85 "
      "6E 65 6F "
      "34 6A 00 00";
  CHECK(hex(converse(unhex(client), 1 << 20, true)) == server);
}

TEST_CASE("conversations cut anywhere get the same answers") {
  const std::string sessions[] = {
      python_session(),
      script(opening({3, 0}), {{Tag::hello, "{user_agent: 'a', scheme: 'none'}"},
                               {Tag::run, "'RETURN 1 AS n' {} {}"},
                               {Tag::pull, ""},
                               {Tag::begin, "{}"},
                               {Tag::run, "'RETURN 1 AS n' {} {}"},
                               {Tag::discard, ""},
                               {Tag::commit, ""},
                               {Tag::goodbye, ""}}),
      script(opening({4, 4}), {{Tag::hello, "{user_agent: 'a', patch_bolt: ['utc']}"},
                               {Tag::route, "{} [] {}"},
                               {Tag::run, "'FAIL' {} {}"},
                               {Tag::pull, "{n: -1}"},
                               {Tag::commit, ""}}),
      script(opening({5, 4}), {{Tag::hello, driver_hello},
                               {Tag::logon, token},
                               {Tag::telemetry, "1"},
                               {Tag::begin, "{}"},
                               {Tag::run, "'RETURN 1' {} {}"},
                               {Tag::run, "'RETURN 2' {} {}"},
                               {Tag::pull, "{n: -1, qid: 0}"},
                               {Tag::pull, "{n: -1, qid: 1}"},
                               {Tag::rollback, ""},
                               {Tag::logoff, ""},
                               {Tag::logon, token},
                               {Tag::pull, "{n: -1}"}}),
      script(opening({5, 0}), {{Tag::hello, "{}"}, {Tag::run, "'RETURN 1' {} {}"}}),
      opening({9, 9}) + "00 01 B0",
  };
  for (const std::string& session : sessions) {
    const auto bytes = unhex(session);
    const std::string whole = hex(converse(bytes, bytes.size(), true));
    for (const std::size_t piece : {1UL, 2UL, 3UL, 7UL, 64UL}) {
      CAPTURE(piece);
      CHECK(hex(converse(bytes, piece, true)) == whole);
      CHECK(hex(converse(bytes, piece, false)) == whole);
    }
  }
}

TEST_CASE("every chunk one byte long, and NOOPs between messages") {
  Peer peer;
  peer.login();
  std::string chunks;
  for (const std::byte b : unhex(request_message(Tag::run, {5, 4}))) chunks += "00 01" + hex(std::vector{b});
  peer.send_raw("00 00 00 00" + chunks + "00 00 00 00");
  const auto request = peer.connection.next();
  REQUIRE(request);
  CHECK(request->as<Run>()->query == "RETURN 1 AS n");
}

TEST_CASE("bytes behind the structure's end are ignored") {
  Peer peer;
  peer.login();
  peer.send(request_message(Tag::run, {5, 4}) + "FF FF FF");
  CHECK(peer.connection.next());
}

TEST_CASE("the server's NOOPs exist from 4.1 on") {
  for (const Version v : {Version{3, 0}, Version{4, 0}, Version{4, 1}, Version{5, 8}}) {
    Peer peer(v);
    peer.login();
    peer.connection.noop();
    CHECK(peer.sent() == (v < Version{4, 1} ? "" : "00 00"));
  }
}

TEST_CASE("date-times are UTC from 5.0 on, and at 4.3 and 4.4 when the client asks") {
  struct Case {
    Version version;
    const char* patch;
    bool utc;
  };
  const Case cases[] = {{{3, 0}, "['utc']", false},       {{4, 2}, "['utc']", false}, {{4, 3}, "['utc']", true},
                        {{4, 4}, "['new', 'utc']", true}, {{4, 4}, "[]", false},      {{4, 4}, "['new']", false},
                        {{5, 0}, "['utc']", true}};
  for (const auto& [version, patch, utc] : cases) {
    Peer peer(version);
    peer.send(pack(Tag::hello, "{user_agent: 'a', patch_bolt: " + std::string(patch) + "}"));
    const auto request = peer.connection.next();
    REQUIRE(request);
    CHECK(request->as<Hello>()->utc_patch == (utc && version < Version{5, 0}));
    CHECK(peer.connection.dialect().utc_datetimes == utc);
    peer.connection.success();
    peer.send_raw(framed("B3 10 81 51 A1 81 64 B3 49 C9 11 94 2A C9 0E 10 A0"));  // RUN "Q" {d: DateTime I}
    CHECK(peer.connection.next().has_value() == utc);
  }
}
