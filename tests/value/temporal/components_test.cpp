#include <doctest/doctest.h>

#include "../support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

struct Row {
  const char* name;
  Item value;
};

void check(const Value& v, std::initializer_list<Row> rows) {
  for (const Row& r : rows) {
    CAPTURE(print(v));
    CAPTURE(r.name);
    const auto c = temporal_component(v, r.name, arena());
    REQUIRE(c.has_value());
    CHECK(print(*c) == print(r.value.value));
  }
}

void check_absent(const Value& v, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    CAPTURE(print(v));
    CAPTURE(name);
    CHECK_FALSE(temporal_component(v, name, arena()).has_value());
  }
}

}  // namespace

TEST_CASE("components: of days") {
  check(date("2021-01-03"), {{"year", 2021},
                             {"quarter", 1},
                             {"month", 1},
                             {"week", 53},
                             {"weekYear", 2020},
                             {"day", 3},
                             {"ordinalDay", 3},
                             {"weekDay", 7},
                             {"dayOfWeek", 7},
                             {"dayOfQuarter", 3}});
  check(localdatetime("1955-11-12T22:04"), {{"quarter", 4},
                                            {"dayOfQuarter", 43},
                                            {"ordinalDay", 316},
                                            {"week", 45},
                                            {"hour", 22},
                                            {"minute", 4},
                                            {"second", 0}});
  check_absent(date("2021-01-03"), {"hour", "timezone", "offset", "epochSeconds", "fortnight", ""});
  check_absent(localdatetime("1955-11-12T22:04"), {"timezone", "epochMillis"});
}

TEST_CASE("components: of times and zones") {
  check(localtime("01:02:03.004005006"), {{"hour", 1},
                                          {"minute", 2},
                                          {"second", 3},
                                          {"millisecond", 4},
                                          {"microsecond", 4'005},
                                          {"nanosecond", 4'005'006}});
  check(time("01:02-03:30"),
        {{"timezone", "-03:30"}, {"offset", "-03:30"}, {"offsetMinutes", -210}, {"offsetSeconds", -12'600}});
  check(datetime("2000-06-01T00:00:00.25[Europe/Paris]"), {{"timezone", "Europe/Paris"},
                                                           {"offset", "+02:00"},
                                                           {"offsetMinutes", 120},
                                                           {"epochSeconds", 959'810'400},
                                                           {"epochMillis", 959'810'400'250},
                                                           {"hour", 0},
                                                           {"day", 1}});
  check(datetime("1969-12-31T23:59:59.75Z"),
        {{"timezone", "Z"}, {"offset", "Z"}, {"epochSeconds", -1}, {"epochMillis", -250}});
  check_absent(localtime("01:02"), {"year", "offset"});
  check_absent(time("01:02Z"), {"year", "epochSeconds"});
}

TEST_CASE("components: of durations") {
  check(duration(map({{"years", 2},
                      {"months", 5},
                      {"days", 17},
                      {"hours", 3},
                      {"minutes", 4},
                      {"seconds", 5},
                      {"nanoseconds", 678'901'234}})),
        {{"years", 2},
         {"quarters", 9},
         {"months", 29},
         {"weeks", 2},
         {"days", 17},
         {"hours", 3},
         {"minutes", 184},
         {"seconds", 11'045},
         {"milliseconds", 11'045'678},
         {"microseconds", 11'045'678'901},
         {"nanoseconds", 11'045'678'901'234},
         {"quartersOfYear", 1},
         {"monthsOfYear", 5},
         {"monthsOfQuarter", 2},
         {"daysOfWeek", 3},
         {"minutesOfHour", 4},
         {"secondsOfMinute", 5},
         {"millisecondsOfSecond", 678},
         {"microsecondsOfSecond", 678'901},
         {"nanosecondsOfSecond", 678'901'234}});
  check(duration("PT-0.25S"), {{"seconds", -1}, {"milliseconds", -250}, {"nanosecondsOfSecond", 750'000'000}});
  check(duration("PT10000000000S"), {{"nanoseconds", null}, {"microseconds", 10'000'000'000'000'000}});
  check(datetime("+999999999-01-01T00:00Z"), {{"epochMillis", null}, {"epochSeconds", 31'556'889'801'244'800}});
  check_absent(duration("P1D"), {"year", "hour", "timezone"});
  check_absent(Value::integer(1), {"year"});
}
