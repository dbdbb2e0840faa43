#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "tests/protocol/pack.hpp"
#include "tests/protocol/toy_server.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

/// One line of data/packstream_cases.txt.
struct Case {
  bool reject = false;
  std::string group, bytes;
};

std::vector<Case> cases() {
  std::ifstream in(PACKHOUSE_SOURCE_DIR "/tests/protocol/data/packstream_cases.txt");
  std::vector<Case> all;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string kind, word;
    Case c;
    words >> kind >> c.group;
    c.reject = kind == "reject";
    while (words >> word) {
      const std::size_t star = word.find('*');
      const int times = star == std::string::npos ? 1 : std::stoi(word.substr(star + 1));
      for (int i = 0; i < times; ++i) c.bytes += word.substr(0, star);
    }
    all.push_back(c);
  }
  return all;
}

/// RUN "Q" {"x": <bytes>, and nothing behind it unless `extra`.
std::string run_with(const std::string& bytes, const char* extra) {
  return "B3 10 81 51 A1 81 78" + bytes + extra;
}

bool is_refusal(const std::string& answers) {
  return answers == "FAILURE Request.Invalid" || answers == "FAILURE Statement.ArgumentError" ||
         answers == "FAILURE Request.InvalidFormat";
}

}  // namespace

TEST_CASE("what does not decode fails the connection until RESET, and what was pipelined stays in step") {
  const auto all = cases();
  REQUIRE(all.size() > 150);
  for (const Version v : {Version{4, 4}, Version{5, 4}, Version{6, 0}}) {
    for (const Case& c : all) {
      CAPTURE(c.group);
      CAPTURE(c.bytes.substr(0, 60));
      Peer peer(v);
      peer.login();
      ToyServer server(peer.connection);
      peer.send(run_with(c.bytes, c.reject ? "" : "A0"));
      server.serve();
      const std::string first = peer.answers();
      CHECK(peer.connection.state() == (c.reject ? State::failed : State::streaming));
      CHECK((c.reject ? is_refusal(first) : first == "SUCCESS"));
      peer.send(request_message(Tag::pull, v));
      server.serve();
      CHECK(peer.answers() == (c.reject ? "IGNORED" : "RECORD, SUCCESS"));
      peer.send("B0 0F");
      peer.send(request_message(Tag::run, v));
      server.serve();
      CHECK(peer.answers() == "SUCCESS, SUCCESS");
    }
  }
}

TEST_CASE("what does not decode ends a connection that is not logged in") {
  for (const Case& c : cases()) {
    if (!c.reject) continue;
    CAPTURE(c.bytes.substr(0, 60));
    Peer peer;
    peer.send("B1 01 A1 81 78" + c.bytes);
    CHECK_FALSE(peer.connection.next());
    CHECK(peer.connection.defunct());
    CHECK(is_refusal(peer.answers()));
  }
}

TEST_CASE("messages that are no requests") {
  for (const char* bytes : {"01", "C0", "90", "B0", "80", "D0", "FF FF"}) {
    CAPTURE(bytes);
    Peer peer;
    peer.login();
    peer.send(bytes);
    CHECK_FALSE(peer.connection.next());
    CHECK(peer.answers() == "FAILURE Request.Invalid");
    CHECK(peer.connection.state() == State::failed);
    peer.send(bytes);
    CHECK_FALSE(peer.connection.next());
    CHECK(peer.answers() == "IGNORED");
    peer.send("B0 0F");
    CHECK(peer.connection.next());
  }
}

TEST_CASE("before the login a message has at most 8192 bytes") {
  const auto hello = [](std::size_t filler) {
    return pack(Tag::hello, "{bolt_agent: {product: 'a'}, user_agent: '" + std::string(filler, 'x') + "'}");
  };
  const std::size_t around = unhex(hello(1000)).size() - 1000;
  for (const std::size_t size : {8192UL, 8193UL, 60000UL}) {
    CAPTURE(size);
    Peer peer;
    peer.send(hello(size - around));
    const auto request = peer.connection.next();
    CHECK(request.has_value() == (size <= 8192));
    CHECK(peer.connection.defunct() == (size > 8192));
    if (!request) CHECK(peer.answers() == "FAILURE Request.Invalid");
  }
  Peer peer;
  peer.send_raw("20 01");  // 8193 announced: enough to know
  CHECK_FALSE(peer.connection.next());
  CHECK(peer.connection.defunct());
  CHECK(peer.answers() == "FAILURE Request.Invalid");
}

TEST_CASE("after the login the limit is the server's, and passing it costs only the message") {
  Connection::Limits limits;
  limits.message = 100000;
  Peer peer({5, 4}, limits);
  peer.login();
  const auto run = [](std::size_t n) { return pack(Tag::run, "'" + std::string(n, 'x') + "' {} {}"); };
  peer.send(run(90000));
  REQUIRE(peer.connection.next());
  peer.connection.success();
  peer.send(request_message(Tag::pull, {5, 4}));
  peer.succeed();
  peer.connection.output().clear();
  peer.send(run(200000));
  peer.send(request_message(Tag::pull, {5, 4}));
  CHECK_FALSE(peer.connection.next());
  CHECK(peer.answers() == "FAILURE Request.Invalid, IGNORED");
  peer.send("B0 0F");
  peer.succeed();
  CHECK(peer.connection.state() == State::ready);
  CHECK(peer.connection.backlog() == 0);
}

TEST_CASE("LOGOFF brings the small limit back") {
  Peer peer;
  peer.login();
  peer.send("B0 6B");
  peer.succeed();
  peer.send_raw("40 00");
  CHECK_FALSE(peer.connection.next());
  CHECK(peer.connection.defunct());
}

TEST_CASE("a failed login ends the connection, and what is pipelined behind it gets no answer") {
  for (const bool at_hello : {true, false}) {
    Peer peer(at_hello ? Version{5, 0} : Version{5, 4});
    if (!at_hello) peer.go_to(State::authentication);
    peer.send(request_message(at_hello ? Tag::hello : Tag::logon, peer.connection.version()));
    peer.send(request_message(Tag::run, peer.connection.version()));
    REQUIRE(peer.connection.next());
    peer.connection.failure({Status::unauthorized, "no"});
    CHECK_FALSE(peer.connection.next());
    CHECK(peer.connection.defunct());
    CHECK(peer.answers() == "FAILURE Security.Unauthorized");
  }
}
