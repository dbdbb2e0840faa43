#include <doctest/doctest.h>

#include "tests/protocol/pack.hpp"
#include "tests/protocol/peer.hpp"

using namespace packhouse;
using namespace packhouse::tests;

namespace {

constexpr std::size_t any_size = 1 << 20;

void send(Peer& peer, Tag tag, std::string_view fields) {
  peer.send(pack(tag, fields));
}

/// A peer whose first RUN is answered and whose PULL is open. `behind`: sent before the RUN is handed out.
Peer pulling(const std::vector<std::pair<Tag, std::string>>& behind, Version v = {5, 4}) {
  Peer peer(v);
  peer.go_to(State::ready);
  send(peer, Tag::run, "'first' {} {}");
  send(peer, Tag::pull, "{n: -1}");
  for (const auto& [tag, fields] : behind) send(peer, tag, fields);
  peer.succeed();
  REQUIRE(peer.connection.next()->as<Pull>());
  (void)peer.answers();
  return peer;
}

std::vector<MessagePtr> messages_of(StatementAhead ahead) {
  std::vector<MessagePtr> messages;
  messages.push_back(std::move(ahead.run_message));
  messages.push_back(std::move(ahead.pull_message));
  return messages;
}

}  // namespace

TEST_CASE("statements that wait are taken in their order, whole ones only") {
  Peer peer = pulling({{Tag::run, "'a' {x: 1} {}"},
                       {Tag::pull, "{n: -1}"},
                       {Tag::run, "'b' {} {}"},
                       {Tag::discard, "{n: -1}"},
                       {Tag::run, "'c' {} {}"}});
  CHECK(peer.connection.behind_run() == 5);
  const auto a = peer.connection.take_ahead(any_size);
  REQUIRE(a);
  CHECK(a->run.query == "a");
  CHECK(find(a->run.parameters.as_map(), "x")->as_integer() == 1);
  CHECK_FALSE(a->discard);
  const auto b = peer.connection.take_ahead(any_size);
  REQUIRE(b);
  CHECK(b->run.query == "b");
  CHECK(b->discard);
  CHECK_FALSE(peer.connection.take_ahead(any_size));
  peer.connection.success();
  const auto c = peer.connection.next();
  REQUIRE(c);
  CHECK(c->as<Run>()->query == "c");
}

TEST_CASE("what came after the RUN was handed out stays") {
  Peer peer = pulling({});
  CHECK(peer.connection.behind_run() == 0);
  send(peer, Tag::run, "'late' {} {}");
  send(peer, Tag::pull, "{n: -1}");
  CHECK_FALSE(peer.connection.take_ahead(any_size));
  peer.connection.success();
  CHECK(peer.connection.next()->as<Run>()->query == "late");
}

TEST_CASE("what is given back comes next, in its order") {
  Peer peer =
      pulling({{Tag::run, "'a' {} {}"}, {Tag::pull, "{n: -1}"}, {Tag::run, "'b' {} {}"}, {Tag::pull, "{n: -1}"}});
  auto a = messages_of(*peer.connection.take_ahead(any_size)), b = messages_of(*peer.connection.take_ahead(any_size));
  const std::size_t backlog = peer.connection.backlog();
  for (auto& m : b) a.push_back(std::move(m));
  peer.connection.give_back(std::move(a));
  CHECK(peer.connection.backlog() > backlog);
  CHECK_FALSE(peer.connection.take_ahead(any_size));  // they have had their chance
  peer.connection.success();
  for (const char* query : {"a", "b"}) {
    const auto run = peer.connection.next();
    REQUIRE(run);
    CHECK(run->as<Run>()->query == query);
    peer.connection.success();
    peer.succeed();
  }
  CHECK_FALSE(peer.connection.next());
  CHECK(peer.connection.state() == State::ready);
}

TEST_CASE("what can't be taken, and is answered in its turn") {
  struct Case {
    std::vector<std::pair<Tag, std::string>> behind;
    const char* answers;
  };
  const std::pair<Tag, std::string> run{Tag::run, "'q' {} {}"}, pull{Tag::pull, "{n: -1}"};
  for (const Case& k : {Case{{run}, "SUCCESS"}, Case{{run, {Tag::pull, "{n: 5}"}}, "SUCCESS, SUCCESS"},
                        Case{{run, {Tag::pull, "{n: -1, qid: 0}"}}, "SUCCESS, SUCCESS"},
                        Case{{run, {Tag::pull, "{n: 0}"}}, "SUCCESS, FAILURE Request.Invalid"},
                        Case{{{Tag::run, "1 {} {}"}, pull}, "FAILURE Request.Invalid, IGNORED"},
                        Case{{pull, run, pull}, "FAILURE Request.Invalid"},
                        Case{{{Tag::begin, "{}"}, run, pull}, "SUCCESS, SUCCESS, SUCCESS"},
                        Case{{run, run, pull}, "SUCCESS, FAILURE Request.Invalid"}}) {
    CAPTURE(k.answers);
    Peer peer = pulling(k.behind);
    CHECK_FALSE(peer.connection.take_ahead(any_size));
    peer.connection.success();
    (void)peer.answers();
    while (peer.connection.next()) peer.connection.success({});
    CHECK(peer.answers() == k.answers);
  }
}

TEST_CASE("nothing is taken once a RESET waits") {
  Peer peer = pulling({{Tag::run, "'a' {} {}"}, {Tag::pull, "{n: -1}"}});
  peer.send("B0 0F");
  CHECK_FALSE(peer.connection.take_ahead(any_size));
  peer.connection.success();
  peer.succeed();
  CHECK(peer.answers() == "SUCCESS, IGNORED, IGNORED, SUCCESS");
}

TEST_CASE("large statements, explicit transactions, connections that are over") {
  Peer peer = pulling({{Tag::run, "'" + std::string(100, 'q') + "' {} {}"}, {Tag::pull, "{n: -1}"}});
  CHECK_FALSE(peer.connection.take_ahead(100));
  auto taken = peer.connection.take_ahead(200);
  REQUIRE(taken);
  peer.connection.close();
  peer.connection.give_back(messages_of(std::move(*taken)));
  CHECK_FALSE(peer.connection.next());

  Peer other;
  other.go_to(State::tx_ready);
  for (int i = 0; i < 2; ++i) {
    send(other, Tag::run, "'q' {} {}");
    send(other, Tag::pull, "{n: -1}");
  }
  other.succeed();
  REQUIRE(other.connection.next()->as<Pull>());
  CHECK_FALSE(other.connection.take_ahead(any_size));
}

TEST_CASE("the backlog is nothing when nothing waits, whatever was taken, refused and given back") {
  const std::string parameters = "{list: [1, 2, 3, [4, 5, {a: 'b'}]]}";
  for (const char* rows : {"{n: -1}", "{n: 5}"}) {
    Peer peer = pulling({{Tag::run, "'a' " + parameters + " {}"}, {Tag::pull, rows}});
    const std::size_t waiting = peer.connection.backlog();
    auto taken = peer.connection.take_ahead(any_size);
    if (taken) peer.connection.give_back(messages_of(std::move(*taken)));
    CHECK(peer.connection.backlog() >= waiting);
    peer.connection.success();
    peer.succeed();
    peer.succeed();
    CHECK(peer.connection.backlog() < waiting);
    CHECK(peer.connection.backlog() == Peer().connection.backlog());
  }
}
