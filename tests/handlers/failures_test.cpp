#include <doctest/doctest.h>

#include <string>

#include "tests/handlers/conversation.hpp"

// The table of BOLT.md section 8, row by row: codes, chains of statuses (the finer of its two columns), positions.

using namespace packhouse;
using tests::Conversation;
using tests::has;
using tests::House;
using protocol::Tag;

namespace {

/// "42001 > 42I06" of a printed FAILURE.
std::string chain(const std::string& failure) {
  const std::string key = "gql_status: '";
  std::string out;
  for (auto at = failure.find(key); at != std::string::npos; at = failure.find(key, at + 1)) {
    out += (out.empty() ? "" : " > ") + failure.substr(at + key.size(), 5);
  }
  return out;
}

struct Row {
  const char *query, *code, *statuses;
  int offset = -1;  ///< of the position; -1: none
  const char* parameters = "{}";
  const char* extra = "{}";
};

constexpr const char* syntax = "Neo.ClientError.Statement.SyntaxError";

const Row rows[] = {
    {"RETRUN 1", syntax, "42001 > 42I06", 0},
    {"RETURN 1 +", syntax, "42001 > 42I06", 10},
    {"RETURN x", syntax, "42001 > 42N62", 7},
    {"MATCH (n)\n RETURN m", syntax, "42001 > 42N62", 18},
    {"RETURN $p", "Neo.ClientError.Statement.ParameterMissing", "42001 > 42N81"},
    {"RETURN nosuch(1)", syntax, "42001 > 42N48", 7},
    {"CALL no.such()", "Neo.ClientError.Procedure.ProcedureNotFound", "42001 > 42N08", 0},
    {"RETURN 1 + true", syntax, "42001 > 22NB1", 11},
    {"RETURN size(1, 2)", syntax, "42001 > 42I13", 7},
    {"CALL db.labels(1)", syntax, "42001 > 42I13", 0},
    {"RETURN 1 LIMIT -1", syntax, "42001 > 42N31", 15},
    {"RETURN 1 SKIP -1", syntax, "42001 > 42N31", 14},
    {"", syntax, "42001 > 42N45", 0},
    {"   ", syntax, "42001 > 42N45", 0},
    {"RETURN 1; RETURN 2", syntax, "42001 > 42I15", 10},
    {"RETURN 1 AS a, 2 AS a", syntax, "42001 > 42N38", 15},
    {"RETURN toUpper($p)", syntax, "22G03 > 22N27", -1, "{p: 1}"},
    {"RETURN $p.x", syntax, "22G03 > 22N27", -1, "{p: 1}"},
    {"CREATE (a)-[r]->(b)", syntax, "42001 > 42I14", 10},
    {"RETURN point({x: 1})", syntax, "42001 > 42I16"},
    {"RETURN 1 / 0", "Neo.ClientError.Statement.ArithmeticError", "22012 > 22N28"},
    {"RETURN 1 % 0", "Neo.ClientError.Statement.ArithmeticError", "22012 > 22N28"},
    {"RETURN 9223372036854775807 + 1", "Neo.ClientError.Statement.ArithmeticError", "22003 > 22N28"},
    {"RETURN date(\"nonsense\")", syntax, "22007 > 22N36"},
    {"RETURN duration(\"nonsense\")", syntax, "22007 > 22N36"},
    {"CREATE (n {p: {a: 1}})", "Neo.ClientError.Statement.TypeError", "22G03 > 22N01"},
    {"CREATE (n {p: $p})", "Neo.ClientError.Statement.TypeError", "22G03 > 22N01", -1, "{p: {a: 1}}"},
    {"MERGE (n {p: null})", "Neo.ClientError.Statement.SemanticError", "22G03 > 22N31"},
    {"MATCH (h:Held) DELETE h", "Neo.ClientError.Schema.ConstraintValidationFailed", "G1001"},
    {"CREATE (:U {x: 1})", "Neo.ClientError.Schema.ConstraintValidationFailed", "22N79"},
    {"CREATE (n:Tmp {x: 1}) DELETE n RETURN n.x", "Neo.ClientError.Statement.EntityNotFound", "25N13"},
    {"CREATE INDEX i FOR (n:I) ON (n.x)", "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists", "22N70"},
    {"CREATE INDEX other FOR (n:I) ON (n.x)", "Neo.ClientError.Schema.IndexAlreadyExists", "22N70"},
    {"CREATE INDEX i FOR (n:J) ON (n.x)", "Neo.ClientError.Schema.IndexWithNameAlreadyExists", "22N71"},
    {"CREATE INDEX FOR (n:U) ON (n.x)", "Neo.ClientError.Schema.ConstraintAlreadyExists", "22N74"},
    {"CREATE CONSTRAINT u FOR (n:U) REQUIRE n.x IS UNIQUE", "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists", "22N65"},
    {"CREATE CONSTRAINT u2 FOR (n:U) REQUIRE n.x IS UNIQUE", "Neo.ClientError.Schema.ConstraintAlreadyExists", "22N66"},
    {"DROP INDEX u", "Neo.DatabaseError.Schema.IndexDropFailed", "50N10 > 22N74"},
    {"CREATE CONSTRAINT u FOR (n:V) REQUIRE n.x IS UNIQUE", "Neo.ClientError.Schema.ConstraintWithNameAlreadyExists", "22N67"},
    {"CREATE CONSTRAINT FOR (n:I) REQUIRE n.x IS UNIQUE", "Neo.ClientError.Schema.IndexAlreadyExists", "22N73"},
    {"DROP INDEX nosuch", "Neo.DatabaseError.Schema.IndexDropFailed", "50N10 > 22N69"},
    {"DROP CONSTRAINT nosuch", "Neo.DatabaseError.Schema.ConstraintDropFailed", "50N12 > 22N64"},
    {"CREATE DATABASE x", "Neo.ClientError.Statement.UnsupportedAdministrationCommand", "51N27"},
    {"SHOW SETTINGS", "Neo.ClientError.Statement.UnsupportedAdministrationCommand", "42001 > 51N27", 0},
    {"CREATE (n)", "Neo.ClientError.Statement.AccessMode", "08N03 > 42N02", -1, "{}", "{mode: 'r'}"},
    {"CREATE INDEX FOR (n:A) ON (n.x)", "Neo.ClientError.Statement.AccessMode", "08N03 > 42N02", -1, "{}", "{mode: 'r'}"},
    {"RETURN 1", "Neo.ClientError.Database.DatabaseNotFound", "42001 > 42N00", -1, "{}", "{db: 'nosuch'}"},
    {"USE nosuch RETURN 1", "Neo.ClientError.Database.DatabaseNotFound", "42001 > 42N00"},
    {"RETURN 1", "Neo.ClientError.Transaction.InvalidBookmark", "08N12", -1, "{}", "{bookmarks: ['nonsense']}"},
    {"RETURN 1", "Neo.ClientError.Statement.ArgumentError", "51N30", -1, "{}", "{imp_user: 'somebody'}"},
    {"RETURN 1", "Neo.ClientError.Request.Invalid", "08N06 > 22G03 > 22N01", -1, "{}", "{bookmarks: 1}"},
};

struct Graph {
  House house;
  Graph() {
    Conversation c(house);
    for (const char* query : {"CREATE (:Held)-[:R]->()", "CREATE CONSTRAINT u FOR (n:U) REQUIRE n.x IS UNIQUE", "CREATE (:U {x: 1})",
                              "CREATE INDEX i FOR (n:I) ON (n.x)"}) {
      REQUIRE(c.run(query).starts_with("SUCCESS"));
      const auto done = c.pull();
      REQUIRE_MESSAGE(done.starts_with("SUCCESS"), done);
    }
  }
};

/// The answer to RUN, or to PULL when that one fails.
std::string fail(Conversation& c, const Row& row) {
  const auto ran = c.run(row.query, row.parameters, row.extra);
  const auto answer = has(ran, "FAILURE") ? ran : c.pull();
  return answer.substr(answer.rfind("FAILURE") == std::string::npos ? 0 : answer.rfind("FAILURE"));
}

}  // namespace

