#include <doctest/doctest.h>

#include <string>

#include "tests/handlers/conversation.hpp"

// SHOW and TERMINATE TRANSACTIONS, connections, metadata.

using namespace packhouse;
using tests::Conversation;
using tests::has;
using tests::House;
using protocol::Tag;

namespace {

std::string ask(Conversation& c, std::string_view query, std::string_view parameters = "{}", std::string_view extra = "{}") {
  const auto ran = c.run(query, parameters, extra);
  return ran.starts_with("SUCCESS") ? c.pull() : ran;
}

/// The id of the one transaction of that connection.
std::string transaction_of(Conversation& watcher, const std::string& connection) {
  const auto rows = ask(watcher, "SHOW TRANSACTIONS YIELD connectionId, transactionId WHERE connectionId = \"" + connection +
                                     "\" RETURN transactionId");
  const auto begin = rows.find("RECORD ['");
  if (begin == std::string::npos) return {};
  return rows.substr(begin + 9, rows.find('\'', begin + 9) - begin - 9);
}

std::string terminate(Conversation& watcher, const std::string& id) { return ask(watcher, "TERMINATE TRANSACTIONS \"" + id + "\""); }

constexpr const char* endless = "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(*) AS n";

}  // namespace

TEST_CASE("SHOW TRANSACTIONS shows itself, by default with these columns") {
  House house;
  Conversation c(house);
  const auto ran = c.run("SHOW TRANSACTIONS", "{}", "{tx_metadata: {app: 'test'}}");
  CHECK(has(ran, "fields: ['database', 'transactionId', 'currentQueryId', 'connectionId', 'clientAddress', 'username', "
                 "'currentQuery', 'startTime', 'status', 'elapsedTime']"));
  const auto row = c.pull();
  CHECK(has(row, "RECORD ['neo4j', 'neo4j-transaction-"));
  CHECK(has(row, "'query-"));
  CHECK(has(row, "'bolt-1', '', '', 'SHOW TRANSACTIONS', '2"));
  CHECK(has(row, "'Running', duration("));
  CHECK(has(row, "type: 'r'"));
  const auto all = c.run("SHOW TRANSACTION YIELD *");
  for (const char* column : {"outerTransactionId", "metaData", "parameters", "currentQueryStatus", "initializationStackTrace"}) {
    CHECK(has(all, column));
  }
  CHECK(has(c.pull(), "'bolt', '', 'Running', 'running'"));
}

TEST_CASE("metadata, statement and parameters of another connection's transaction") {
  House house;
  Conversation a(house), watcher(house);
  a.send(Tag::begin, "{tx_metadata: {app: 'x', n: [1, 2]}}");
  const char* const look = "SHOW TRANSACTIONS YIELD connectionId AS c, metaData AS m, currentQuery AS q, currentQueryId AS i, parameters AS p "
                           "WHERE c = \"bolt-1\" RETURN m, q, i <> \"\" AS busy, p";
  CHECK(has(ask(watcher, look), "RECORD [{app: 'x', n: [1, 2]}, '', false, {}]"));
  a.run("UNWIND [1, 2] AS x RETURN x + $y AS z", "{y: 5}");
  CHECK(has(ask(watcher, look), "RECORD [{app: 'x', n: [1, 2]}, 'UNWIND [1, 2] AS x RETURN x + $y AS z', true, {y: 5}]"));
  a.run("RETURN 1 AS one");
  a.pull("{n: -1, qid: 0}");  // an older result ends: the newer is still open
  CHECK(has(ask(watcher, look), "'RETURN 1 AS one', true, {}]"));
  a.pull("{n: -1, qid: 1}");
  CHECK(has(ask(watcher, look), "'', false, {}]"));
  CHECK(has(ask(a, "CALL tx.setMetaData({app: \"y\"})"), "SUCCESS"));
  CHECK(has(ask(a, "CALL tx.getMetaData()"), "RECORD [{app: 'y'}]"));
  CHECK(has(ask(watcher, look), "RECORD [{app: 'y'}, "));
  a.send(Tag::commit);
  CHECK_FALSE(has(ask(watcher, look), "RECORD"));
  CHECK(has(ask(a, "CALL tx.getMetaData() YIELD metadata RETURN metadata", "{}", "{tx_metadata: {k: 1}}"), "RECORD [{k: 1}]"));
  CHECK(has(ask(a, "CALL tx.getMetaData()"), "RECORD [{}]"));
}

