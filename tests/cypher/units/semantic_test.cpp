#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "cypher/semantic/analyse.hpp"
#include "cypher/syntax/parser.hpp"

using namespace packhouse;
using namespace packhouse::cypher;

namespace {

Result<ast::Statement> analysed(std::string_view text) {
  static const ProcedureRegistry* const procedures = [] {
    auto* r = new ProcedureRegistry;
    add_builtin_procedures(*r);
    return r;
  }();
  PACKHOUSE_TRY(auto statement, parse(text));
  PACKHOUSE_CHECK(analyse(statement, {FunctionRegistry::instance(), procedures}));
  return statement;
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& i : items) out += (out.empty() ? "" : ",") + i;
  return out;
}

}  // namespace

TEST_CASE("columns, parameters and effects of a statement") {
  struct Case {
    const char* text;
    const char* columns;
    const char* parameters;
    bool writes;
  };
  const Case cases[] = {
      {"RETURN 1 AS x", "x", "", false},
      {"RETURN 1 + 1,  $a", "1 + 1,$a", "a", false},
      {"MATCH (b)-[a]->(c) RETURN *", "a,b,c", "", false},
      {"MATCH (n) WHERE n.x = $y AND n.z = $y RETURN n.x ORDER BY $a", "n.x", "y,a", false},
      {"CREATE (n)", "", "", true},
      {"CREATE (n) RETURN n", "n", "", true},
      {"MATCH (n) CALL { WITH n SET n.x = 1 } RETURN n", "n", "", true},
      {"FOREACH (x IN [] | CREATE ())", "", "", true},
      {"CALL db.labels()", "label", "", false},
      {"SHOW INDEXES YIELD name, type", "name,type", "", false},
      {"RETURN 1 AS a UNION RETURN 2 AS a", "a", "", false},
      {"MATCH (n) RETURN count(*) AS c, n {.x, y: $m}", "c,n", "m", false},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string(c.text));
    const auto s = analysed(c.text);
    REQUIRE_MESSAGE(s.has_value(), (s ? std::string() : s.error().message()));
    CHECK(joined(s->columns) == c.columns);
    CHECK(joined(s->parameters) == c.parameters);
    CHECK(s->writes == c.writes);
    CHECK(s->column_slots.size() == s->columns.size());
    for (const auto slot : s->column_slots) CHECK(slot < s->slots.size());
  }
}

