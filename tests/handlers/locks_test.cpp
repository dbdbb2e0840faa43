#include <doctest/doctest.h>

#include <string>

#include "handlers/bookmark.hpp"
#include "tests/handlers/conversation.hpp"

// Locks, time limits, bookmarks of the future, access modes, names of databases.

using namespace packhouse;
using tests::Conversation;
using tests::has;
using tests::House;
using protocol::Tag;
using Reason = cypher::StopSignal::Reason;

namespace {

std::string ask(Conversation& c, std::string_view query, std::string_view extra = "{}") {
  const auto ran = c.run(query, "{}", extra);
  return ran.starts_with("SUCCESS") ? c.pull() : ran;
}

struct Graph {
  House house;
  Graph() {
    Conversation c(house);
    ask(c, "CREATE (:N {id: 1, x: 0}), (:N {id: 2, x: 0})");
  }
};

constexpr const char* set_first = "MATCH (n:N {id: 1}) SET n.x = n.x + 1 RETURN n.x";

/// Goes on until it waits for a lock.
void until_blocked(Conversation& c) {
  REQUIRE(c.step());
  for (int i = 0; i < 10; ++i) REQUIRE(c.step());  // it stays blocked: each step looks again
}

}  // namespace

TEST_CASE("a second writer waits until the first has committed, and sees what it did") {
  Graph graph;
  Conversation first(graph.house), second(graph.house);
  first.send(Tag::begin, "{}");
  ask(first, set_first);
  second.run(set_first);
  second.post(Tag::pull, "{n: -1}");
  until_blocked(second);
  CHECK(second.take().empty());
  CHECK(first.send(Tag::commit).starts_with("SUCCESS"));
  while (second.step()) {
  }
  CHECK(has(second.take(), "RECORD [2]; SUCCESS"));
}

TEST_CASE("time that is up while waiting for a lock") {
  struct Case {
    bool in_transaction;
    Reason reason;
    const char* code;
  };
  const Case cases[] = {{false, Reason::timeout, "Neo.ClientError.Transaction.LockClientStopped"},
                        {true, Reason::timeout, "Neo.ClientError.Transaction.LockClientStopped"},
                        {false, Reason::terminated, "Neo.ClientError.Transaction.Terminated"}};
  for (const Case& k : cases) {
    Graph graph;
    Conversation first(graph.house), second(graph.house, {5, 8});
    first.send(Tag::begin, "{}");
    ask(first, set_first);
    if (k.in_transaction) second.send(Tag::begin, "{tx_timeout: 60000}");
    second.run(set_first, "{}", k.in_transaction ? "{}" : "{tx_timeout: 60000}");
    CHECK(second.session().deadline().has_value());
    second.post(Tag::pull, "{n: -1}");
    until_blocked(second);
    second.session().interrupt(k.reason);
    CHECK_FALSE(second.step());
    CHECK(second.take() == std::string("FAILURE ") + k.code);
    CHECK(has(second.failure(), "gql_status: '25N"));
    CHECK(second.send(Tag::reset) == "SUCCESS {}");
    CHECK(first.send(Tag::commit).starts_with("SUCCESS"));
    CHECK(has(ask(second, set_first), "RECORD [2]"));  // nothing holds a lock any more
  }
}

TEST_CASE("a statement that nobody pulled waits when the next request needs its effects") {
  Graph graph;
  Conversation first(graph.house), second(graph.house);
  first.send(Tag::begin, "{}");
  ask(first, set_first);
  second.send(Tag::begin, "{}");
  second.run("MATCH (n:N {id: 1}) SET n.x = n.x + 1");
  second.post(Tag::commit, "");
  until_blocked(second);
  second.session().interrupt(Reason::timeout);
  CHECK_FALSE(second.step());
  CHECK(second.take() == "FAILURE Neo.ClientError.Transaction.LockClientStopped");
}

TEST_CASE("time that is up while a statement runs") {
  House house;
  Conversation c(house);
  c.run("UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(*) AS n", "{}", "{tx_timeout: 60000}");
  c.post(Tag::pull, "{n: -1}");
  REQUIRE(c.step());
  c.session().interrupt(Reason::timeout);
  while (c.step()) {
  }
  CHECK(c.take() == "FAILURE Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration");
}

TEST_CASE("a circle of waiting transactions is broken at once") {
  Graph graph;
  Conversation a(graph.house), b(graph.house);
  a.send(Tag::begin, "{}");
  b.send(Tag::begin, "{}");
  ask(a, set_first);
  ask(b, "MATCH (n:N {id: 2}) SET n.x = 7");
  a.run("MATCH (n:N {id: 2}) SET n.x = 8 RETURN n.x");
  a.post(Tag::pull, "{n: -1}");
  until_blocked(a);
  b.run("MATCH (n:N {id: 1}) SET n.x = 9");
  CHECK(b.pull() == "FAILURE Neo.TransientError.Transaction.DeadlockDetected");
  while (a.step()) {
  }
  const auto answer = a.take();
  // The other one goes on, or is told to start over: it had read before it waited.
  CHECK((has(answer, "RECORD [8]") || has(answer, "FAILURE Neo.TransientError.Transaction.")));
}

