#include <doctest/doctest.h>
#include <fmt/format.h>

#include "fulltext/query.hpp"

namespace packhouse::fulltext {
namespace {

std::string shown(const Query& q) {
  std::string out;
  switch (q.kind) {
    case Query::Kind::words: out = q.text; break;
    case Query::Kind::phrase: out = '"' + q.text + '"' + (q.slop ? fmt::format("~{}", q.slop) : ""); break;
    case Query::Kind::wildcard: out = "wild<" + q.text + ">"; break;
    case Query::Kind::fuzzy: out = fmt::format("fuzzy<{},{}>", q.text, q.similarity); break;
    case Query::Kind::range:
      out = fmt::format("{}{} TO {}{}", q.low_inclusive ? "[" : "{", q.low.value_or("∞"), q.high.value_or("∞"), q.high_inclusive ? "]" : "}");
      break;
    case Query::Kind::regex: out = "/" + q.text + "/"; break;
    case Query::Kind::all: out = "ALL"; break;
    case Query::Kind::group:
      for (const auto& c : q.clauses) {
        out += (out.empty() ? "" : " ") + std::string(c.occur == Query::Occur::must ? "+" : c.occur == Query::Occur::should ? "" : "-") + shown(c.query);
      }
      out = "(" + out + ")";
      break;
  }
  if (q.field) out = *q.field + ":" + out;
  return q.boost == 1 ? out : fmt::format("{}^{}", out, q.boost);
}

TEST_CASE("queries are parsed as Lucene's classic parser does it") {
  const std::pair<const char*, const char*> rows[] = {
      {"a", "a"},
      {"  a  b ", "(a b)"},
      {"a AND b", "(+a +b)"},
      {"a && b || c", "(+a +b c)"},
      {"a OR b AND c", "(a +b +c)"},
      {"a AND NOT b", "(+a -b)"},
      {"a NOT b", "(a -b)"},
      {"a !b -c +d", "(a -b -c +d)"},
      {"-a", "(-a)"},
      {"+a", "(+a)"},
      {"-a AND b", "(-a +b)"},
      {"a - b", "(a - b)"},
      {"and or not", "(and or not)"},
      {"ANDy NOTe", "(ANDy NOTe)"},
      {"&& ", nullptr},
      {"(a b) AND c", "(+(a b) +c)"},
      {"((a))", "a"},
      {"f:a b", "(f:a b)"},
      {"f:(a g:b)", "(f:a g:b)"},
      {"f : a", "f:a"},
      {"f:\"a b\"~2^3", "f:\"a b\"~2^3"},
      {"\"a \\\" b\"", "\"a \" b\""},
      {"\"\"", "\"\""},
      {"a^2.5 (b c)^2", "(a^2.5 (b c)^2)"},
      {"a~ b~1 c~0.5 d~2^2 e^2~", "(fuzzy<a,2> fuzzy<b,1> fuzzy<c,0.5> fuzzy<d,2>^2 fuzzy<e,2>^2)"},
      {"a* ?b *c* f:*", "(wild<a*> wild<?b> wild<*c*> f:wild<*>)"},
      {"a\\* a\\*b?", "(a* wild<a\\*b?>)"},
      {"* *:*", "(wild<*> ALL)"},
      {"[a TO b] {a TO b] f:[* TO 5} [\"a b\" TO \"]\"]", "([a TO b] {a TO b] f:[∞ TO 5} [a b TO ]])"},
      {"/a.b/ f:/x\\/y/", "(/a.b/ f:/x\\/y/)"},
      {"foo-bar a+b 1.5 x_y", "(foo-bar a+b 1.5 x_y)"},
      {"a\\:b \\(c \\u0041\\ b", "(a:b (c A b)"},
      {"`a` 'b' @c #d $e %f a=b,c;d <x>", "(`a` 'b' @c #d $e %f a=b,c;d <x>)"},
      {"group_id:\"x\" AND (foo OR bar)", "(+group_id:\"x\" +(foo bar))"},
      {"(group_id:\"a\" OR group_id:\"b\") AND (x)", "(+(group_id:\"a\" group_id:\"b\") +x)"},
      {"\xE4\xBD\xA0\xE3\x80\x80\xE5\xA5\xBD", "(\xE4\xBD\xA0 \xE5\xA5\xBD)"},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    const auto q = parse_query(text);
    REQUIRE(q.has_value() == (expected != nullptr));
    if (q) CHECK(shown(*q) == expected);
  }
}

TEST_CASE("what is no query says where") {
  struct Row {
    const char *text, *says;
    std::uint32_t offset;
  };
  const Row rows[] = {
      {"", "Encountered \"<EOF>\" at line 1, column 0", 0},
      {"   ", "Encountered \"<EOF>\"", 3},
      {"foo(", "Encountered \"<EOF>\" at line 1, column 4", 4},
      {"(foo", "Encountered \"<EOF>\" at line 1, column 4", 4},
      {"foo)", "Encountered \")\" at line 1, column 3", 3},
      {"a AND", "Encountered \"<EOF>\"", 5},
      {"AND a", "Encountered \"AND\"", 0},
      {"a\nOR OR b", "Encountered \"OR\" at line 2, column 3", 5},
      {"äö \"x", "Encountered \" without its end at line 1, column 3", 3},
      {"a /b", "Encountered / without its end", 2},
      {"a:b:c", "Encountered \":\"", 3},
      {"f:", "Encountered \"<EOF>\"", 2},
      {"[a b]", "Encountered \"b\"", 3},
      {"[a TO b", "Encountered \"<EOF>\"", 7},
      {"a^", "Encountered \"<EOF>\"", 2},
      {"a^x", "Encountered \"x\"", 2},
      {"]", "Encountered \"]\"", 0},
      {"a~1.5", "Fractional edit distances", 1},
      {"a \\u12", "unicode", 2},
      {"~", "Encountered \"~\"", 0},
      {"a \\", "Encountered \"\\\"", 2},
  };
  for (const Row& r : rows) {
    CAPTURE(r.text);
    const auto q = parse_query(r.text);
    REQUIRE_FALSE(q.has_value());
    CHECK(q.error().status() == Status::syntax_error);
    CHECK(q.error().message().starts_with("Cannot parse '" + std::string(r.text) + "'"));
    CHECK(q.error().message().find(r.says) != std::string::npos);
    REQUIRE(q.error().position().has_value());
    CHECK(q.error().position()->offset == r.offset);
  }
}

TEST_CASE("depth and length have limits") {
  const auto nested = [](int n) { return std::string(static_cast<std::size_t>(n), '(') + "a" + std::string(static_cast<std::size_t>(n), ')'); };
  CHECK(parse_query(nested(deepest_query)).has_value());
  const auto deeper = parse_query(nested(deepest_query + 1));
  REQUIRE_FALSE(deeper.has_value());
  CHECK(deeper.error().message().find("Nested deeper than 64") != std::string::npos);
  CHECK(parse_query(std::string(longest_query, 'a')).has_value());
  CHECK_FALSE(parse_query(std::string(longest_query + 1, 'a')).has_value());
}

}  // namespace
}  // namespace packhouse::fulltext
