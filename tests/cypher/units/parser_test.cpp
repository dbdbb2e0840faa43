#include <doctest/doctest.h>

#include <string>

#include "cypher/syntax/parser.hpp"
#include "cypher/syntax/print.hpp"

using namespace packhouse;
using namespace packhouse::cypher;

namespace {

/// The expression of "RETURN <text>", printed.
std::string printed(const std::string& text) {
  const auto statement = parse("RETURN " + text);
  if (!statement) return statement.error().message();
  const auto* query = std::get<ast::Query*>(statement->body);
  return print(*std::get<ast::Return>(query->parts[0].clauses[0].node).body.items[0].value);
}

std::string printed_path(const std::string& text) {
  const auto statement = parse("MATCH " + text + " RETURN 1");
  if (!statement) return statement.error().message();
  const auto* query = std::get<ast::Query*>(statement->body);
  return print(std::get<ast::Match>(query->parts[0].clauses[0].node).paths[0]);
}

}  // namespace

TEST_CASE("expressions are printed as they bind") {
  const std::pair<const char*, const char*> cases[] = {
      {"1+2*3", "1 + 2 * 3"},
      {"(1+2)*3", "(1 + 2) * 3"},
      {"1-(2-3)", "1 - (2 - 3)"},
      {"(1-2)-3", "1 - 2 - 3"},
      {"2^3^2", "2 ^ 3 ^ 2"},
      {"a OR b AND NOT c", "a OR b AND NOT c"},
      {"(a OR b) AND c", "(a OR b) AND c"},
      {"a xor b or c", "a XOR b OR c"},
      {"a.b.c[0]", "a.b.c[0]"},
      {"a[1..2]", "a[1..2]"},
      {"a IS  not NULL", "a IS NOT NULL"},
      {"a starts with 'x'", "a STARTS WITH \"x\""},
      {"[1,2,  3]", "[1, 2, 3]"},
      {"{a:1,`b c`:2}", "{a: 1, `b c`: 2}"},
      {"count( * )", "count(*)"},
      {"count(distinct a)", "count(DISTINCT a)"},
      {"[x in l where x>1|x*2]", "[x IN l WHERE x > 1 | x * 2]"},
      {"all(x in l where x)", "all(x IN l WHERE x)"},
      {"$p+$`a b`", "$p + $`a b`"},
      {"-a", "-a"},
      {"n:A&!B", "n:A&!B"},
      {"case a when 1 then 2 else 3 end", "CASE a WHEN 1 THEN 2 ELSE 3 END"},
      {"case when a then 2 end", "CASE WHEN a THEN 2 END"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(printed(text) == expected);
  }
}

TEST_CASE("what is printed can be parsed, and prints the same") {
  const char* const cases[] = {
      "1 + 2 * 3 - -4 ^ 2 % 3", "NOT a = b OR c <> d XOR e IN [1, 2]", "a < b <= c", "l[0].x[1..][..2]", "{a: {b: [1, null, true]}}",
      "n {.x, .*, y: 1, z}", "reduce(s = 0, x IN l | s + x)", "none(x IN l WHERE x IS NULL)", "single(x IN l WHERE x)",
      "[(a)-[:T]->(b) WHERE b.x > 1 | b.x]",
      "CASE x WHEN 1 THEN 'a' ELSE \"it's\" END", "date({year: 2020}).month", "a =~ 'x.*' AND b CONTAINS 'y'",
      "n:A|B AND r:!C", "`odd name`.`odd key` + $`odd parameter`", "'quote \\' and \\\\ and \\n'", "1.0e10 + 0.5", "coalesce(a, b, c)[0]",
  };
  for (const std::string text : cases) {
    CAPTURE(text);
    const std::string once = printed(text);
    CAPTURE(once);
    CHECK(parse("RETURN " + once).has_value());
    CHECK(printed(once) == once);
  }
}

TEST_CASE("patterns are printed and parsed back") {
  const std::pair<const char*, const char*> cases[] = {
      {"(a)", "(a)"},
      {"( a:A{x:1} )", "(a:A {x: 1})"},
      {"(a)-->(b)", "(a)-->(b)"},
      {"(a)<-[r:T]-(b)", "(a)<-[r:T]-(b)"},
      {"(a)-[:S|T*1..3]-(b)", "(a)-[:S|T*1..3]-(b)"},
      {"(a)-[*]->(b)", "(a)-[*]->(b)"},
      {"(a)-[*2]->(b)", "(a)-[*2]->(b)"},
      {"(a)-[r {w:1}]->()", "(a)-[r {w: 1}]->()"},
      {"p=(a)--(b)", "p = (a)--(b)"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(printed_path(text) == expected);
    CHECK(printed_path(printed_path(text)) == expected);
  }
}

TEST_CASE("syntax errors tell the place in code points, the line and what was expected") {
  struct Case {
    const char* text;
    Position at;
    const char* word;
  };
  const Case cases[] = {
      {"RETRUN 1", {0, 1, 1}, "RETURN"},
      {"MATCH (n)\nRETRUN n", {10, 2, 1}, "RETURN"},
      {"RETURN 'ü' + ", {13, 1, 14}, "expected"},
      {"RETURN (1", {9, 1, 10}, "')'"},
      {"RETURN [1, 2", {12, 1, 13}, "']'"},
      {"MATCH (a)-[r->(b) RETURN 1", {12, 1, 13}, "expected"},
      {"", {0, 1, 1}, ""},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string(c.text));
    const auto statement = parse(c.text);
    REQUIRE_FALSE(statement.has_value());
    const Error& e = statement.error();
    CAPTURE(e.message());
    CHECK(e.status() == Status::syntax_error);
    CHECK(e.message().find(c.word) != std::string::npos);
    REQUIRE(e.position().has_value());
    CHECK(e.position()->offset == c.at.offset);
    CHECK(e.position()->line == c.at.line);
    CHECK(e.position()->column == c.at.column);
  }
}

TEST_CASE("every prefix of a statement is parsed or refused, never more") {
  const std::string text =
      "MATCH p = (a:A {x: 1})-[r:T*1..3 {y: $p}]->(b) WHERE a.x > 1 AND EXISTS { (a)--() } OPTIONAL MATCH (c) "
      "WITH DISTINCT a, count(*) AS n ORDER BY n DESC SKIP 1 LIMIT 2 WHERE n > 1 UNWIND [x IN [1] | x] AS y "
      "MERGE (d {k: y}) ON CREATE SET d.x = 1, d:L REMOVE d.z FOREACH (i IN [1] | DETACH DELETE d) "
      "CALL { WITH a RETURN 1 AS q } RETURN CASE y WHEN 1 THEN 'a' END AS z UNION ALL RETURN `b c` AS z";
  CHECK(parse(text).has_value());
  for (std::size_t n = 0; n < text.size(); ++n) {
    const auto statement = parse(text.substr(0, n));
    if (!statement) CHECK(statement.error().status() == Status::syntax_error);
  }
}

TEST_CASE("any byte in any place is parsed or refused") {
  const std::string text = "MATCH (a:A {x: 'y'})-[r*1..2]->(b) RETURN a.x + 1.5, [1, $p] AS l";
  std::size_t refused = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'\0', '\x80', '\xFF', '(', '}', '\'', '`', '\\', '/', '$', '9'}) {
      std::string changed = text;
      changed[at] = c;
      const auto statement = parse(changed);
      if (statement) continue;
      ++refused;
      CHECK_FALSE(statement.error().message().empty());
    }
  }
  CHECK(refused > 300);
}