TEST_CASE("a bookmark of the future is refused as something to try again") {
  House house;
  Conversation c(house, {5, 8});
  const auto future = handlers::make_bookmark(*house.store, house.store->last_sequence() + 1000);
  for (const bool begin : {false, true}) {
    const std::string extra = "{bookmarks: ['" + future + "']}";
    CHECK((begin ? c.send(Tag::begin, extra) : c.run("RETURN 1", "{}", extra)) == "FAILURE Neo.TransientError.Transaction.BookmarkTimeout");
    CHECK(has(c.failure(), "gql_status: '08N13'"));
    CHECK(has(c.failure(), "_classification: 'TRANSIENT_ERROR'"));
    c.send(Tag::reset);
  }
  CHECK(has(c.send(Tag::route, "{} ['" + future + "', 'nonsense'] {}"), "SUCCESS"));  // ROUTE does not check
}

TEST_CASE("what counts as no bookmark, and what is none") {
  House house;
  Conversation c(house);
  for (const char* extra : {"{bookmarks: []}", "{bookmarks: null}", "{bookmarks: ['FB:']}"}) {
    CAPTURE(std::string(extra));
    CHECK(has(ask(c, "RETURN 1 AS x", extra), "RECORD [1]"));
  }
  for (const char* extra : {"{bookmarks: [1]}", "{bookmarks: 'x'}"}) {
    CHECK(c.run("RETURN 1", "{}", extra) == "FAILURE Neo.ClientError.Request.Invalid");
    c.send(Tag::reset);
  }
  CHECK(c.run("RETURN 1", "{}", "{bookmarks: ['']}") == "FAILURE Neo.ClientError.Transaction.InvalidBookmark");
}

TEST_CASE("access mode r refuses what writes, whatever the transaction") {
  House house;
  Conversation c(house);
  for (const char* query : {"CREATE ()", "MATCH (n) SET n.x = 1", "MATCH (n) DETACH DELETE n", "MERGE (:A)", "CREATE INDEX FOR (n:A) ON (n.x)",
                            "MATCH (n) CALL (n) { SET n.x = 1 } RETURN n"}) {
    CAPTURE(std::string(query));
    CHECK(c.run(query, "{}", "{mode: 'r'}") == "FAILURE Neo.ClientError.Statement.AccessMode");
    c.send(Tag::reset);
    c.send(Tag::begin, "{mode: 'r'}");
    CHECK(c.run(query) == "FAILURE Neo.ClientError.Statement.AccessMode");
    c.send(Tag::reset);
  }
  CHECK(has(ask(c, "EXPLAIN CREATE ()", "{mode: 'r'}"), "type: 'w'"));
  for (const char* mode : {"'R'", "''", "'rw'", "1"}) {
    CHECK(c.run("RETURN 1", "{}", std::string("{mode: ") + mode + "}") == "FAILURE Neo.ClientError.Request.Invalid");
    c.send(Tag::reset);
  }
}

TEST_CASE("names of databases: any case, also for SYSTEM, in every request that has one") {
  House house;
  Conversation c(house);
  for (const char* name : {"neo4j", "NEO4J", "Neo4j", "", "system", "SYSTEM"}) {
    CAPTURE(std::string(name));
    const std::string extra = std::string("{db: '") + name + "'}";
    const bool system = std::string(name) == "system" || std::string(name) == "SYSTEM";
    CHECK(has(ask(c, "RETURN 1 AS x", extra), system ? "db: 'system'" : "db: 'neo4j'"));
    CHECK(c.send(Tag::begin, extra).starts_with("SUCCESS"));
    CHECK(c.send(Tag::rollback) == "SUCCESS {}");
    CHECK(has(c.send(Tag::route, "{} [] " + extra), "SUCCESS {rt: {ttl: 300, db: '"));
  }
  CHECK(c.send(Tag::begin, "{db: 'nosuch'}") == "FAILURE Neo.ClientError.Database.DatabaseNotFound");
}

TEST_CASE("ROUTE of 4.3 names the database by itself") {
  House house;
  Conversation c(house, {4, 3});
  const auto table = c.send(Tag::route, "{address: 'db.example:9999'} [] null");
  CHECK(has(table, "SUCCESS {rt: {ttl: 300, servers: [{addresses: ['db.example:9999'], role: 'WRITE'}"));
  CHECK_FALSE(has(table, "db:"));
  CHECK(has(c.send(Tag::route, "{} [] 'NEO4J'"), "localhost:7687"));
  CHECK(c.send(Tag::route, "{} [] 'nosuch'") == "FAILURE Neo.ClientError.Database.DatabaseNotFound");
}
