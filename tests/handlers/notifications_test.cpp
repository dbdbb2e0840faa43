#include <doctest/doctest.h>

#include <string>

#include "tests/handlers/conversation.hpp"

// What a query's author is told beside the result (BOLT.md sections 9.4 and 9.5).

using namespace packhouse;
using tests::Conversation;
using tests::has;
using tests::House;
using protocol::Tag;

namespace {

std::string summary(Conversation& c, const std::string& query, std::string_view extra = "{}") {
  const auto ran = c.run(query, "{}", extra);
  REQUIRE_MESSAGE(ran.starts_with("SUCCESS"), ran);
  const auto all = c.send(Tag::discard, "{n: -1}");  // rows with nodes can't be read back
  return all.substr(all.rfind("SUCCESS"));
}

struct Case {
  const char *query, *code, *severity, *category, *gql;
  const char* words;     ///< of the description
  const char* gql_words; ///< of the status description
  int offset;            ///< -1: no position
};

const Case cases[] = {
    {"MATCH (n:Nope) RETURN n", "Statement.UnknownLabelWarning", "WARNING", "UNRECOGNIZED", "01N50", "missing label name is: Nope",
     "The label `Nope` does not exist in database `neo4j`", 9},
    {"MATCH (n:A) WHERE n:Nope RETURN n", "Statement.UnknownLabelWarning", "WARNING", "UNRECOGNIZED", "01N50", "Nope", "`Nope`", 20},
    {"MATCH ()-[r:NOPE]->() RETURN r", "Statement.UnknownRelationshipTypeWarning", "WARNING", "UNRECOGNIZED", "01N51",
     "missing relationship type is: NOPE", "The relationship type `NOPE` does not exist", 12},
    {"MATCH (n:A) RETURN n.nope", "Statement.UnknownPropertyKeyWarning", "WARNING", "UNRECOGNIZED", "01N52",
     "missing property name is: nope", "The property `nope` does not exist", 21},
    {"MATCH (c:A), (p:B) RETURN c, p", "Statement.CartesianProduct", "INFORMATION", "PERFORMANCE", "03N90", "identifier is: (p)",
     "The disconnected patterns `(c:A), (p:B)` build a cartesian product", 0},
    {"MATCH (a:A), (b:B) MATCH p = shortestPath((a)-[*]->(b)) RETURN p", "Statement.UnboundedVariableLengthPattern", "INFORMATION",
     "PERFORMANCE", "03N91", "upper limit", "pattern `(a)-[*]->(b)` is unbounded", 45},
    {"MATCH (n:A) RETURN id(n)", "Statement.FeatureDeprecationWarning", "WARNING", "DEPRECATION", "01N02", "deprecated function: `id`",
     "`id` is deprecated", 19},
    {"MATCH (n:A) WHERE id(n) = 3 RETURN n", "Statement.FeatureDeprecationWarning", "WARNING", "DEPRECATION", "01N02", "`id`", "`id`", 18},
    {"MATCH (n:A) CALL { WITH n RETURN n.x AS y } RETURN y", "Statement.FeatureDeprecationWarning", "WARNING", "DEPRECATION", "01N00",
     "Use CALL (n) { ... }", "Use CALL (n) { ... }", 12},
    {"MATCH (n:A) USING INDEX n:A(x) WHERE n.x = 1 RETURN n", "Schema.HintedIndexNotFound", "WARNING", "HINT", "01N31",
     "index is: INDEX FOR (`n`:`A`) ON (`n`.`x`)", "`INDEX :A(x)` because the index does not exist", 0},
    {"MATCH ()-[r:T]->() USING INDEX r:T(x) WHERE r.x = 1 RETURN r", "Schema.HintedIndexNotFound", "WARNING", "HINT", "01N31",
     "index is: INDEX FOR ()-[`r`:`T`]-() ON (`r`.`x`)", "`INDEX :T(x)`", 0},
    {"MATCH (a:A) WITH a MATCH (a)-->(b) USING JOIN ON a RETURN b", "Statement.JoinHintUnfulfillableWarning", "WARNING", "HINT", "01N30",
     "join key identifier is: `a`", "`JOIN ON a`", 19},
    {"CREATE INDEX IF NOT EXISTS FOR (n:B) ON (n.x)", "Schema.IndexOrConstraintAlreadyExists", "INFORMATION", "SCHEMA", "00NA0",
     "already exists", "has no effect", -1},
    {"DROP INDEX nope IF EXISTS", "Schema.IndexOrConstraintDoesNotExist", "INFORMATION", "SCHEMA", "00NA1", "does not exist",
     "has no effect", -1},
};

const char* const quiet[] = {
    "MATCH (n:A) RETURN n.x",
    "MATCH (n:A) RETURN elementId(n)",
    "MATCH (a:A) MATCH (a)-[:T*]->(b) RETURN b",
    "MATCH (a:A), (b:B) MATCH p = shortestPath((a)-[*..5]->(b)) RETURN length(p)",
    "MATCH (n:A) CALL (n) { RETURN n.x AS y } RETURN y",
    "MATCH (n:B) USING INDEX n:B(x) WHERE n.x = 1 RETURN n",
    "MATCH (n:A)-[:T]->(m) USING SCAN n:A RETURN m",
    "CREATE (:Fresh {fresh: 1})",
    "MATCH (n:A) SET n.brandNew = 1",
};

struct Graph {
  House house;
  Graph() {
    Conversation c(house);
    summary(c, "CREATE (:A {x: 1})-[:T {x: 1}]->(:B {x: 1})");
    summary(c, "CREATE INDEX FOR (n:B) ON (n.x)");
  }
};

}  // namespace