TEST_CASE("failures from 5.7 on: code, statuses, position") {
  Graph graph;
  Conversation c(graph.house, {5, 8});
  for (const Row& row : rows) {
    CAPTURE(std::string(row.query));
    CHECK(fail(c, row) == std::string("FAILURE ") + row.code);
    CAPTURE(c.failure());
    CHECK(chain(c.failure()) == row.statuses);
    CHECK(has(c.failure(), std::string("neo4j_code: '") + row.code + "'"));
    CHECK(has(c.failure(), "description: 'error: "));
    CHECK_FALSE(has(c.failure(), "OPERATION"));
    const char* const classification = std::string_view(row.code).starts_with("Neo.ClientError") ? "CLIENT_ERROR" : "DATABASE_ERROR";
    CHECK(has(c.failure(), std::string("_classification: '") + classification + "'"));
    if (row.offset >= 0) {
      CHECK(has(c.failure(), "_position: {offset: " + std::to_string(row.offset) + ", line: "));
    } else {
      CHECK_FALSE(has(c.failure(), "_position"));
    }
    REQUIRE(c.send(Tag::reset) == "SUCCESS {}");
  }
}

TEST_CASE("failures before 5.7: code and message, nothing else") {
  Graph graph;
  for (const auto version : {protocol::Version{4, 4}, protocol::Version{5, 6}}) {
    Conversation c(graph.house, version);
    for (const Row& row : rows) {
      CAPTURE(std::string(row.query));
      CHECK(fail(c, row) == std::string("FAILURE ") + row.code);
      CHECK(c.failure().starts_with(std::string("{code: '") + row.code + "', message: "));
      CHECK(chain(c.failure()).empty());
      REQUIRE(c.send(Tag::reset) == "SUCCESS {}");
    }
  }
}