TEST_CASE("a failed statement leaves nothing to look at") {
  House house;
  Conversation a(house), watcher(house);
  for (const char* query : {"RETRUN 1", "RETURN $missing", "CALL no.such()", "RETURN 1 / 0"}) {
    CHECK(has(ask(a, query, "{}", "{tx_metadata: {k: 1}}"), "FAILURE"));
    CHECK(transaction_of(watcher, "bolt-1").empty());
    a.send(Tag::reset);
  }
}

TEST_CASE("transactions by their ids") {
  House house;
  Conversation a(house), b(house), watcher(house);
  a.send(Tag::begin, "{}");
  b.send(Tag::begin, "{db: 'SYSTEM'}");
  const auto ia = transaction_of(watcher, "bolt-1"), ib = transaction_of(watcher, "bolt-2");
  REQUIRE(ia.starts_with("neo4j-transaction-"));
  REQUIRE(ib.starts_with("system-transaction-"));
  const std::string both = "{ids: ['" + ia + "', '" + ib + "'], one: '" + ib + "'}";
  const std::string a_row = "'" + ia + "'", b_row = "'" + ib + "'";
  struct Case {
    std::string query;
    bool a, b;
  };
  const Case cases[] = {{"SHOW TRANSACTIONS $ids", true, true},
                        {"SHOW TRANSACTIONS $one", false, true},
                        {"SHOW TRANSACTIONS \"" + ia + "\"", true, false},
                        {"SHOW TRANSACTIONS \"" + ia + "\", $one", true, true},
                        {"SHOW TRANSACTIONS $ids YIELD transactionId WHERE transactionId = $one", false, true},
                        {"SHOW TRANSACTIONS WHERE transactionId IN $ids", true, true},
                        {"SHOW TRANSACTION \"neo4j-transaction-99999\"", false, false},
                        {"SHOW TRANSACTIONS []", false, false}};
  for (const Case& k : cases) {
    CAPTURE(k.query);
    const auto rows = ask(watcher, k.query, both);
    CHECK(has(rows, a_row) == k.a);
    CHECK(has(rows, b_row) == k.b);
  }
  for (const char* query : {"SHOW TRANSACTIONS \"17\"", "TERMINATE TRANSACTIONS \"neo4j-transaction-\"", "SHOW TRANSACTIONS \"neo4j-transaction-1x\""}) {
    CHECK(ask(watcher, query) == "FAILURE Neo.ClientError.General.InvalidArguments");
    watcher.send(Tag::reset);
  }
  CHECK(ask(watcher, "TERMINATE TRANSACTIONS 5") == "FAILURE Neo.ClientError.Statement.TypeError");
  watcher.send(Tag::reset);
  CHECK(ask(watcher, "TERMINATE TRANSACTIONS") == "FAILURE Neo.ClientError.Statement.SyntaxError");
}

TEST_CASE("an idle transaction is terminated: its locks go at once, its next request fails") {
  House house;
  Conversation a(house), b(house), watcher(house);
  ask(watcher, "CREATE (:N {x: 1})");
  a.send(Tag::begin, "{}");
  ask(a, "MATCH (n:N) SET n.x = 2");
  const auto id = transaction_of(watcher, "bolt-1");
  CHECK(has(terminate(watcher, id), "RECORD ['" + id + "', '', 'Transaction terminated.']"));
  CHECK(has(ask(watcher, "SHOW TRANSACTIONS YIELD status"), "'Terminated with reason: Status.Code[Neo.ClientError.Transaction.Terminated]'"));
  a.session().attend();  // what the server does when the session's wake function was called
  CHECK(transaction_of(watcher, "bolt-1").empty());
  CHECK(has(ask(b, "MATCH (n:N) SET n.x = n.x + 10 RETURN n.x"), "RECORD [11]"));
  CHECK(has(terminate(watcher, id), "RECORD ['" + id + "', null, 'Transaction not found.']"));
  CHECK(a.run("RETURN 1") == "FAILURE Neo.ClientError.Transaction.Terminated");
  CHECK(a.run("RETURN 1") == "IGNORED");
  CHECK(a.send(Tag::reset) == "SUCCESS {}");
  CHECK(has(ask(a, "RETURN 1 AS x"), "RECORD [1]"));
}

