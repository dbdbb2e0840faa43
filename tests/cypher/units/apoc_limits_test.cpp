#include <doctest/doctest.h>

#include <string>

#include "cypher/activity.hpp"
#include "tests/cypher/runner/database.hpp"

using namespace packhouse;
using cypher::Run;

namespace {

/// A server of which only the right to make names matters.
class Rights final : public cypher::Activity {
 public:
  explicit Rights(bool may) : may_(may) {}
  std::vector<cypher::ConnectionFacts> connections() const override { return {}; }
  std::vector<cypher::TransactionFacts> transactions(Arena&, const std::function<void()>&) const override { return {}; }
  cypher::EndOutcome terminate(std::string_view) override { return {}; }
  std::uint64_t next_number() override { return 1; }
  cypher::EndOutcome close_connection(std::string_view) override { return {}; }
  Value metadata() const override { return Value::map({}); }
  void set_metadata(const Value&) override {}
  bool may_make_names() const override { return may_; }

 private:
  bool may_;
};

/// The number of rows, or the error.
Result<std::size_t> rows_of(tests::Database& database, std::string_view text, const cypher::RunOptions& options) {
  PACKHOUSE_TRY(const auto tx, database.store().begin(storage::AccessMode::read));
  PACKHOUSE_TRY(const auto run, database.engine().run(*tx, text, Value(), options));
  for (std::size_t rows = 0;;) {
    PACKHOUSE_TRY(const auto state, run->advance());
    if (state == Run::State::done) return rows;
    if (state == Run::State::rows) rows += run->batch().size();
  }
}

}  // namespace

TEST_CASE("virtual nodes and relationships bring new names only where they may") {
  tests::Database database;
  REQUIRE(database.run("CREATE (:Known {k: 1})-[:KNOWN]->(:Known)").has_value());
  const char* const fresh[] = {
      "RETURN apoc.create.vNode(['New'])",
      "RETURN apoc.create.vNode(['Known'], {fresh: 1})",
      "MATCH (n:Known)-->(m) RETURN apoc.create.vRelationship(n, 'FRESH', {}, m)",
      "CALL apoc.create.vNode(['New'], {}) YIELD node RETURN node",
      "CALL apoc.create.vNode(['Known'], {fresh: 1}) YIELD node RETURN node",
      "MATCH (n:Known)-->(m) CALL apoc.create.vRelationship(n, 'FRESH', {}, m) YIELD rel RETURN rel",
  };
  const char* const known[] = {
      "RETURN apoc.create.vNode(['Known'], {k: 2})",
      "MATCH (n:Known)-->(m) CALL apoc.create.vRelationship(n, 'KNOWN', {k: 3}, m) YIELD rel RETURN rel",
  };
  Rights reader(false), writer(true);
  cypher::RunOptions options;
  options.activity = &reader;
  for (const char* text : fresh) {
    CAPTURE(std::string(text));
    const auto refused = rows_of(database, text, options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(code(refused.error().status()) == code(Status::access_mode));
  }
  CHECK_FALSE(database.store().find_label("New").has_value());
  CHECK_FALSE(database.store().find_key("fresh").has_value());
  CHECK_FALSE(database.store().find_type("FRESH").has_value());
  for (const char* text : known) {
    CAPTURE(std::string(text));
    CHECK(rows_of(database, text, options).value_or(0) == 1);
  }
  options.activity = &writer;
  for (const char* text : fresh) {
    CAPTURE(std::string(text));
    CHECK(rows_of(database, text, options).value_or(0) == 1);
  }
  CHECK(database.store().find_label("New").has_value());
}

TEST_CASE("walks that end early give back what they kept") {
  tests::Database database;
  REQUIRE(database.run("CREATE (h:Hub) WITH h UNWIND range(1, 1000) AS i CREATE (h)-[:T]->(:Leaf)").has_value());
  cypher::RunOptions options;
  options.memory_limit = std::size_t{4} << 20;
  const auto rows = rows_of(database,
                            "MATCH (h:Hub) UNWIND range(1, 200) AS i "
                            "CALL { WITH h CALL apoc.path.expand(h, '', '', 1, 2) YIELD path RETURN path LIMIT 2 } RETURN i",
                            options);
  REQUIRE_MESSAGE(rows.has_value(), (rows ? std::string() : rows.error().message()));
  CHECK(*rows == 400);
}

TEST_CASE("values that hold the same value many times are not written out without end") {
  tests::Database database;
  cypher::RunOptions options;
  options.memory_limit = std::size_t{4} << 20;
  const char* const many[] = {
      "RETURN size(apoc.coll.flatten(reduce(l = [1], i IN range(1, 60) | [l, l]), true))",
      "RETURN size(keys(apoc.map.removeKey(reduce(m = {b: 1}, i IN range(1, 60) | {x: m, y: m}), 'z', {recursive: true})))",
      "RETURN size(keys(apoc.map.flatten(reduce(m = {b: 1}, i IN range(1, 60) | {x: m, y: m}))))",
      "RETURN size(apoc.convert.toJson(reduce(l = [1], i IN range(1, 60) | [l, l])))",
  };
  for (const char* text : many) {
    CAPTURE(std::string(text));
    const auto refused = rows_of(database, text, options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(code(refused.error().status()) == code(Status::out_of_memory));
  }
}