TEST_CASE("the place of an error counts code points, lines and columns") {
  House house;
  Conversation c(house, {5, 8});
  c.send(Tag::run, "'RETURN \"äö𝄞\" AS s,\n  y' {} {}");
  CHECK(has(c.failure(), "_position: {offset: 21, line: 2, column: 3}"));
}

TEST_CASE("failures of transactions and requests") {
  House house;
  Conversation c(house, {5, 8});
  const auto expect = [&](const std::string& answer, const char* code, const char* statuses) {
    CAPTURE(c.failure());
    CHECK(answer == std::string("FAILURE ") + code);
    CHECK(chain(c.failure()) == statuses);
    c.send(Tag::reset);
  };
  expect(c.send(Tag::begin, "{db: 'nosuch'}"), "Neo.ClientError.Database.DatabaseNotFound", "42001 > 42N00");
  expect(c.send(Tag::route, "{} [] {db: 'nosuch'}"), "Neo.ClientError.Database.DatabaseNotFound", "22000 > 22N51");
  expect(c.send(Tag::route, "{} [] {imp_user: 'x'}"), "Neo.ClientError.Statement.ArgumentError", "51N30");
  expect(c.send(Tag::begin, "{imp_user: 'x'}"), "Neo.ClientError.Statement.ArgumentError", "51N30");
  c.send(Tag::begin, "{tx_timeout: 60000}");
  c.session().expire();
  expect(c.run("RETURN 1"), "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration", "25N14");
  c.send(Tag::begin, "{}");
  c.run("RETURN 1");
  expect(c.pull("{n: 1, qid: 7}"), "Neo.ClientError.Request.InvalidFormat", "08N06 > 22004");
  c.send(Tag::begin, "{}");
  expect(c.pull(), "Neo.ClientError.Request.InvalidFormat", "08N06 > 22004");
}

TEST_CASE("requests that can't be read") {
  struct Case {
    Tag tag;
    const char *fields, *code, *statuses;
  };
  const Case cases[] = {
      {Tag::run, "1 {} {}", "Neo.ClientError.Request.Invalid", "08N06 > 22G03 > 22N01"},
      {Tag::run, "'RETURN 1' {}", "Neo.ClientError.Request.InvalidFormat", "08N11 > 22N57"},
      {Tag::begin, "{mode: 'x'}", "Neo.ClientError.Request.Invalid", "08N06 > 22N05"},
      {Tag::telemetry, "7", "Neo.ClientError.Request.Invalid", "08N06 > 22N05"},
  };
  House house;
  for (const Case& k : cases) {
    Conversation c(house, {5, 8});
    CAPTURE(std::string(k.fields));
    CHECK(c.send(k.tag, k.fields) == std::string("FAILURE ") + k.code);
    CAPTURE(c.failure());
    CHECK(chain(c.failure()) == k.statuses);
    CHECK(c.run("RETURN 1") == "IGNORED");
  }
  Conversation c(house, {5, 8});
  CHECK(c.send(Tag::pull, "{n: 1}") == "FAILURE Neo.ClientError.Request.Invalid");  // in READY
  CHECK(chain(c.failure()) == "08N06 > 08N10");
  CHECK(c.connection().defunct());
}

TEST_CASE("a structure that is no value") {
  House house;
  Conversation c(house, {5, 8});
  c.post_bytes("B3 10 81 51 A1 81 78 B4 4E 01 90 A0 81 78 A0");  // RUN "Q" {x: a Node} {}
  while (c.step() || c.connection().busy()) {
  }
  CHECK(c.take() == "FAILURE Neo.ClientError.Request.Invalid");
  CHECK(chain(c.failure()) == "08N06 > 22N00 > 22N97");
}

TEST_CASE("what only some transactions may do") {
  House house;
  Conversation c(house, {5, 8});
  c.send(Tag::begin, "{}");
  const auto ran = c.run("UNWIND [1] AS x CALL (x) { CREATE () } IN TRANSACTIONS");
  const auto answer = has(ran, "FAILURE") ? ran : c.pull();
  CHECK(answer == "FAILURE Neo.DatabaseError.Transaction.TransactionStartFailed");
  CHECK(has(c.failure(), "in an implicit transaction"));
}
