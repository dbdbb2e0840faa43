#include <doctest/doctest.h>

#include <string>

#include "tests/handlers/conversation.hpp"
#include "tests/storage/graph/support.hpp"

using namespace packhouse;
using tests::Conversation;
using tests::has;
using tests::House;
using protocol::Tag;

TEST_CASE("RUN and PULL outside a transaction") {
  House house;
  Conversation c(house);
  const auto run = c.run("UNWIND [1, 2, 3] AS x RETURN x, x * 2 AS y");
  CHECK(has(run, "SUCCESS {fields: ['x', 'y'], t_first: "));
  CHECK_FALSE(has(run, "qid"));
  const auto pulled = c.pull();
  CHECK(has(pulled, "RECORD [1, 2]; RECORD [2, 4]; RECORD [3, 6]; SUCCESS {bookmark: 'PH:"));
  CHECK(has(pulled, "type: 'r'"));
  CHECK(has(pulled, "db: 'neo4j'"));
  CHECK_FALSE(has(pulled, "stats"));
  CHECK(c.connection().state() == protocol::State::ready);
}

TEST_CASE("what a query left unread goes before its snapshot") {
  const storage::Folder folder;
  House house(folder.path());
  Conversation c(house);
  CHECK(has(c.run("UNWIND range(1, 5000) AS x CREATE (:N {x: x})-[:R]->(:M)"), "SUCCESS"));
  CHECK(has(c.pull(), "SUCCESS"));
  const char* const queries[] = {"MATCH (n) RETURN id(n) LIMIT 5", "MATCH (n:N) RETURN n.x LIMIT 5",
                                 "MATCH (:N)-[r]->(m) RETURN id(r), labels(m) LIMIT 5",
                                 "MATCH ()-[r:R]->() RETURN type(r) LIMIT 5"};
  for (const char* query : queries) {
    CAPTURE(std::string(query));
    for (const bool explicit_transaction : {false, true}) {
      if (explicit_transaction) CHECK(has(c.send(Tag::begin, "{}"), "SUCCESS"));
      CHECK(has(c.run(query), "SUCCESS"));
      CHECK(has(c.pull("{n: 2}"), "has_more: true"));
      CHECK(has(c.pull(), "SUCCESS"));
      if (explicit_transaction) CHECK(has(c.send(Tag::commit), "SUCCESS"));
    }
    CHECK(has(c.run(query), "SUCCESS"));  // dropped in the middle
    CHECK(has(c.pull("{n: 1}"), "has_more: true"));
    CHECK(has(c.send(Tag::reset), "SUCCESS"));
  }
}

TEST_CASE("PULL n at a time, and no has_more when nothing is left") {
  House house;
  Conversation c(house);
  c.run("UNWIND range(1, 4) AS x RETURN x");
  CHECK(c.pull("{n: 1}") == "RECORD [1]; SUCCESS {has_more: true}");
  CHECK(c.pull("{n: 2}") == "RECORD [2]; RECORD [3]; SUCCESS {has_more: true}");
  const auto last = c.pull("{n: 1}");
  CHECK(has(last, "RECORD [4]; SUCCESS {"));
  CHECK_FALSE(has(last, "has_more"));
  CHECK(c.connection().state() == protocol::State::ready);
}

TEST_CASE("DISCARD drops rows, but does what the statement does") {
  House house;
  Conversation c(house);
  c.run("UNWIND range(1, 4) AS x RETURN x");
  CHECK(c.send(Tag::discard, "{n: 3}") == "SUCCESS {has_more: true}");
  CHECK(has(c.pull(), "RECORD [4]; SUCCESS"));
  c.run("UNWIND range(1, 4) AS x CREATE (n:D) RETURN n");
  CHECK(has(c.send(Tag::discard, "{n: -1}"), "`nodes-created`: 4"));
  c.run("MATCH (n:D) RETURN count(n) AS n");
  CHECK(has(c.pull(), "RECORD [4]"));
}

