#include <doctest/doctest.h>

#include "../support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

struct Row {
  Value map;
  const char* result;
};

void check(Kind target, std::initializer_list<Row> rows) {
  for (const Row& r : rows) {
    CAPTURE(print(r.map));
    CHECK(show(make(target, r.map)) == r.result);
  }
}

constexpr const char* wrong = "! ArgumentError";

}  // namespace

TEST_CASE("map: dates") {
  check(Kind::date, {{map({{"year", 2019}, {"month", 3}, {"day", 9}}), "2019-03-09"},
                     {map({{"day", 9}, {"month", 3}, {"year", 2019}}), "2019-03-09"},
                     {map({{"year", 2019}, {"month", 3}}), "2019-03-01"},
                     {map({{"year", 2019}}), "2019-01-01"},
                     {map({{"year", 2019}, {"week", 1}}), "2018-12-31"},
                     {map({{"year", 2020}, {"week", 53}, {"dayOfWeek", 7}}), "2021-01-03"},
                     {map({{"year", 2019}, {"ordinalDay", 365}}), "2019-12-31"},
                     {map({{"year", 2020}, {"ordinalDay", 366}}), "2020-12-31"},
                     {map({{"year", 2019}, {"quarter", 2}, {"dayOfQuarter", 91}}), "2019-06-30"},
                     {map({{"year", 2019}, {"quarter", 4}}), "2019-10-01"},
                     {map({{"year", -5}}), "-0005-01-01"},
                     {map({{"YEAR", 2019}, {"ordinalday", 1}}), "2019-01-01"},
                     {map({{"year", 2019}, {"month", null}}), "null"}});
  check(Kind::date, {{map({}), wrong},
                     {map({{"month", 3}}), wrong},
                     {map({{"year", 2019}, {"day", 3}}), wrong},
                     {map({{"year", 2019}, {"dayOfWeek", 3}}), wrong},
                     {map({{"year", 2019}, {"dayOfQuarter", 3}}), wrong},
                     {map({{"year", 2019}, {"month", 13}}), wrong},
                     {map({{"year", 2019}, {"month", 0}}), wrong},
                     {map({{"year", 2019}, {"month", 2}, {"day", 29}}), wrong},
                     {map({{"year", 2019}, {"week", 53}}), wrong},
                     {map({{"year", 2019}, {"ordinalDay", 366}}), wrong},
                     {map({{"year", 2019}, {"quarter", 1}, {"dayOfQuarter", 91}}), wrong},
                     {map({{"year", 2019}, {"month", 1}, {"week", 1}}), wrong},
                     {map({{"year", 1'000'000'000}}), wrong},
                     {map({{"year", 2019.0}}), wrong},
                     {map({{"year", "2019"}}), wrong},
                     {map({{"year", 2019}, {"hour", 1}}), wrong},
                     {map({{"year", 2019}, {"planet", 3}}), wrong},
                     {map({{"year", 2019}, {"timezone", "Z"}}), wrong},
                     {map({{"year", 2019}, {"Year", 2019}}), wrong}});
}

TEST_CASE("map: times") {
  check(Kind::local_time,
        {{map({{"hour", 5}}), "05:00"},
         {map({{"hour", 5}, {"minute", 6}, {"second", 7}, {"millisecond", 8}, {"microsecond", 9}, {"nanosecond", 10}}),
          "05:06:07.00800901"},
         {map({{"hour", 5}, {"minute", 6}, {"second", 7}, {"microsecond", 999'999}}), "05:06:07.999999"},
         {map({{"hour", 5}, {"minute", 6}, {"second", 7}, {"millisecond", 1}, {"nanosecond", 999'999}}),
          "05:06:07.001999999"}});
  check(Kind::local_time,
        {{map({{"minute", 5}}), wrong},
         {map({{"hour", 5}, {"second", 5}}), wrong},
         {map({{"hour", 5}, {"minute", 5}, {"nanosecond", 5}}), wrong},
         {map({{"hour", 24}}), wrong},
         {map({{"hour", 5}, {"minute", 60}}), wrong},
         {map({{"hour", 5}, {"minute", 6}, {"second", 7}, {"millisecond", 1'000}}), wrong},
         {map({{"hour", 5}, {"minute", 6}, {"second", 7}, {"millisecond", 1}, {"microsecond", 1'000}}), wrong},
         {map({{"hour", 5}, {"minute", 6}, {"second", 7}, {"microsecond", 1}, {"nanosecond", 1'000}}), wrong},
         {map({{"hour", 5}, {"timezone", "Z"}}), wrong},
         {map({{"hour", 5}, {"year", 1}}), wrong},
         {map({{"hour", -1}}), wrong}});
  check(Kind::time,
        {{map({{"hour", 5}}), "05:00Z"},
         {map({{"hour", 5}, {"timezone", "-02:30"}}), "05:00-02:30"},
         {map({{"hour", 5}, {"timezone", "Europe/Stockholm"}}), "05:00+01:00"},  // the clock stands in November
         {map({{"hour", 5}, {"timezone", "Nowhere"}}), wrong},
         {map({{"hour", 5}, {"timezone", 1}}), wrong}});
}

TEST_CASE("map: dates with times") {
  check(Kind::local_datetime, {{map({{"year", 2019}}), "2019-01-01T00:00"},
                               {map({{"year", 2019}, {"week", 10}, {"dayOfWeek", 3}, {"hour", 4}}), "2019-03-06T04:00"},
                               {map({{"year", 2019}, {"hour", 4}}), wrong},
                               {map({{"year", 2019}, {"month", 4}, {"hour", 4}}), wrong},
                               {map({{"year", 2019}, {"week", 4}, {"hour", 4}}), wrong},
                               {map({{"hour", 4}}), wrong},
                               {map({{"year", 2019}, {"timezone", "Z"}}), wrong}});
  check(Kind::datetime,
        {{map({{"year", 2019}, {"month", 8}, {"day", 1}, {"hour", 4}, {"timezone", "Europe/Lisbon"}}),
          "2019-08-01T04:00+01:00[Europe/Lisbon]"},
         {map({{"year", 2019}, {"ordinalDay", 32}, {"hour", 4}, {"minute", 5}, {"second", 6}, {"nanosecond", 7}}),
          "2019-02-01T04:05:06.000000007Z"},
         {map({{"year", 2019}, {"timezone", "+01:00"}}), "2019-01-01T00:00+01:00"},
         {map({{"year", 999'999'999}, {"month", 12}, {"day", 31}, {"hour", 23}, {"timezone", "-10:00"}}),
          "+999999999-12-31T23:00-10:00"}});
}

TEST_CASE("map: the clock's time in a zone, and times since the epoch") {
  check(Kind::date,
        {{map({{"timezone", "Pacific/Kiritimati"}}), "2023-11-15"}, {map({{"timezone", "Z"}}), "2023-11-14"}});
  check(Kind::local_time, {{map({{"timezone", "+02:00"}}), "00:13:20.123456789"}});
  check(Kind::time, {{map({{"timezone", "America/New_York"}}), "17:13:20.123456789-05:00"}});
  check(Kind::local_datetime, {{map({{"timezone", "-01:00"}}), "2023-11-14T21:13:20.123456789"}});
  check(Kind::datetime,
        {{map({{"timezone", "America/New_York"}}), "2023-11-14T17:13:20.123456789-05:00[America/New_York]"},
         {map({{"epochSeconds", 1'000'000}}), "1970-01-12T13:46:40Z"},
         {map({{"epochSeconds", -1}, {"nanosecond", 5}}), "1969-12-31T23:59:59.000000005Z"},
         {map({{"epochMillis", 1'500}, {"timezone", "+01:00"}}), "1970-01-01T01:00:01.5+01:00"},
         {map({{"epochMillis", -1}}), "1969-12-31T23:59:59.999Z"},
         {map({{"epochMillis", 1'500}, {"nanosecond", 7}}), "1970-01-01T00:00:01.500000007Z"},
         {map({{"epochMillis", 1}, {"year", 2000}}), wrong},
         {map({{"epochMillis", 1}, {"epochSeconds", 1}}), wrong},
         {map({{"epochSeconds", INT64_MAX}}), wrong}});
  CHECK(show(temporal_current(Kind::datetime, now)) == "2023-11-14T22:13:20.123456789Z");
  CHECK(show(temporal_current(Kind::date, now, Zone::offset(7'200))) == "2023-11-15");
  CHECK(show(datetime_from_epoch(10, 1'500'000'000)) == "1970-01-01T00:00:11.5Z");
  CHECK(show(datetime_from_epoch(10, -1)) == "1970-01-01T00:00:09.999999999Z");
  CHECK(show(datetime_from_epoch_millis(-1'001)) == "1969-12-31T23:59:58.999Z");
  CHECK(show(datetime_from_epoch(INT64_MAX, 0)) == wrong);
  CHECK(show(datetime_from_epoch_millis(INT64_MIN)).starts_with("-292275055-05-16"));
}
