#include <doctest/doctest.h>

#include <string>

#include "tests/handlers/conversation.hpp"

using namespace packhouse;
using tests::Conversation;
using tests::has;
using tests::House;
using protocol::Tag;

namespace {

std::string summary(Conversation& c, const std::string& query) {
  const auto ran = c.run(query);
  REQUIRE_MESSAGE(ran.starts_with("SUCCESS"), ran);
  const auto all = c.pull();
  return all.substr(all.rfind("SUCCESS"));
}
}  // namespace

TEST_CASE("type and counters") {
  House house;
  Conversation c(house);
  struct Case {
    const char* query;
    const char* type;
    const char* stats;
  };
  const Case cases[] = {
      {"RETURN 1 AS x", "type: 'r'", ""},
      {"CREATE (:A {x: 1})-[:T]->(:B)", "type: 'w'",
       "stats: {`nodes-created`: 2, `relationships-created`: 1, `properties-set`: 1, `labels-added`: 2, `contains-updates`: true}"},
      {"MATCH (a:A) SET a.x = 2 RETURN a.x", "type: 'rw'", "stats: {`properties-set`: 1, `contains-updates`: true}"},
      {"MATCH (a:A) REMOVE a:A", "type: 'w'", "stats: {`labels-removed`: 1, `contains-updates`: true}"},
      {"MATCH (n) DETACH DELETE n", "type: 'w'", "stats: {`nodes-deleted`: 2, `relationships-deleted`: 1, `contains-updates`: true}"},
      {"MATCH (n) DELETE n", "type: 'w'", ""},
      {"CREATE INDEX i FOR (n:A) ON (n.x)", "type: 's'", "`indexes-added`: 1"},
      {"DROP INDEX i", "type: 's'", "`indexes-removed`: 1"},
      {"CREATE CONSTRAINT u FOR (n:A) REQUIRE n.x IS UNIQUE", "type: 's'", "`constraints-added`: 1"},
  };
  for (const Case& k : cases) {
    CAPTURE(std::string(k.query));
    const auto text = summary(c, k.query);
    CAPTURE(text);
    CHECK(has(text, k.type));
    CHECK(has(text, "t_last: "));
    if (*k.stats) {
      CHECK(has(text, k.stats));
    } else {
      CHECK_FALSE(has(text, "stats"));
    }
  }
}

TEST_CASE("plans and profiles") {
  House house;
  Conversation c(house);
  const auto plan = summary(c, "EXPLAIN MATCH (n) RETURN n");
  CHECK(has(plan, "plan: {operatorType: 'ProduceResults'"));
  CHECK(has(plan, "children: [{operatorType: 'AllNodesScan'"));
  CHECK_FALSE(has(plan, "dbHits"));
  const auto profile = summary(c, "PROFILE MATCH (n) RETURN n");
  CHECK(has(profile, "profile: {operatorType: 'ProduceResults'"));
  CHECK(has(profile, "dbHits: "));
  CHECK_FALSE(has(summary(c, "MATCH (n) RETURN n"), "plan"));
}

TEST_CASE("notifications, filtered, in the form of the version") {
  House house;
  Conversation c(house);
  const auto warned = summary(c, "MATCH (n:Nope) RETURN n");
  CHECK(has(warned, "notifications: [{code: 'Neo.ClientNotification.Statement.UnknownLabelWarning'"));
  CHECK(has(warned, "position: {offset: 9, line: 1, column: 10}"));
  c.run("MATCH (n:Nope) RETURN n", "{}", "{notifications_minimum_severity: 'OFF'}");
  CHECK_FALSE(has(c.pull(), "notifications"));
  c.run("MATCH (n:Nope) RETURN n", "{}", "{notifications_disabled_categories: ['UNRECOGNIZED']}");
  CHECK_FALSE(has(c.pull(), "notifications"));

  Conversation newer(house, {5, 6});
  const auto statuses = summary(newer, "MATCH (n:Nope) RETURN n");
  CHECK(has(statuses, "statuses: [{gql_status: '02000'"));
  CHECK(has(statuses, "neo4j_code: 'Neo.ClientNotification.Statement.UnknownLabelWarning'"));
  CHECK(has(summary(newer, "RETURN 1 AS x"), "statuses: [{gql_status: '00000'"));
  CHECK(has(summary(newer, "CREATE ()"), "statuses: [{gql_status: '00001'"));
}

TEST_CASE("every version from 4.3 on answers a query") {
  for (const auto version : {protocol::Version{4, 3}, protocol::Version{4, 4}, protocol::Version{5, 0}, protocol::Version{5, 1},
                             protocol::Version{5, 4}, protocol::Version{5, 6}, protocol::Version{5, 8}}) {
    CAPTURE(int{version.major});
    CAPTURE(int{version.minor});
    House house;
    Conversation c(house, version);
    c.run("RETURN 1 AS x");
    CHECK(has(c.pull(), "RECORD [1]; SUCCESS {bookmark: "));
  }
}
