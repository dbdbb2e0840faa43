#include <doctest/doctest.h>

#include "tests/protocol/pack.hpp"
#include "tests/protocol/toy_server.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

const Error terminated(Status::terminated, "The transaction has been terminated.");

/// A peer with a PULL that is being worked on.
Peer busy(Version v = {5, 4}) {
  Peer peer(v);
  peer.go_to(State::streaming);
  peer.send(request_message(Tag::pull, v));
  REQUIRE(peer.connection.next());
  REQUIRE_FALSE(peer.connection.interrupted());
  return peer;
}

}  // namespace

TEST_CASE("RESET is noticed while a request runs; what was queued before it is IGNORED") {
  for (const Tag tag : {Tag::run, Tag::pull, Tag::discard, Tag::commit, Tag::rollback, Tag::route, Tag::telemetry,
                        Tag::begin, Tag::logon, Tag::logoff, Tag::hello}) {
    CAPTURE(name(tag));
    Peer peer = busy();
    peer.send(request_message(tag, {5, 4}));
    CHECK_FALSE(peer.connection.interrupted());
    peer.send("B0 0F");
    CHECK(peer.connection.interrupted());
    peer.connection.failure(terminated);
    auto reset = peer.connection.next();
    CHECK(peer.answers() == "FAILURE Transaction.Terminated, IGNORED");
    REQUIRE(reset);
    CHECK(reset->as<Reset>());
    CHECK_FALSE(peer.connection.interrupted());
    peer.connection.success();
    CHECK(peer.answers() == "SUCCESS");
    CHECK(peer.connection.state() == State::ready);
  }
}

TEST_CASE("a request that ends before it notices the RESET is answered as it ended") {
  Peer peer = busy();
  peer.send(request_message(Tag::run, {5, 4}));
  peer.send("B0 0F");
  peer.connection.success({true, 0});
  CHECK(peer.connection.state() == State::streaming);
  const auto reset = peer.connection.next();
  REQUIRE(reset);
  CHECK(reset->as<Reset>());
  peer.connection.success();
  CHECK(peer.answers() == "SUCCESS, IGNORED, SUCCESS");
}

TEST_CASE("all in one segment: nothing is begun that a RESET would stop at once") {
  Peer peer;
  peer.login();
  ToyServer server(peer.connection);
  const std::string run = framed(request_message(Tag::run, {5, 4})), pull = framed(request_message(Tag::pull, {5, 4})),
                    reset = framed("B0 0F");
  peer.send_raw(run + pull + reset + run + pull);
  server.serve();
  CHECK(peer.answers() == "IGNORED, IGNORED, SUCCESS, SUCCESS, RECORD, SUCCESS");
  peer.send_raw(reset + reset + reset);
  server.serve();
  CHECK(peer.answers() == "IGNORED, IGNORED, SUCCESS");
  for (int i = 0; i < 3; ++i) {
    peer.send_raw(reset);
    server.serve();
  }
  CHECK(peer.answers() == "SUCCESS, SUCCESS, SUCCESS");
  // What can't be decoded is told, RESET or not: the client's code is wrong.
  peer.send_raw(framed("B3 10 01 A0 A0") + pull + reset + run);
  server.serve();
  CHECK(peer.answers() == "FAILURE Request.Invalid, IGNORED, SUCCESS, SUCCESS");
}

TEST_CASE("a failure, and RESET out of it") {
  Peer peer;
  peer.login();
  ToyServer server(peer.connection);
  for (const Tag tag : {Tag::run, Tag::pull}) {
    peer.send(pack(Tag::run, tag == Tag::run ? "'RETRUN 1' {} {}" : "'FAIL' {} {}"));
    peer.send(request_message(Tag::pull, {5, 4}));
    peer.send(request_message(Tag::run, {5, 4}));
    server.serve();
    CHECK(peer.answers() == (tag == Tag::run ? "FAILURE Statement.SyntaxError, IGNORED, IGNORED"
                                             : "SUCCESS, RECORD, FAILURE Statement.ArithmeticError, IGNORED"));
    CHECK(peer.connection.state() == State::failed);
    peer.send("B0 0F");
    server.serve();
    CHECK(peer.answers() == "SUCCESS");
    CHECK(peer.connection.state() == State::ready);
  }
}

TEST_CASE("a change of user with RESET right behind it still changes the user") {
  Peer peer;
  peer.login();
  ToyServer server(peer.connection);
  peer.send_raw(framed("B0 6B") + framed(request_message(Tag::logon, {5, 4})) + framed("B0 0F"));
  server.serve();
  CHECK(peer.answers() == "SUCCESS, SUCCESS, SUCCESS");
  CHECK(peer.connection.state() == State::ready);
}

TEST_CASE("RESET before the login is fatal, and interrupts nothing") {
  Peer peer;
  peer.send(hello_message({5, 4}));
  REQUIRE(peer.connection.next());
  peer.send("B0 0F");
  CHECK_FALSE(peer.connection.interrupted());
  peer.connection.success();
  CHECK_FALSE(peer.connection.next());
  CHECK(peer.answers() == "SUCCESS, FAILURE Request.Invalid");
  CHECK(peer.connection.defunct());
}

TEST_CASE("HELLO, LOGON and RESET in one segment log in") {
  Peer peer;
  ToyServer server(peer.connection);
  peer.send_raw(framed(hello_message({5, 4})) + framed(request_message(Tag::logon, {5, 4})) + framed("B0 0F"));
  server.serve();
  CHECK(peer.answers() == "SUCCESS, SUCCESS, SUCCESS");
}

TEST_CASE("GOODBYE interrupts too, but what stands before it in the queue is still done") {
  Peer peer = busy();
  peer.send("B0 02");
  CHECK(peer.connection.interrupted());
  peer.connection.failure(terminated);
  const auto goodbye = peer.connection.next();
  REQUIRE(goodbye);
  CHECK(goodbye->as<Goodbye>());
  CHECK(peer.connection.defunct());
  CHECK_FALSE(peer.connection.busy());
  CHECK_FALSE(peer.connection.next());

  Peer other;
  other.go_to(State::tx_ready);
  ToyServer server(other.connection);
  other.send_raw(framed("B0 12") + framed("B0 02") + framed("B0 0F"));
  server.serve();
  CHECK(other.answers() == "IGNORED");  // the RESET behind GOODBYE cancels it
  Peer third;
  third.go_to(State::tx_ready);
  ToyServer last(third.connection);
  third.send_raw(framed("B0 12") + framed("B0 02"));
  last.serve();
  CHECK(third.answers() == "SUCCESS");
  CHECK(third.connection.defunct());
}

TEST_CASE("GOODBYE without HELLO closes in silence") {
  Peer peer({5, 8});
  peer.send("B0 02");
  const auto goodbye = peer.connection.next();
  REQUIRE(goodbye);
  CHECK(goodbye->as<Goodbye>());
  CHECK(peer.connection.output().empty());
}
