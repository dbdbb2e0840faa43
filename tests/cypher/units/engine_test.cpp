#include <doctest/doctest.h>

#include <string>

#include "tests/cypher/runner/database.hpp"

using namespace packhouse;
using cypher::Run;
using cypher::StatementType;
using Reason = cypher::StopSignal::Reason;

TEST_CASE("the type of a statement") {
  tests::Database database;
  const std::pair<const char*, StatementType> cases[] = {
      {"RETURN 1", StatementType::read},
      {"MATCH (n) RETURN n", StatementType::read},
      {"CREATE (n)", StatementType::write},
      {"MATCH (n) SET n.x = 1", StatementType::write},
      {"CREATE (n) RETURN n", StatementType::read_write},
      {"CREATE INDEX FOR (n:A) ON (n.x)", StatementType::schema},
      {"DROP CONSTRAINT x IF EXISTS", StatementType::schema},
      {"SHOW INDEXES YIELD name RETURN name", StatementType::read},
      {"MATCH (n) CALL db.labels() YIELD label RETURN label", StatementType::read},
  };
  for (const auto& [text, type] : cases) {
    CAPTURE(std::string(text));
    const auto found = database.engine().type_of(text);
    REQUIRE(found.has_value());
    CHECK(static_cast<int>(*found) == static_cast<int>(type));
  }
  CHECK(database.engine().type_of("RETRUN 1").error().status() == Status::syntax_error);
}

TEST_CASE("a reading transaction takes no writing statement") {
  tests::Database database;
  const auto tx = database.store().begin(storage::AccessMode::read);
  REQUIRE(tx.has_value());
  for (const char* text : {"CREATE (n)", "MATCH (n) DELETE n", "MERGE (n)", "CREATE INDEX FOR (n:A) ON (n.x)"}) {
    CAPTURE(std::string(text));
    const auto outcome = database.run(**tx, text);
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().status() == Status::access_mode);
  }
  CHECK(database.run(**tx, "MATCH (n) RETURN n").has_value());
}

TEST_CASE("long work comes in slices and can be stopped between them") {
  const char* const endless[] = {
      "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y RETURN count(*)",
      "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y WITH x, y WHERE x < 0 RETURN x",
      "MATCH (a), (b), (c), (d) RETURN max(a.x + b.x + c.x + d.x)",
      "MATCH p = (:N {x: 1})-[*]-(m) WHERE m.x < 0 RETURN p",
      "UNWIND range(1, 100000) AS x CALL { UNWIND range(1, 100000) AS y RETURN count(*) AS n } RETURN sum(n)",
      "MATCH (a), (b), (c) WHERE NOT EXISTS { MATCH (d), (e) WHERE d.x + e.x < 0 } RETURN count(*)",
  };
  const std::pair<Reason, Status> reasons[] = {{Reason::terminated, Status::terminated}, {Reason::reset, Status::terminated},
                                               {Reason::timeout, Status::timed_out}};
  tests::Database database;
  REQUIRE(database.run("UNWIND range(1, 60) AS x CREATE (:N {x: x})").has_value());
  REQUIRE(database.run("MATCH (a:N), (b:N) WHERE a.x < b.x AND b.x < a.x + 6 CREATE (a)-[:T]->(b)").has_value());
  for (const char* text : endless) {
    for (const auto& [reason, status] : reasons) {
      CAPTURE(std::string(text));
      const auto tx = database.store().begin(storage::AccessMode::read);
      REQUIRE(tx.has_value());
      const auto run = database.engine().run(**tx, text, Value());
      REQUIRE_MESSAGE(run.has_value(), (run ? std::string() : run.error().message()));
      for (int slice = 0; slice < 3; ++slice) {
        const auto state = (*run)->advance();
        REQUIRE(state.has_value());
        CHECK(*state == Run::State::yield);
      }
      (*run)->stop_signal().stop(reason);
      const auto end = (*run)->advance();
      REQUIRE_FALSE(end.has_value());
      CHECK(end.error().status() == status);
    }
  }
}

