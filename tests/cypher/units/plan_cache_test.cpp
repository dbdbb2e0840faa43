#include <doctest/doctest.h>

#include <string>

#include "tests/cypher/runner/database.hpp"

using namespace packhouse;

namespace {

/// The plan of a statement that was really run.
std::string plan(tests::Database& database, const std::string& text) {
  const auto outcome = database.run("PROFILE " + text);
  REQUIRE_MESSAGE(outcome.has_value(), (outcome ? std::string() : outcome.error().message()));
  return outcome->plan_table;
}

bool has(const std::string& table, const char* word) { return table.find(word) != std::string::npos; }

}  // namespace

TEST_CASE("cached plans follow the schema") {
  tests::Database database;
  REQUIRE(database.run("UNWIND range(1, 2000) AS i CREATE (:P {id: i})").has_value());
  const std::string text = "MATCH (p:P {id: 7}) RETURN p.id AS id";
  CHECK(has(plan(database, text), "NodeByLabelScan"));
  REQUIRE(database.run("CREATE INDEX i FOR (p:P) ON (p.id)").has_value());
  CHECK(has(plan(database, text), "NodeIndexSeek"));
  CHECK(database.run(text)->rows.size() == 1);
  REQUIRE(database.run("DROP INDEX i").has_value());
  CHECK(has(plan(database, text), "NodeByLabelScan"));
  CHECK(database.run(text)->rows.size() == 1);
}

TEST_CASE("cached plans follow the size of the graph") {
  tests::Database database;
  REQUIRE(database.run("CREATE (:Small)-[:T]->(:Large)").has_value());
  const std::string text = "MATCH (a:Small)-[:T]->(b:Large) RETURN count(*) AS n";
  CHECK(database.run(text)->rows[0][0] == "1");
  REQUIRE(database.run("UNWIND range(1, 5000) AS i CREATE (:Large)").has_value());
  CHECK(has(plan(database, text), "a:Small"));
  REQUIRE(database.run("MATCH (a:Large) DETACH DELETE a").has_value());
  REQUIRE(database.run("UNWIND range(1, 50000) AS i CREATE (:Small)").has_value());
  REQUIRE(database.run("CREATE (:Small)-[:T]->(:Large)").has_value());
  CHECK_FALSE(has(plan(database, text), "NodeByLabelScan  | a:Small"));
  CHECK(database.run(text)->rows[0][0] == "1");
}

TEST_CASE("a label that did not exist when the plan was made is found later") {
  tests::Database database;
  for (const char* text : {"MATCH (n:New) RETURN count(n) AS n", "MATCH ()-[r:NEW]->() RETURN count(r) AS n",
                           "MATCH (n) WHERE n.fresh = 1 RETURN count(n) AS n"}) {
    CAPTURE(text);
    CHECK(database.run(text)->rows[0][0] == "0");
  }
  REQUIRE(database.run("CREATE (:New {fresh: 1})-[:NEW]->()").has_value());
  for (const char* text : {"MATCH (n:New) RETURN count(n) AS n", "MATCH ()-[r:NEW]->() RETURN count(r) AS n",
                           "MATCH (n) WHERE n.fresh = 1 RETURN count(n) AS n"}) {
    CAPTURE(text);
    CHECK(database.run(text)->rows[0][0] == "1");
  }
}

TEST_CASE("one text with many parameters, many texts with one meaning") {
  tests::Database database;
  REQUIRE(database.run("UNWIND range(1, 100) AS i CREATE (:P {id: i})").has_value());
  for (int i = 1; i <= 100; ++i) {
    CHECK(database.run("MATCH (p:P {id: $i}) RETURN p.id AS x", {{"i", std::to_string(i)}})->rows[0][0] == std::to_string(i));
  }
  for (int i = 1; i <= 2000; ++i) {  // more than a cache holds
    const std::string n = std::to_string(i);
    CHECK(database.run("RETURN " + n + " AS x")->rows[0][0] == n);
  }
}