TEST_CASE("errors of scope and type") {
  struct Case {
    const char* text;
    Status status;
    const char* words;
  };
  constexpr Status syntax = Status::syntax_error;
  const Case cases[] = {
      {"RETURN x", syntax, "Variable `x` not defined"},
      {"MATCH (a) WITH 1 AS b RETURN a", syntax, "Variable `a` not defined"},
      {"MATCH (a) RETURN [b IN [1] WHERE b = c | a]", syntax, "Variable `c` not defined"},
      {"MATCH (a) WHERE EXISTS { (a)-->(b) } RETURN b", syntax, "Variable `b` not defined"},
      {"MATCH (a) CALL { WITH a RETURN 1 AS b } RETURN c", syntax, "Variable `c` not defined"},
      {"MATCH (a) CALL (x) { RETURN 1 AS b } RETURN b", syntax, "`x`"},
      {"CREATE (a {x: a.y})", syntax, "`a`"},
      {"WITH 1 AS a MATCH (a) RETURN a", syntax, "Type mismatch"},
      {"MATCH (a) MATCH ()-[a]-() RETURN a", syntax, "Type mismatch"},
      {"MATCH p = (a)-->(p) RETURN p", syntax, "p"},
      {"MATCH (a)-[r]->(b)-[r]->(c) RETURN r", syntax, "r"},
      {"MATCH (a) CREATE (a:L)", syntax, "already declared"},
      {"UNWIND [1] AS a UNWIND [2] AS a RETURN a", syntax, "already declared"},
      {"RETURN 1 AS a, 2 AS a", syntax, "same name"},
      {"WITH 1 RETURN 2", syntax, "aliased"},
      {"RETURN 1 AS a UNION RETURN 2 AS b", syntax, "UNION"},
      {"RETURN sum(count(*))", syntax, "aggreg"},
      {"MATCH (n) WHERE sum(n.x) > 1 RETURN n", syntax, "aggreg"},
      {"RETURN foo(1)", syntax, "Unknown function 'foo'"},
      {"RETURN abs()", syntax, "parameters"},
      {"RETURN abs(1, 2)", syntax, "parameters"},
      {"RETURN abs('x')", syntax, "Type mismatch"},
      {"RETURN 1 AND true", syntax, "Type mismatch"},
      {"RETURN 'a' - 1", syntax, "Type mismatch"},
      {"RETURN size(1)", syntax, "Type mismatch"},
      {"MATCH (n) RETURN type(n)", syntax, "Type mismatch"},
      {"MATCH ()-[r]->() RETURN labels(r)", syntax, "Type mismatch"},
      {"MATCH (n) DELETE 1 + 1", syntax, "Type mismatch"},
      {"MATCH (n) RETURN n LIMIT n.x", syntax, "LIMIT"},
      {"RETURN 1 LIMIT -1", syntax, "LIMIT"},
      {"CALL db.nothing()", Status::procedure_not_found, "db.nothing"},
      {"CALL db.labels() YIELD nope RETURN nope", syntax, "nope"},
      {"CREATE (a)-[:T*2]->(b)", syntax, ""},
      {"CREATE (a)-[:T]-(b)", syntax, "irected"},
      {"MERGE (a)-[r:S|T]->(b)", syntax, "type"},
      {"MATCH (n $p) RETURN n", syntax, ""},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string(c.text));
    const auto s = analysed(c.text);
    REQUIRE_FALSE(s.has_value());
    CAPTURE(s.error().message());
    CHECK(code(s.error().status()) == code(c.status));
    CHECK(s.error().message().find(c.words) != std::string::npos);
    CHECK(s.error().position().has_value());
  }
}

TEST_CASE("statements that look wrong but are right") {
  const char* const cases[] = {
      "WITH 1 AS a WITH a AS b, a + 1 AS a RETURN a, b",
      "MATCH (a) RETURN [a IN [1] | a] AS l, a",
      "MATCH (a) WITH a.x AS a RETURN a",
      "MATCH (n) RETURN n.x AS x, count(*) AS c ORDER BY n.x, c",
      "MATCH (n) RETURN DISTINCT n.x AS x ORDER BY n.x",
      "MATCH (n) WITH n, count(*) AS c RETURN n.x + c",
      "MATCH (n) RETURN n.x AS a, count(*) + n.x AS b",
      "WITH null AS n MATCH (n) RETURN n",
      "MATCH (a), (a)-->(b), (b)-->(a) RETURN a",
      "MATCH (n) CALL { MATCH (n) RETURN count(n) AS c } RETURN c",
      "UNWIND $rows AS row MERGE (n {id: row.id}) SET n += row.props",
      "RETURN 1 + null, null AND true, abs(null), size(null)",
      "RETURN $p AND true, $p + 1, size($p)",
      "MATCH (all:all) WHERE all.any = 1 RETURN all.none AS single",
      "RETURN count(*) AS count",
  };
  for (const char* text : cases) {
    CAPTURE(std::string(text));
    const auto s = analysed(text);
    CHECK_MESSAGE(s.has_value(), (s ? std::string() : s.error().message()));
  }
}

TEST_CASE("the registry of functions is in order, and each function says what it is") {
  const auto& all = FunctionRegistry::instance().all();
  CHECK(all.size() > 100);
  CHECK(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const Function& f : all) {
    CAPTURE(f.display);
    CHECK(FunctionRegistry::instance().find(f.display) == &f);
    CHECK_FALSE(f.description.empty());
    CHECK_FALSE(f.category.empty());
    CHECK((f.call != nullptr) != (f.aggregate != nullptr));
    CHECK(f.required <= f.arguments.size());
  }
}
