#include <doctest/doctest.h>

#include <sstream>

#include "tests/protocol/peer.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

constexpr State columns[] = {State::negotiation, State::authentication, State::ready, State::streaming,
                             State::tx_ready,    State::tx_streaming,   State::failed};

// BOLT.md section 6. A state's name: accepted, and where SUCCESS leads; fatal, ignored, close; refused: FAILURE ->
// FAILED.
constexpr std::pair<Tag, const char*> table[] = {
    {Tag::hello, "LOGIN fatal fatal fatal fatal fatal fatal"},
    {Tag::logon, "fatal READY fatal fatal fatal fatal fatal"},
    {Tag::logoff, "fatal fatal AUTHENTICATION fatal fatal fatal ignored"},
    {Tag::run, "fatal fatal STREAMING fatal TX_STREAMING TX_STREAMING ignored"},
    {Tag::pull, "fatal fatal fatal READY refused TX_READY ignored"},
    {Tag::discard, "fatal fatal fatal READY refused TX_READY ignored"},
    {Tag::begin, "fatal fatal TX_READY fatal fatal fatal ignored"},
    {Tag::commit, "fatal fatal fatal fatal READY READY ignored"},
    {Tag::rollback, "fatal fatal fatal fatal READY READY ignored"},
    {Tag::route, "fatal fatal READY fatal fatal fatal ignored"},
    {Tag::telemetry, "fatal fatal READY fatal fatal fatal ignored"},
    {Tag::reset, "fatal fatal READY READY READY READY READY"},
    {Tag::goodbye, "close close close close close close close"},
};

bool has_message(Tag tag, Version v) {
  if (tag == Tag::logon || tag == Tag::logoff) return v >= Version{5, 1};
  if (tag == Tag::route) return v >= Version{4, 3};
  return tag != Tag::telemetry || v >= Version{5, 4};
}

void check_answered_here(Peer& peer, const std::string& cell, State before) {
  if (cell == "fatal") {
    CHECK(peer.answers() == "FAILURE Request.Invalid");
    CHECK(peer.connection.defunct());
  } else if (cell == "ignored") {
    CHECK(peer.answers() == "IGNORED");
    CHECK(peer.connection.state() == before);
  } else {
    CHECK(cell == "refused");
    CHECK(peer.answers() == "FAILURE Request.InvalidFormat");
    CHECK(peer.connection.state() == State::failed);
  }
}

void check_cell(Version v, State state, Tag tag, std::string cell) {
  CAPTURE(to_string(v));
  CAPTURE(name(state));
  CAPTURE(name(tag));
  if (cell == "LOGIN") cell = v >= Version{5, 1} ? "AUTHENTICATION" : "READY";
  Peer peer(v);
  peer.go_to(state);
  peer.send(request_message(tag, v));
  const auto request = peer.connection.next();
  if (cell == "close") {
    REQUIRE(request);
    CHECK(request->as<Goodbye>());
    CHECK(peer.connection.defunct());
    CHECK(peer.answers().empty());
  } else if (!request) {
    check_answered_here(peer, cell, state);
  } else {
    CHECK(peer.connection.busy());
    peer.connection.success();
    CHECK(name(peer.connection.state()) == cell);
    CHECK(peer.sent() == "00 03 B1 70 A0 00 00");

    // and the same request failing
    Peer failing(v);
    failing.go_to(state);
    failing.send(request_message(tag, v));
    REQUIRE(failing.connection.next());
    failing.connection.failure({Status::internal, "no"});
    CHECK(failing.connection.state() == (logged_in(state) ? State::failed : State::defunct));
    CHECK(failing.answers() == "FAILURE DatabaseError.General.UnknownError");
  }
}

}  // namespace

TEST_CASE("the table of states, cell by cell, in every version") {
  for (const Version v : supported_versions) {
    for (const auto& [tag, row] : table) {
      if (!has_message(tag, v)) continue;
      std::istringstream cells(row);
      for (const State state : columns) {
        std::string cell;
        cells >> cell;
        if (state == State::authentication && v < Version{5, 1}) continue;
        check_cell(v, state, tag, cell);
      }
    }
  }
}

TEST_CASE("a message that the version does not have ends the connection, in any state") {
  for (const Version v : supported_versions) {
    for (const State state : columns) {
      if (state == State::authentication && v < Version{5, 1}) continue;
      for (const Tag tag : {Tag::logon, Tag::logoff, Tag::route, Tag::telemetry, Tag{0x0E}, Tag{0x7F}, Tag{0x70}}) {
        if (has_message(tag, v) && static_cast<int>(tag) != 0x0E && static_cast<int>(tag) < 0x70) continue;
        CAPTURE(to_string(v));
        CAPTURE(name(state));
        Peer peer(v);
        peer.go_to(state);
        peer.send(static_cast<int>(tag) == 0x0E || static_cast<int>(tag) >= 0x70
                      ? "B0" + hex(std::vector{std::byte(tag)})
                      : request_message(tag, v));
        CHECK_FALSE(peer.connection.next());
        CHECK(peer.connection.defunct());
        CHECK(peer.answers() == "FAILURE Request.Invalid");
      }
    }
  }
}

TEST_CASE("rows left keep a result open, and other open results keep a transaction streaming") {
  struct Case {
    State state;
    Outcome outcome;
    State after;
  };
  const Case cases[] = {
      {State::streaming, {true, 0}, State::streaming},       {State::streaming, {false, 0}, State::ready},
      {State::tx_streaming, {true, 1}, State::tx_streaming}, {State::tx_streaming, {false, 2}, State::tx_streaming},
      {State::tx_streaming, {false, 0}, State::tx_ready},
  };
  for (const auto& [state, outcome, after] : cases) {
    for (const Tag tag : {Tag::pull, Tag::discard}) {
      Peer peer;
      peer.go_to(state);
      peer.send(request_message(tag, {5, 4}));
      peer.succeed(outcome);
      CHECK(peer.connection.state() == after);
      CHECK(peer.sent() ==
            (outcome.has_more ? "00 0D B1 70 A1 88 68 61 73 5F 6D 6F 72 65 C3 00 00" : "00 03 B1 70 A0 00 00"));
    }
  }
}

TEST_CASE("the first fatal message is the last that is answered") {
  Peer peer;
  peer.login();
  peer.send("B0 12");
  peer.send("B0 13");
  CHECK_FALSE(peer.connection.next());
  CHECK(peer.answers() == "FAILURE Request.Invalid");
  CHECK(peer.connection.defunct());
  peer.send("B0 0F");  // nobody listens any more
  CHECK_FALSE(peer.connection.next());
  CHECK(peer.connection.output().empty());
  CHECK(peer.connection.backlog() == 0);
}

TEST_CASE("answers without an open request change nothing") {
  Peer peer;
  peer.login();
  peer.connection.success();
  peer.connection.failure({Status::internal, "no"});
  peer.connection.ignored();
  peer.connection.answered();
  CHECK(peer.connection.output().empty());
  CHECK(peer.connection.state() == State::ready);
}

TEST_CASE("one request at a time") {
  Peer peer;
  peer.login();
  peer.send(request_message(Tag::run, {5, 4}));
  peer.send(request_message(Tag::pull, {5, 4}));
  REQUIRE(peer.connection.next());
  CHECK_FALSE(peer.connection.next());
  peer.connection.success();
  const auto pull = peer.connection.next();
  REQUIRE(pull);
  CHECK(pull->as<Pull>()->n == all_rows);
}
