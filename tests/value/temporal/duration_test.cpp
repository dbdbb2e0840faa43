#include <doctest/doctest.h>

#include "../support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

constexpr const char* wrong = "! ArgumentError";

std::string built(const Value& map) {
  return show(duration_construct(map, arena()));
}

}  // namespace

TEST_CASE("duration: from maps") {
  struct Row {
    Value map;
    const char* result;
  };
  for (const Row& r : std::initializer_list<Row>{
           {map({{"years", 1}, {"quarters", 1}, {"months", 1}}), "P1Y4M"},
           {map({{"weeks", 1}, {"days", 1}}), "P8D"},
           {map({{"hours", 30}, {"minutes", 90}, {"seconds", 90}}), "PT31H31M30S"},
           {map({{"milliseconds", 1}, {"microseconds", 1}, {"nanoseconds", 1}}), "PT0.001001001S"},
           {map({{"nanoseconds", -1}}), "PT-0.000000001S"},
           {map({{"seconds", 1}, {"nanoseconds", -1}}), "PT0.999999999S"},
           {map({{"years", 0.5}}), "P6M"},
           {map({{"years", 1}, {"months", -0.5}}), "P11M15DT5H14M33S"},
           {map({{"months", 0.5}, {"days", -20}}), "P-4DT-18H-45M-27S"},
           {map({{"months", 0.5}}), "P15DT5H14M33S"},
           {map({{"days", 0.5}, {"months", 1.5}}), "P1M15DT17H14M33S"},
           {map({{"days", 1.25}}), "P1DT6H"},
           {map({{"days", -1.25}}), "P-1DT-6H"},
           {map({{"weeks", 0.1}}), "PT16H48M"},
           {map({{"hours", 0.1}}), "PT6M"},
           {map({{"seconds", 0.57}}), "PT0.57S"},
           {map({{"seconds", 1e-10}}), "PT0S"},
           {map({{"milliseconds", 0.5}}), "PT0.0005S"},
           {map({{"Days", 1}}), "P1D"},
           {map({{"days", null}}), "null"},
           {map({}), wrong},
           {map({{"fortnights", 1}}), wrong},
           {map({{"days", "1"}}), wrong},
           {map({{"seconds", INT64_MAX}, {"minutes", 1}}), wrong},
           {map({{"years", INT64_MAX}}), wrong},
           {map({{"days", 1e300}}), wrong},
           {map({{"days", std::numeric_limits<double>::quiet_NaN()}}), wrong}}) {
    CAPTURE(print(r.map));
    CHECK(built(r.map) == r.result);
  }
  CHECK(show(duration_construct(Value::integer(1), arena())) == "! TypeError");
  CHECK(show(duration_construct(duration("P1D"), arena())) == "P1D");
}

TEST_CASE("duration: from text") {
  struct Row {
    const char* text;
    const char* result;
  };
  for (const Row& r : std::initializer_list<Row>{{"P1Y2M3W4DT5H6M7.008S", "P1Y2M25DT5H6M7.008S"},
                                                 {"p1dt1h", "P1DT1H"},
                                                 {"P-1Y2M", "P-10M"},
                                                 {"-P1Y2M", "P-1Y-2M"},
                                                 {"-PT-1S", "PT1S"},
                                                 {"+P1D", "P1D"},
                                                 {"P1,5D", "P1DT12H"},
                                                 {"P0.5W", "P3DT12H"},
                                                 {"PT0.5H", "PT30M"},
                                                 {"PT-0.5S", "PT-0.5S"},
                                                 {"PT1.000000001S", "PT1.000000001S"},
                                                 {"PT0.9999999999S", "PT0.999999999S"},
                                                 {"PT36H", "PT36H"},
                                                 {"P14M", "P1Y2M"},
                                                 {"PT0S", "PT0S"},
                                                 {"P0D", "PT0S"},
                                                 {"P2001-02-03T04:05:06", "P2001Y2M3DT4H5M6S"},
                                                 {"P20010203T040506.5", "P2001Y2M3DT4H5M6.5S"},
                                                 {"P0001-00-00", "P1Y"},
                                                 {"-P0000-00-02", "P-2D"}}) {
    CAPTURE(r.text);
    const auto d = duration_from_text(r.text);
    CHECK(show(d) == r.result);
    if (d) CHECK(show(duration_from_text(r.result)) == r.result);
  }
  for (const char* bad : {"",
                          "P",
                          "PT",
                          "1D",
                          "P1",
                          "P1DT",
                          "P1D2Y",
                          "PT1D",
                          "P1H",
                          "P1DT1",
                          "P1.D",
                          "P.5D",
                          "PT1S1M",
                          "P1D ",
                          "P1D1D",
                          "--P1D",
                          "P2001-13-01",
                          "P2001-02-32",
                          "P2001-02-03T25:00",
                          "P2001-02",
                          "PT99999999999999999999S",
                          "P9999999999999999Y",
                          "P1.5.5D"}) {
    CAPTURE(bad);
    CHECK(show(duration_from_text(bad)) == "! SyntaxError");
  }
}

TEST_CASE("duration: signs in text") {
  struct Row {
    Duration d;
    const char* text;
  };
  for (const Row& r : std::initializer_list<Row>{{{}, "PT0S"},
                                                 {{0, 0, -1, 500'000'000}, "PT-0.5S"},
                                                 {{0, 0, -60, 1'000'000}, "PT-59.999S"},
                                                 {{0, 0, -61, 999'000'000}, "PT-1M-0.001S"},
                                                 {{0, 0, -3'600, 0}, "PT-1H"},
                                                 {{-13, 5, 1, 0}, "P-1Y-1M5DT1S"},
                                                 {{0, 0, -3'662, 500'000'000}, "PT-1H-1M-1.5S"},
                                                 {{0, 0, 0, 10}, "PT0.00000001S"}}) {
    CHECK(temporal_to_text(Value::duration(&r.d)) == r.text);
    CHECK(duration_from_text(r.text).value() == r.d);
  }
}