TEST_CASE("a query that wants too much memory fails by itself") {
  const char* const greedy[] = {
      "UNWIND range(1, 10000000) AS x RETURN collect(x)",
      "RETURN range(1, 100000000)",
      "UNWIND range(1, 10000000) AS x WITH x ORDER BY x DESC RETURN x",
      "UNWIND range(1, 10000000) AS x RETURN DISTINCT x",
      "UNWIND range(1, 10000000) AS x RETURN x, count(*)",
      "RETURN size(reduce(s = 'x', i IN range(1, 60) | s + s))",
      "RETURN size(reduce(l = [1], i IN range(1, 60) | l + l))",
      "UNWIND range(1, 1000) AS x RETURN size(range(x, 100000))",
      "RETURN size([x IN range(1, 400000) | [x, x, x]])",
  };
  tests::Database database;
  for (const char* text : greedy) {
    CAPTURE(std::string(text));
    const auto tx = database.store().begin(storage::AccessMode::write);
    REQUIRE(tx.has_value());
    cypher::RunOptions options;
    options.memory_limit = std::size_t{16} << 20;
    const auto run = database.engine().run(**tx, text, Value(), options);
    REQUIRE_MESSAGE(run.has_value(), (run ? std::string() : run.error().message()));
    Result<Run::State> state = Run::State::yield;
    std::size_t rows = 0;
    while (state && *state != Run::State::done) {
      state = (*run)->advance();
      if (state && *state == Run::State::rows) rows += (*run)->batch().size();
    }
    CAPTURE(rows);
    REQUIRE_FALSE(state.has_value());
    CHECK(code(state.error().status()) == code(Status::out_of_memory));
    CHECK(state.error().retryable());
  }
  CHECK(database.run("RETURN 1 AS x").has_value());
}

TEST_CASE("changes beyond the limit end the statement that makes them, and leave no trace") {
  const char* greedy[] = {
      "UNWIND range(1, 10000000) AS x CREATE (:Huge {x: x})",
      "UNWIND range(1, 10000000) AS x MATCH (n:Here) CREATE (n)-[:T]->(n)",
      "UNWIND range(1, 10000000) AS x MATCH (n:Here) SET n.list = range(x, x + 1000)",
      "UNWIND range(1, 10000000) AS x MERGE (:Huge {x: x})",
  };
  tests::Database database;
  REQUIRE(database.run("CREATE (:Here)").has_value());
  for (const char* text : greedy) {
    CAPTURE(std::string(text));
    const auto tx = database.store().begin(storage::AccessMode::write);
    REQUIRE(tx.has_value());
    (*tx)->limit_changes(std::size_t{256} << 10);
    const auto run = database.engine().run(**tx, text, Value(), {});
    REQUIRE(run.has_value());
    Result<Run::State> state = Run::State::yield;
    while (state && *state != Run::State::done) state = (*run)->advance();
    REQUIRE_FALSE(state.has_value());
    CHECK(code(state.error().status()) == code(Status::out_of_memory));
    CHECK((*tx)->node_count() == 1);
    CHECK((*tx)->relationship_count() == 0);
  }
}

TEST_CASE("notifications tell what looks like a slip") {
  tests::Database database;
  REQUIRE(database.run("CREATE (:Here {x: 1})-[:T]->(:Here)").has_value());
  const std::pair<const char*, const char*> cases[] = {
      {"MATCH (n:Nowhere) RETURN n", "Neo.ClientNotification.Statement.UnknownLabelWarning"},
      {"MATCH (n:Here) MATCH (m) WHERE n:Nowhere RETURN m", "Neo.ClientNotification.Statement.UnknownLabelWarning"},
      {"MATCH ()-[:NO]->() RETURN 1", "Neo.ClientNotification.Statement.UnknownRelationshipTypeWarning"},
      {"MATCH (n:Here) RETURN n.nothing", "Neo.ClientNotification.Statement.UnknownPropertyKeyWarning"},
      {"MATCH (a:Here), (b:Here) RETURN 1", "Neo.ClientNotification.Statement.CartesianProduct"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(std::string(text));
    const auto outcome = database.run(std::string("EXPLAIN ") + text);
    REQUIRE(outcome.has_value());
    REQUIRE(outcome->notifications.size() == 1);
    CHECK(outcome->notifications[0].code == expected);
    CHECK(outcome->notifications[0].position.has_value());
  }
  CHECK(database.run("MATCH (n:Here) RETURN n.x")->notifications.empty());
}