TEST_CASE("also without the wake the next request fails, whatever it is, but RESET does not") {
  struct Case {
    Tag tag;
    const char* fields;
  };
  for (const Case& k : {Case{Tag::run, "'RETURN 1' {} {}"}, Case{Tag::commit, ""}, Case{Tag::rollback, ""}}) {
    House house;
    Conversation a(house), watcher(house);
    a.send(Tag::begin, "{}");
    terminate(watcher, transaction_of(watcher, "bolt-1"));
    CHECK(a.send(k.tag, k.fields) == "FAILURE Neo.ClientError.Transaction.Terminated");
    CHECK(a.send(Tag::reset) == "SUCCESS {}");
    a.send(Tag::begin, "{}");
    terminate(watcher, transaction_of(watcher, "bolt-1"));
    CHECK(a.send(Tag::reset) == "SUCCESS {}");
    CHECK(has(ask(a, "RETURN 1 AS x"), "RECORD [1]"));
  }
}

TEST_CASE("a running statement is terminated") {
  House house;
  Conversation a(house), watcher(house);
  a.run(endless);
  a.post(Tag::pull, "{n: -1}");
  REQUIRE(a.step());
  terminate(watcher, transaction_of(watcher, "bolt-1"));
  while (a.step()) {
  }
  CHECK(a.take() == "FAILURE Neo.ClientError.Transaction.Terminated");
  CHECK(a.send(Tag::reset) == "SUCCESS {}");
}

TEST_CASE("what waits for a lock is terminated") {
  House house;
  Conversation holder(house), a(house), watcher(house);
  ask(watcher, "CREATE (:N {x: 1})");
  holder.send(Tag::begin, "{}");
  ask(holder, "MATCH (n:N) SET n.x = 2");
  a.run("MATCH (n:N) SET n.x = 3");
  a.post(Tag::pull, "{n: -1}");
  REQUIRE(a.step());
  const auto id = transaction_of(watcher, "bolt-2");
  CHECK(has(ask(watcher, "SHOW TRANSACTIONS \"" + id + "\" YIELD status, currentQueryStatus"), "RECORD ['Blocked', 'waiting']"));
  terminate(watcher, id);
  CHECK_FALSE(a.step());
  CHECK(a.take() == "FAILURE Neo.ClientError.Transaction.Terminated");
  CHECK(holder.send(Tag::commit).starts_with("SUCCESS"));
  CHECK(has(ask(watcher, "MATCH (n:N) RETURN n.x AS x"), "RECORD [2]"));
}

TEST_CASE("a transaction may terminate itself") {
  House house;
  Conversation c(house);
  const auto answer = ask(c, "SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t YIELD message UNWIND range(1, 10) AS x RETURN x");
  CHECK(has(answer, "FAILURE"));  // clauses don't follow commands
  c.send(Tag::reset);
  CHECK(has(ask(c, "SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t YIELD message"),
            "FAILURE Neo.ClientError.Transaction.Terminated"));
}

TEST_CASE("commands on transactions follow each other") {
  House house;
  Conversation a(house), b(house), watcher(house);
  a.send(Tag::begin, "{tx_metadata: {app: 'old'}}");
  b.send(Tag::begin, "{tx_metadata: {app: 'new'}}");
  const auto id = transaction_of(watcher, "bolt-1");
  const char* const end_old = "SHOW TRANSACTIONS YIELD transactionId AS t, metaData, username WHERE metaData.app = \"old\" "
                              "TERMINATE TRANSACTIONS t YIELD transactionId, message ORDER BY message RETURN t, transactionId, message";
  const auto ran = watcher.run(end_old);
  CHECK(has(ran, "fields: ['t', 'transactionId', 'message']"));
  CHECK(has(watcher.pull(), "RECORD ['" + id + "', '" + id + "', 'Transaction terminated.']; SUCCESS"));
  CHECK(a.send(Tag::commit) == "FAILURE Neo.ClientError.Transaction.Terminated");
  CHECK(b.send(Tag::commit).starts_with("SUCCESS"));
  const auto without = watcher.run("TERMINATE TRANSACTION \"" + id + "\" YIELD message AS m SHOW TRANSACTIONS YIELD database AS d WHERE d <> \"x\"");
  CHECK(has(without, "fields: ['m', 'd']"));
  CHECK(has(watcher.pull(), "RECORD ['Transaction not found.', 'neo4j']"));
  for (const char* query : {"SHOW TRANSACTIONS TERMINATE TRANSACTIONS \"x\" YIELD message", "SHOW INDEXES YIELD name SHOW INDEXES YIELD name",
                            "SHOW TRANSACTIONS YIELD transactionId TERMINATE TRANSACTIONS transactionId",
                            "SHOW TRANSACTIONS YIELD transactionId TERMINATE TRANSACTIONS transactionId YIELD transactionId",
                            "SHOW TRANSACTIONS YIELD database RETURN database SHOW TRANSACTIONS YIELD status"}) {
    CAPTURE(std::string(query));
    CHECK(watcher.run(query) == "FAILURE Neo.ClientError.Statement.SyntaxError");
    watcher.send(Tag::reset);
  }
}

