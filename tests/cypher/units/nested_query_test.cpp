#include "cypher/exec/run/nested_query.hpp"

#include <doctest/doctest.h>

#include "cypher/error.hpp"
#include "tests/cypher/runner/database.hpp"

using namespace packhouse;
using cypher::ExecContext;
using cypher::NestedQuery;
using cypher::ProcedureMode;

namespace {

/// test.run(text, parameters) YIELD value: the first column of a query given as text, at the pace of who asks.
class NestedRows final : public cypher::ProcedureRows {
 public:
  NestedRows(ExecContext& c, std::span<const Value> a, bool may_write)
      : query_(c, a[0].as_string(), a[1], {.may_write = may_write}) {}

  bool next(ExecContext&, Arena& arena, std::span<Value> row) override {
    paused_ = false;
    while (at_ == size_) {
      const auto state = query_.advance();
      paused_ = state == NestedQuery::State::paused;
      if (state != NestedQuery::State::rows) return false;
      at_ = 0;
      size_ = query_.rows();
    }
    row[0] = deep_copy(query_.value(0, at_++), arena);
    return true;
  }
  bool paused() const override { return paused_; }

 private:
  NestedQuery query_;
  bool paused_ = false;
  cypher::RowIndex at_ = 0, size_ = 0;
};

void add(tests::Database& database, const char* name, ProcedureMode mode, bool may_write) {
  database.engine().procedures().add(
      {.name = name,
       .description = "",
       .mode = mode,
       .arguments = {{"text", cypher::Type::string}, {"parameters", cypher::Type::map}},
       .columns = {{"value", cypher::Type::any}},
       .open = [may_write](ExecContext& c, std::span<const Value> a) -> std::unique_ptr<cypher::ProcedureRows> {
         return std::make_unique<NestedRows>(c, a, may_write);
       }});
}

struct WithProcedures : tests::Database {
  WithProcedures() {
    add(*this, "test.run", ProcedureMode::read, false);
    add(*this, "test.doIt", ProcedureMode::write, true);
    add(*this, "test.disguised", ProcedureMode::read, true);
  }
};

std::string first(const Result<tests::Outcome>& outcome) {
  REQUIRE_MESSAGE(outcome.has_value(), outcome.error().message());
  return outcome->rows.at(0).at(0);
}

}  // namespace

TEST_CASE("a query inside a procedure has its own parameters and streams") {
  WithProcedures database;
  CHECK(first(database.run("CALL test.run('RETURN $a + $b AS x', {a: 1, b: $b}) YIELD value RETURN value", {{"b", "2"}})) == "3");
  // Far more rows than a batch, and work without rows that has to be done in slices.
  CHECK(first(database.run("CALL test.run('UNWIND range(1, 100000) AS x RETURN x', {}) YIELD value RETURN sum(value)")) == "5000050000");
  CHECK(first(database.run("CALL test.run('UNWIND range(1, 300000) AS x WITH x WHERE x < 0 RETURN x', {}) YIELD value RETURN count(*)")) == "0");
  CHECK(database.slices() > 2);
}

TEST_CASE("what it writes belongs to the statement") {
  WithProcedures database;
  const auto made = database.run("CALL test.doIt('UNWIND range(1, 3) AS i CREATE (n:N {i: i}) RETURN n.i', {}) YIELD value RETURN sum(value)");
  CHECK(first(made) == "6");
  CHECK(made->counts.nodes_created == 3);
  // All its effects before the first row, whatever becomes of the rows.
  CHECK(first(database.run("CALL test.doIt('UNWIND range(1, 5000) AS i CREATE (n:Many) RETURN i', {}) YIELD value RETURN value LIMIT 1")) == "1");
  CHECK(first(database.run("MATCH (n:Many) RETURN count(n)")) == "5000");
  // A statement that fails takes it back.
  CHECK_FALSE(database.run("CALL test.doIt('CREATE (n:Gone) RETURN 0', {}) YIELD value RETURN 1 / value").has_value());
  CHECK(first(database.run("MATCH (n:Gone) RETURN count(n)")) == "0");
  CHECK(first(database.run("CREATE (:Seen) WITH 1 AS x CALL test.run('MATCH (n:Seen) RETURN count(n)', {}) YIELD value RETURN value")) == "1");
}

TEST_CASE("what a query given as text may not do") {
  WithProcedures database;
  const std::string deep = "CALL test.run($text, {text: $text}) YIELD value RETURN value";
  struct Case {
    const char *procedure, *text;
    Status status;
    const char* words;
  };
  const Case cases[] = {
      {"run", "CREATE (n) RETURN n", Status::access_mode, "here it may only read"},
      {"disguised", "CREATE (n) RETURN n", Status::access_mode, "Writing in read access mode not allowed"},
      {"run", "MATCH (n) RETRUN n", Status::syntax_error, "line 1, column 11 ("},
      {"run", "RETURN $missing", Status::parameter_missing, "Expected parameter(s): missing"},
      {"run", "EXPLAIN MATCH (n) RETURN n", Status::argument_error, "EXPLAIN"},
      {"run", "USE elsewhere MATCH (n) RETURN n", Status::database_not_found, "elsewhere"},
      {"doIt", "CREATE INDEX FOR (n:A) ON (n.x)", Status::argument_error, "this is a command"},
      {"doIt", "UNWIND [1] AS x CALL (x) { CREATE (n) } IN TRANSACTIONS RETURN x", Status::transaction_start_failed, "in an implicit transaction"},
      {"doIt", "CALL tdtp.import('tdtp/users.tdtp.xml', {batch: 1}) YIELD rows RETURN rows", Status::argument_error, "commits as it goes"},
      {"doIt", "CALL packos.schema.drop('X')", Status::forbidden, "only read and write data"},
      {"run", "RETURN 1 / 0", Status::arithmetic_error, "/ by zero"},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string(c.text));
    const auto outcome = database.run(std::string("CALL test.") + c.procedure + "($text, {}) YIELD value RETURN value",
                                      {{"text", "\"" + std::string(c.text) + "\""}});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(static_cast<int>(outcome.error().status()) == static_cast<int>(c.status));
    CHECK_MESSAGE(outcome.error().message().find(c.words) != std::string::npos, outcome.error().message());
  }
  const auto outcome = database.run(deep, {{"text", "'" + deep + "'"}});
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().message().find("more than 8 queries given as text are inside each other") != std::string::npos);
}

TEST_CASE("memory that it keeps is the caller's") {
  WithProcedures database;
  const auto tx = database.store().begin(storage::AccessMode::read);
  REQUIRE(tx.has_value());
  cypher::RunOptions options;
  options.memory_limit = std::size_t{1} << 20;
  auto run = database.engine().run(**tx, "CALL test.run('UNWIND range(1, 100000) AS x RETURN collect(x)', {}) YIELD value RETURN size(value)",
                                   Value(), options);
  REQUIRE(run.has_value());
  auto state = (*run)->advance();
  while (state && *state == cypher::Run::State::yield) state = (*run)->advance();
  REQUIRE_FALSE(state.has_value());
  CHECK(state.error().status() == Status::out_of_memory);
}