TEST_CASE("notifications as versions before 5.6 tell them") {
  Graph graph;
  Conversation c(graph.house);
  for (const Case& k : cases) {
    CAPTURE(std::string(k.query));
    const auto text = summary(c, k.query);
    CAPTURE(text);
    CHECK(has(text, std::string("code: 'Neo.ClientNotification.") + k.code + "'"));
    CHECK(has(text, std::string("severity: '") + k.severity + "', category: '" + k.category + "'"));
    CHECK(has(text, k.words));
    if (k.offset >= 0) {
      CHECK(has(text, "position: {offset: " + std::to_string(k.offset) + ", line: 1, column: " + std::to_string(k.offset + 1) + "}"));
    } else {
      CHECK_FALSE(has(text, "position"));
    }
  }
}

TEST_CASE("notifications as statuses from 5.6 on") {
  Graph graph;
  Conversation c(graph.house, {5, 8});
  for (const Case& k : cases) {
    CAPTURE(std::string(k.query));
    const auto text = summary(c, k.query);
    CAPTURE(text);
    CHECK_FALSE(has(text, "notifications"));
    CHECK(has(text, std::string("gql_status: '") + k.gql + "'"));
    CHECK(has(text, std::string("neo4j_code: 'Neo.ClientNotification.") + k.code + "'"));
    CHECK(has(text, k.gql_words));
    CHECK(has(text, std::string("_classification: '") + k.category + "', _severity: '" + k.severity + "'"));
    const char first = k.gql[1];
    CHECK(has(text, std::string("status_description: '") + (first == '1' ? "warn: " : first == '3' ? "info: " : "note: ")));
  }
}

TEST_CASE("nothing is told about queries that are as they should be") {
  Graph graph;
  Conversation c(graph.house);
  for (const char* query : quiet) {
    CAPTURE(std::string(query));
    const auto text = summary(c, query);
    CAPTURE(text);
    CHECK_FALSE(has(text, "Nope"));
    const bool product = has(query, "(a:A), (b:B)");
    CHECK(has(text, "notifications") == product);
    if (product) CHECK_FALSE(has(text, "Unbounded"));
  }
}

TEST_CASE("filters: of HELLO, of the transaction, by severity and by category") {
  Graph graph;
  Conversation c(graph.house), newer(graph.house, {5, 8});
  const char* const both = "MATCH (n:Nope), (m:A) RETURN id(m)";  // UNRECOGNIZED and DEPRECATION warnings, PERFORMANCE information
  struct Filter {
    const char* extra;
    bool unknown, deprecated, product;
  };
  const Filter filters[] = {{"{}", true, true, true},
                            {"{notifications_minimum_severity: 'OFF'}", false, false, false},
                            {"{notifications_minimum_severity: 'WARNING'}", true, true, false},
                            {"{notifications_minimum_severity: 'INFORMATION'}", true, true, true},
                            {"{notifications_disabled_%: ['DEPRECATION', 'PERFORMANCE']}", true, false, false},
                            {"{notifications_disabled_%: ['UNRECOGNIZED'], notifications_minimum_severity: 'WARNING'}", false, true, false},
                            {"{notifications_disabled_%: []}", true, true, true}};
  for (const Filter& f : filters) {
    for (const bool old : {true, false}) {
      for (const bool in_transaction : {false, true}) {
        std::string extra = f.extra;
        if (const auto at = extra.find('%'); at != std::string::npos) extra.replace(at, 1, old ? "categories" : "classifications");
        CAPTURE(extra);
        Conversation& client = old ? c : newer;
        if (in_transaction) REQUIRE(client.send(Tag::begin, extra).starts_with("SUCCESS"));
        const auto text = summary(client, both, in_transaction ? "{}" : std::string_view(extra));
        if (in_transaction) REQUIRE(client.send(Tag::commit).starts_with("SUCCESS"));
        CHECK(has(text, "UnknownLabelWarning") == f.unknown);
        CHECK(has(text, "FeatureDeprecationWarning") == f.deprecated);
        CHECK(has(text, "CartesianProduct") == f.product);
        if (!old) CHECK(has(text, "gql_status: '02000'"));  // the outcome is never filtered
      }
    }
  }
}

TEST_CASE("statuses stand in the order of their importance") {
  Graph graph;
  Conversation c(graph.house, {5, 8});
  const auto none = summary(c, "MATCH (n:Nope), (m:A) RETURN id(m)");
  CHECK(none.find("'02000'") < none.find("'01N50'"));
  CHECK(none.find("'01N50'") < none.find("'03N90'"));
  const auto some = summary(c, "MATCH (n:B), (m:A) RETURN id(m)");
  CHECK(some.find("'01N02'") < some.find("'00000'"));
  CHECK(some.find("'00000'") < some.find("'03N90'"));
}

TEST_CASE("a name that has come into use meanwhile is no longer unknown, also for a cached plan") {
  Graph graph;
  Conversation c(graph.house);
  CHECK(has(summary(c, "MATCH (n:Later) RETURN n"), "UnknownLabelWarning"));
  summary(c, "CREATE (:Later)");
  CHECK_FALSE(has(summary(c, "MATCH (n:Later) RETURN n"), "UnknownLabelWarning"));
}