TEST_CASE("connections are listed and closed") {
  House house;
  Conversation watcher(house);
  int closed = 0;
  {
    Conversation a(house);
    a.session().addresses("here:7687", "there:4711");
    a.session().on_close([&] { ++closed; });
    const auto rows = ask(watcher, "CALL dbms.listConnections()");
    CHECK(has(rows, "RECORD ['bolt-1', '2"));
    CHECK(has(rows, "'bolt', '', 'test/1', '', '']; RECORD ['bolt-2'"));
    CHECK(has(rows, "'bolt', '', 'test/1', 'here:7687', 'there:4711']"));
    CHECK(has(rows, "type: 's'"));
    CHECK(has(ask(watcher, "CALL dbms.killConnection(\"bolt-2\")"), "RECORD ['bolt-2', '', 'Connection found']"));
    CHECK(closed == 1);
    CHECK(has(ask(watcher, "CALL dbms.killConnections([\"bolt-9\", \"bolt-2\"]) YIELD connectionId, message"),
              "RECORD ['bolt-9', 'No connection found with this id']; RECORD ['bolt-2', 'Connection found']"));
    CHECK(closed == 2);
  }
  CHECK(has(ask(watcher, "CALL dbms.killConnection(\"bolt-2\")"), "RECORD ['bolt-2', 'n/a', 'No connection found with this id']"));
  CHECK(house.context.live->size() == 1);
  CHECK(has(ask(watcher, "CALL dbms.killConnection(7)"), "FAILURE"));
}

TEST_CASE("metadata that a query sets is bounded") {
  House house;
  Conversation c(house);
  CHECK(has(ask(c, "CALL tx.setMetaData({k: $v})", "{v: '" + std::string(2000, 'x') + "'}"), "SUCCESS"));
  CHECK(ask(c, "CALL tx.setMetaData({k: $v})", "{v: '" + std::string(2048, 'x') + "'}") ==
        "FAILURE Neo.ClientError.Procedure.ProcedureCallFailed");
}

TEST_CASE("routing tables for clients before Bolt 4.3") {
  House house;
  Conversation c(house, {4, 2});
  const auto table = ask(c, "CALL dbms.routing.getRoutingTable($context, $database)",
                         "{context: {address: 'db.example:9999'}, database: 'Neo4j'}", "{db: 'system', mode: 'r'}");
  CHECK(has(table, "RECORD [300, [{addresses: ['db.example:9999'], role: 'WRITE'}, {addresses: ['db.example:9999'], role: 'READ'}, "
                   "{addresses: ['db.example:9999'], role: 'ROUTE'}]]"));
  CHECK(has(ask(c, "CALL dbms.cluster.routing.getRoutingTable($context)", "{context: {}}"), "RECORD [300, "));
  CHECK(ask(c, "CALL dbms.routing.getRoutingTable({}, \"nope\")") == "FAILURE Neo.ClientError.Database.DatabaseNotFound");
}

TEST_CASE("what others pass as parameters counts as memory of the statement that shows it; TERMINATE needs none") {
  House house;
  Conversation a(house), watcher(house);
  a.send(Tag::begin, "{}");
  const auto id = transaction_of(watcher, "bolt-1");
  a.run("RETURN 1 AS x", "{y: '" + std::string(3 << 20, 'y') + "'}");
  house.context.query_memory = 1 << 20;
  CHECK(ask(watcher, "SHOW TRANSACTIONS") == "FAILURE Neo.TransientError.General.MemoryPoolOutOfMemoryError");
  watcher.send(Tag::reset);
  CHECK(has(terminate(watcher, id), "'Transaction terminated.'"));
}

TEST_CASE("the transactions of CALL IN TRANSACTIONS have ids of their own") {
  House house;
  Conversation a(house), b(house), c(house), watcher(house);
  for (Conversation* other : {&a, &b, &c}) other->send(Tag::begin, "{}");
  const auto ids = ask(watcher,
                       "UNWIND range(1, 100) AS x CALL (x) { CREATE () } IN TRANSACTIONS OF 1 ROW ON ERROR CONTINUE "
                       "REPORT STATUS AS s RETURN s.transactionId AS id");
  CHECK(has(ids, "'neo4j-transaction-"));
  for (const char* connection : {"bolt-1", "bolt-2", "bolt-3"})
    CHECK_FALSE(has(ids, "'" + transaction_of(watcher, connection) + "'"));
}
