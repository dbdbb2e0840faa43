#include <doctest/doctest.h>
#include <pthread.h>

#include <functional>
#include <string>

#include "tests/cypher/runner/database.hpp"

using namespace packhouse;

namespace {

std::string repeat(std::string_view text, int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += text;
  return out;
}

/// What a worker thread has. The sanitizers' frames are several times as large as ours.
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t stack_bytes = std::size_t{64} << 20;
#else
constexpr std::size_t stack_bytes = std::size_t{8} << 20;
#endif

void on_worker_stack(std::function<void()> work) {
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, stack_bytes) == 0);
  pthread_t thread{};
  const auto run = [](void* w) -> void* {
    (*static_cast<std::function<void()>*>(w))();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, run, &work) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

/// The one value that a statement gives, or the code of its error.
std::string answer(tests::Database& database, const std::string& text) {
  std::string answer;
  on_worker_stack([&] {
    const auto outcome = database.run(text);
    answer = !outcome ? std::string(outcome.error().code()) : outcome->rows.empty() ? "no rows" : outcome->rows[0][0];
  });
  return answer;
}

constexpr const char* syntax = "Neo.ClientError.Statement.SyntaxError";

}  // namespace

TEST_CASE("deep and wide statements give an answer or an error") {
  tests::Database database;
  struct Case {
    const char* what;
    std::string text;
    std::string expected;
  };
  const Case cases[] = {
      {"500 brackets", "RETURN " + repeat("(", 500) + "1" + repeat(")", 500) + " AS x", "1"},
      {"10,000 brackets", "RETURN " + repeat("(", 10'000) + "1" + repeat(")", 10'000) + " AS x", syntax},
      {"a million brackets", "RETURN " + repeat("(", 1'000'000), syntax},
      {"10,000 lists in lists", "RETURN " + repeat("[", 10'000) + repeat("]", 10'000) + " AS x", syntax},
      {"10,000 maps in maps", "RETURN " + repeat("{a:", 10'000) + "1" + repeat("}", 10'000) + " AS x", syntax},
      {"10,000 calls in calls", "RETURN " + repeat("abs(", 10'000) + "1" + repeat(")", 10'000) + " AS x", syntax},
      {"10,000 CASE in CASE", "RETURN " + repeat("CASE WHEN true THEN ", 10'000) + "1" + repeat(" END", 10'000) + " AS x", syntax},
      {"10,000 comprehensions", "RETURN " + repeat("[x IN ", 10'000) + "[]" + repeat("]", 10'000) + " AS x", syntax},
      {"1,000 subqueries", repeat("CALL { ", 1000) + "RETURN 1 AS x" + repeat(" } RETURN x", 1000), syntax},
      {"1,000 EXISTS", "MATCH (n) WHERE " + repeat("EXISTS { MATCH (n) WHERE ", 1000) + "true" + repeat(" }", 1000) + " RETURN n", syntax},
      {"1,000 FOREACH", repeat("FOREACH (x IN [1] | ", 1000) + "CREATE ()" + repeat(")", 1000), syntax},
      {"5,000 terms", "RETURN 1" + repeat(" + 1", 4999) + " AS x", "5000"},
      {"5,000 factors in the other direction", "RETURN " + repeat("1 * (", 500) + "2" + repeat(")", 500) + " AS x", "2"},
      {"100,000 terms", "RETURN 1" + repeat(" + 1", 100'000) + " AS x", syntax},
      {"5,000 ANDs", "RETURN true" + repeat(" AND true", 4999) + " AS x", "true"},
      {"5,000 comparisons in a chain", "RETURN 1" + repeat(" <= 1", 4999) + " AS x", "true"},
      {"5,000 NOTs", "RETURN " + repeat("NOT ", 5000) + "true AS x", "true"},
      {"100,000 NOTs", "RETURN " + repeat("NOT ", 100'000) + "true AS x", syntax},
      {"100,000 minuses", "RETURN " + repeat("-", 100'000) + "1 AS x", syntax},
      {"4,000 properties of properties", "WITH null AS a RETURN a" + repeat(".b", 4000) + " AS x", "null"},
      {"a million literals", "RETURN size([1" + repeat(",1", 999'999) + "]) AS x", "1000000"},
      {"100,000 entries of a map", "RETURN size(keys({a: 1" + repeat(", a: 1", 99'999) + "})) AS x", "1"},
      {"1,000 clauses", repeat("WITH 1 AS x ", 1000) + "RETURN x", "1"},
      {"500 UNION ALL", "RETURN 1 AS x" + repeat(" UNION ALL RETURN 1 AS x", 499), "1"},
      {"a text of a million characters", "RETURN size('" + repeat("a", 1'000'000) + "') AS x", "1000000"},
      {"1,000 columns", "RETURN 1 AS c0" + [] {
         std::string more;
         for (int i = 1; i < 1000; ++i) more += ", 1 AS c" + std::to_string(i);
         return more;
       }(), "1"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    CHECK(answer(database, c.text) == c.expected);
  }
}

TEST_CASE("queries given as text share the stack of those around them") {
  tests::Database database;
  const auto nested = [](int outer, int inner) {
    return "RETURN size(COLLECT { CALL apoc.cypher.run('RETURN 1" + repeat(" + 1", inner) +
           " AS x', null) YIELD value RETURN value })" + repeat(" + 1", outer) + " AS x";
  };
  CHECK(answer(database, nested(100, 4999)) == "101");
  CHECK(answer(database, nested(4999, 100)) == "5000");
  CHECK(answer(database, nested(4999, 4999)).starts_with("Neo.ClientError."));
}

TEST_CASE("long names and long patterns") {
  tests::Database database;
  const std::string name(60'000, 'x');
  CHECK(answer(database, "WITH 1 AS " + name + " RETURN " + name) == "1");
  CHECK(answer(database, "CREATE (a)" + repeat("-[:T]->()", 300) + " RETURN 1 AS x") == "1");
  CHECK(answer(database, "MATCH ()" + repeat("-[:T]->()", 300) + " RETURN count(*) AS x") == "1");
  CHECK(answer(database, "MATCH p = (a)-[:T*300]->() RETURN length(p) AS x") == "300");
  CHECK(answer(database, "CREATE (n" + repeat(":A", 1000) + ") RETURN size(labels(n)) AS x") == "1");
}