TEST_CASE("a long result comes in pieces") {
  House house;
  Conversation c(house);
  c.run("UNWIND range(1, 50000) AS x RETURN x");
  const auto rows = c.pull();
  std::size_t n = 0;
  for (auto at = rows.find("RECORD"); at != std::string::npos; at = rows.find("RECORD", at + 1)) ++n;
  CHECK(n == 50'000);
  CHECK(has(rows, "RECORD [50000]; SUCCESS"));
}

TEST_CASE("an explicit transaction with several results open") {
  House house;
  Conversation c(house);
  CHECK(c.send(Tag::begin, "{}").starts_with("SUCCESS"));
  CHECK(has(c.run("UNWIND [1, 2] AS x RETURN x"), "qid: 0"));
  CHECK(has(c.run("UNWIND [10, 20] AS x RETURN x"), "qid: 1"));
  CHECK(c.pull("{n: 1, qid: 0}") == "RECORD [1]; SUCCESS {has_more: true}");
  CHECK(c.pull("{n: 1}") == "RECORD [10]; SUCCESS {has_more: true}");
  CHECK(has(c.pull("{n: -1, qid: 0}"), "RECORD [2]; SUCCESS {t_last"));
  CHECK(c.connection().state() == protocol::State::tx_streaming);
  CHECK(has(c.pull("{n: -1, qid: 1}"), "RECORD [20]; SUCCESS"));
  CHECK(c.connection().state() == protocol::State::tx_ready);
  CHECK(has(c.send(Tag::commit), "SUCCESS {bookmark: 'PH:"));
  CHECK(c.connection().state() == protocol::State::ready);
}

TEST_CASE("a qid that is closed or was never there") {
  for (const char* extra : {"{n: 1, qid: 7}", "{n: 1, qid: -2}"}) {
    House house;
    Conversation c(house);
    c.send(Tag::begin, "{}");
    c.run("RETURN 1 AS x");
    CHECK(has(c.pull(extra), "FAILURE Neo.ClientError.Request.Invalid"));
    CHECK(c.pull() == "IGNORED");
  }
}

TEST_CASE("COMMIT keeps, ROLLBACK and RESET drop, and statements nobody pulled are done") {
  struct Case {
    Tag end;
    const char* count;
  };
  for (const Case& k : {Case{Tag::commit, "[2]"}, Case{Tag::rollback, "[0]"}, Case{Tag::reset, "[0]"}}) {
    House house;
    Conversation c(house);
    c.send(Tag::begin, "{}");
    c.run("CREATE (:A)");
    c.pull();
    c.run("CREATE (:A)");  // never pulled
    if (k.end == Tag::rollback) c.pull();
    CHECK(c.send(k.end).starts_with("SUCCESS"));
    c.run("MATCH (a:A) RETURN count(a) AS n");
    CHECK(has(c.pull(), std::string("RECORD ") + k.count));
  }
}

TEST_CASE("statements see what earlier ones of the transaction did, others do not") {
  House house;
  Conversation a(house), b(house);
  a.send(Tag::begin, "{}");
  a.run("CREATE (:A)");
  a.run("MATCH (n:A) RETURN count(n) AS n");
  CHECK(has(a.pull(), "RECORD [1]"));
  b.run("MATCH (n:A) RETURN count(n) AS n");
  CHECK(has(b.pull(), "RECORD [0]"));
  a.send(Tag::commit);
  b.run("MATCH (n:A) RETURN count(n) AS n");
  CHECK(has(b.pull(), "RECORD [1]"));
}

TEST_CASE("a failure ends the transaction; all is ignored until RESET") {
  House house;
  Conversation c(house);
  c.send(Tag::begin, "{}");
  c.run("CREATE (:A)");
  c.pull();
  CHECK(c.run("RETRUN 1") == "FAILURE Neo.ClientError.Statement.SyntaxError");
  CHECK(c.pull() == "IGNORED");
  CHECK(c.run("RETURN 1 AS x") == "IGNORED");
  CHECK(c.send(Tag::commit) == "IGNORED");
  CHECK(c.send(Tag::reset) == "SUCCESS {}");
  c.run("MATCH (n:A) RETURN count(n) AS n");
  CHECK(has(c.pull(), "RECORD [0]"));
}

TEST_CASE("a failure while rows are given out comes after the rows") {
  House house;
  Conversation c(house);
  c.run("UNWIND [1, 0] AS x RETURN 1 / x AS y");
  CHECK(has(c.pull(), "FAILURE Neo.ClientError.Statement.ArithmeticError"));
  CHECK(c.send(Tag::reset) == "SUCCESS {}");
}

TEST_CASE("what is pipelined behind a failure is ignored") {
  House house;
  Conversation c(house);
  CHECK(c.send_all({{Tag::run, "'RETRUN 1' {} {}"}, {Tag::pull, "{n: -1}"}, {Tag::run, "'RETURN 1' {} {}"}}) ==
        "FAILURE Neo.ClientError.Statement.SyntaxError; IGNORED; IGNORED");
  // A RESET that has arrived already makes everything before it pointless.
  CHECK(c.send_all({{Tag::run, "'CREATE (:Never)' {} {}"}, {Tag::reset, ""}}) == "IGNORED; SUCCESS {}");
  c.run("MATCH (n:Never) RETURN count(n) AS n");
  CHECK(has(c.pull(), "RECORD [0]"));
}

TEST_CASE("RESET stops what runs") {
  House house;
  Conversation c(house);
  c.run("UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(*) AS n");
  c.post(Tag::pull, "{n: -1}");
  REQUIRE(c.step());  // a slice is used up
  REQUIRE(c.step());
  c.post(Tag::reset, "");
  for (int i = 0; i < 1000 && c.step(); ++i) {
  }
  while (c.connection().state() != protocol::State::ready && !c.step()) {
  }
  CHECK(has(c.take(), "SUCCESS {}"));
  c.run("RETURN 1 AS x");
  CHECK(has(c.pull(), "RECORD [1]"));
}

TEST_CASE("a transaction whose time is up while the client is idle") {
  House house;
  Conversation c(house);
  c.send(Tag::begin, "{tx_timeout: 60000}");
  CHECK(c.session().deadline().has_value());
  c.session().expire();
  CHECK_FALSE(c.session().deadline().has_value());
  CHECK(has(c.run("RETURN 1"), "FAILURE Neo.ClientError.Transaction.TransactionTimedOut"));
  CHECK(c.send(Tag::reset) == "SUCCESS {}");
  CHECK(has(c.run("RETURN 1"), "SUCCESS"));
}

TEST_CASE("no limit of time unless somebody sets one") {
  House house;
  Conversation c(house);
  c.send(Tag::begin, "{}");
  CHECK_FALSE(c.session().deadline().has_value());
  c.send(Tag::rollback);
  house.context.transaction_timeout = std::chrono::seconds(60);
  c.send(Tag::begin, "{}");
  CHECK(c.session().deadline().has_value());
  c.send(Tag::rollback);
  c.send(Tag::begin, "{tx_timeout: 0}");
  CHECK_FALSE(c.session().deadline().has_value());
}

TEST_CASE("bookmarks: of this store, not from the future, not of another one") {
  House house, other;
  Conversation c(house), d(other);
  c.run("CREATE ()");
  const auto mine = tests::entry(c.pull(), "bookmark");
  d.run("CREATE ()");
  const auto foreign = tests::entry(d.pull(), "bookmark");
  REQUIRE(mine.starts_with("PH:"));
  REQUIRE(foreign.starts_with("PH:"));
  CHECK(mine != foreign);
  CHECK(has(c.run("RETURN 1", "{}", "{bookmarks: ['" + mine + "', 'FB:']}"), "SUCCESS"));
  c.pull();
  std::string changed = mine;
  changed[5] = changed[5] == 'a' ? 'b' : 'a';
  for (const std::string& bad : {foreign, changed, std::string("nonsense"), std::string("PH:")}) {
    CAPTURE(bad);
    CHECK(c.run("RETURN 1", "{}", "{bookmarks: ['" + bad + "']}") == "FAILURE Neo.ClientError.Transaction.InvalidBookmark");
    CHECK(c.send(Tag::reset) == "SUCCESS {}");
    CHECK(c.send(Tag::begin, "{bookmarks: ['" + bad + "']}") == "FAILURE Neo.ClientError.Transaction.InvalidBookmark");
    CHECK(c.send(Tag::reset) == "SUCCESS {}");
  }
}

TEST_CASE("databases by name") {
  House house;
  Conversation c(house);
  for (const char* name : {"neo4j", "NEO4J", "system"}) {
    CAPTURE(std::string(name));
    CHECK(has(c.run("RETURN 1", "{}", std::string("{db: '") + name + "'}"), "SUCCESS"));
    CHECK(has(c.pull(), "SUCCESS"));
  }
  CHECK(c.run("RETURN 1", "{}", "{db: 'nope'}") == "FAILURE Neo.ClientError.Database.DatabaseNotFound");
}

TEST_CASE("a reading transaction refuses to write") {
  House house;
  Conversation c(house);
  CHECK(c.run("CREATE ()", "{}", "{mode: 'r'}") == "FAILURE Neo.ClientError.Statement.AccessMode");
  c.send(Tag::reset);
  c.send(Tag::begin, "{mode: 'r'}");
  CHECK(c.run("CREATE ()") == "FAILURE Neo.ClientError.Statement.AccessMode");
}

TEST_CASE("CALL IN TRANSACTIONS commits its parts, and only on its own") {
  House house;
  Conversation c(house);
  const std::string parts = "UNWIND [1, 2, 0, 4] AS x CALL (x) { CREATE (:Part {x: 4 / x}) } IN TRANSACTIONS OF 2 ROWS";
  c.send(Tag::begin, "{}");
  const std::string refused = c.run(parts);
  CHECK(has(refused, "FAILURE Neo.DatabaseError.Transaction.TransactionStartFailed"));
  c.send(Tag::reset);
  CHECK(has(c.run("EXPLAIN " + parts), "SUCCESS"));
  c.pull();
  const std::string ran = c.run(parts);
  CAPTURE(ran);
  CHECK(has(c.pull(), "FAILURE Neo.ClientError.Statement.ArithmeticError"));
  c.send(Tag::reset);
  c.run("MATCH (n:Part) RETURN count(n) AS n");
  CHECK(has(c.pull(), "RECORD [2]"));
  c.run(parts + " ON ERROR CONTINUE");
  const std::string summary = c.pull();
  CAPTURE(summary);
  CHECK(has(summary, "`nodes-created`: 2"));
  CHECK(has(summary, "bookmark"));
}

TEST_CASE("parameters") {
  House house;
  Conversation c(house);
  c.run("RETURN $a AS a, $l[1] AS l, $m.k AS m", "{a: 1.5, l: [1, 2], m: {k: 'v'}}");
  CHECK(has(c.pull(), "RECORD [1.5, 2, 'v']"));
  CHECK(c.run("RETURN $missing AS x") == "FAILURE Neo.ClientError.Statement.ParameterMissing");
}

TEST_CASE("ROUTE names this server in every role") {
  House house;
  Conversation c(house);
  const auto table = c.send(Tag::route, "{address: 'db.example:9999'} [] {}");
  CHECK(has(table, "ttl: 300"));
  CHECK(has(table, "db: 'neo4j'"));
  for (const char* role : {"WRITE", "READ", "ROUTE"}) {
    CHECK(has(table, std::string("{addresses: ['db.example:9999'], role: '") + role + "'}"));
  }
  CHECK(has(c.send(Tag::route, "{} [] {}"), "localhost:7687"));
  CHECK(c.send(Tag::route, "{} [] {db: 'nope'}") == "FAILURE Neo.ClientError.Database.DatabaseNotFound");
}

TEST_CASE("GOODBYE and a session that ends roll back") {
  House house;
  {
    Conversation c(house);
    c.send(Tag::begin, "{}");
    c.run("CREATE (:A)");
    c.pull();
    CHECK(c.send(Tag::goodbye).empty());
    CHECK(c.connection().defunct());
    Conversation d(house);
    d.send(Tag::begin, "{}");
    d.run("CREATE (:A)");
  }
  Conversation e(house);
  e.run("MATCH (n:A) RETURN count(n) AS n");
  CHECK(has(e.pull(), "RECORD [0]"));
}
