#include <doctest/doctest.h>

#include <limits>

#include "support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

TEST_CASE("print: values look like Cypher") {
  CHECK(print(null) == "null");
  CHECK(print(list({1, -2.5, "it's\n\x01 ü", boolean(false), null})) == "[1, -2.5, 'it\\'s\\n\\u0001 ü', false, null]");
  CHECK(print(map({{"a", 1}, {"b c", list({})}, {"tick`", map({})}, {"", 1}, {"1a", 2}})) ==
        "{a: 1, `b c`: [], `tick```: {}, ``: 1, `1a`: 2}");
  CHECK(print(Value::node(NodeId{3})) == "(#3)");
  CHECK(print(Value::relationship(RelId{4})) == "[#4]");
  CHECK(print(Value::bytes(as_bytes("abc"))) == "<3 bytes>");
  CHECK(print(list({date("2020-01-01"), localtime("12:00"), time("12:00:01+01:00"), localdatetime("2020-01-01"),
                    datetime("2020-01-01T00:00Z"), duration("P1D")})) ==
        "[date('2020-01-01'), localtime('12:00'), time('12:00:01+01:00'), localdatetime('2020-01-01T00:00'), "
        "datetime('2020-01-01T00:00Z'), duration('P1D')]");
}

TEST_CASE("print: long values are cut") {
  const std::string text(5'000, 'x');
  CHECK(print(Value::string(text)).size() < 1'020);
  CHECK(print(Value::string("äöü"), 3) == "'ä'…");
  std::vector<Value> many(5'000, Value::integer(123));
  const std::string shown = print(Value::list(many), 50);
  CHECK(shown.size() < 80);
  CHECK(shown.ends_with("…]"));
}

TEST_CASE("print: floats are written as Java does, and read back the same") {
  struct Row {
    double number;
    const char* text;
  };
  for (const Row& r : std::initializer_list<Row>{{0.0, "0.0"},
                                                 {-0.0, "-0.0"},
                                                 {1.0, "1.0"},
                                                 {-1.5, "-1.5"},
                                                 {0.1, "0.1"},
                                                 {0.001, "0.001"},
                                                 {0.00099, "9.9E-4"},
                                                 {1234567.0, "1234567.0"},
                                                 {9999999.0, "9999999.0"},
                                                 {9999999.5, "9999999.5"},
                                                 {1e7, "1.0E7"},
                                                 {1.5e10, "1.5E10"},
                                                 {1e100, "1.0E100"},
                                                 {1e-7, "1.0E-7"},
                                                 {123456789.125, "1.23456789125E8"},
                                                 {4.9e-324, "5.0E-324"},
                                                 {1.7976931348623157e308, "1.7976931348623157E308"},
                                                 {1.0 / 3.0, "0.3333333333333333"},
                                                 {std::numeric_limits<double>::infinity(), "Infinity"},
                                                 {-std::numeric_limits<double>::infinity(), "-Infinity"},
                                                 {std::numeric_limits<double>::quiet_NaN(), "NaN"}}) {
    CHECK(real_to_text(r.number) == r.text);
  }
}
