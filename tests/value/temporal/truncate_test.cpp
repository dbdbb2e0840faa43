#include <doctest/doctest.h>

#include "../support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

struct Row {
  Kind target;
  const char* unit;
  Value from;
  Value overrides;
  const char* result;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& r : rows) {
    CAPTURE(r.unit);
    CAPTURE(print(r.from));
    CAPTURE(print(r.overrides));
    CHECK(show(temporal_truncate(r.target, r.unit, r.from, r.overrides.as_map(), now)) == r.result);
  }
}

constexpr const char* wrong = "! ArgumentError";
constexpr Kind d = Kind::date, lt = Kind::local_time, t = Kind::time, ldt = Kind::local_datetime, dt = Kind::datetime;

}  // namespace

TEST_CASE("truncate: units of days") {
  const Value day = date("2023-08-17"), zoned = datetime("2023-08-17T10:11:12.123456789[Europe/Paris]");
  const Value none = map({});
  check({{d, "millennium", day, none, "2000-01-01"},
         {d, "century", day, none, "2000-01-01"},
         {d, "decade", day, none, "2020-01-01"},
         {d, "year", day, none, "2023-01-01"},
         {d, "weekYear", day, none, "2023-01-02"},
         {d, "WEEKYEAR", date("2022-01-01"), none, "2021-01-04"},
         {d, "quarter", day, none, "2023-07-01"},
         {d, "month", day, none, "2023-08-01"},
         {d, "week", day, none, "2023-08-14"},
         {d, "day", zoned, none, "2023-08-17"},
         {d, "century", date("-0001-05-05"), none, "-0100-01-01"},
         {d, "millennium", day, map({{"day", 5}}), "2000-01-05"},
         {d, "week", day, map({{"dayOfWeek", 7}}), "2023-08-20"},
         {d, "month", day, map({{"month", 2}, {"day", 3}}), "2023-02-03"},
         {ldt, "month", day, none, "2023-08-01T00:00"},
         {ldt, "quarter", zoned, map({{"hour", 5}}), "2023-07-01T05:00"},
         {dt, "year", zoned, none, "2023-01-01T00:00+01:00[Europe/Paris]"},
         {dt, "year", day, none, "2023-01-01T00:00Z"},
         {dt, "month", zoned, map({{"timezone", "Asia/Tokyo"}}), "2023-08-01T00:00+09:00[Asia/Tokyo]"},
         {dt, "month", day, map({{"timezone", "-05:00"}, {"day", 9}}), "2023-08-09T00:00-05:00"},
         {dt, "day", localdatetime("2023-08-17T10:00"), none, "2023-08-17T00:00Z"}});
}

TEST_CASE("truncate: units of time") {
  const Value zoned = datetime("2023-08-17T10:11:12.123456789+02:00"), none = map({});
  check({{dt, "hour", zoned, none, "2023-08-17T10:00+02:00"},
         {dt, "minute", zoned, map({{"second", 3}}), "2023-08-17T10:11:03+02:00"},
         {dt, "second", zoned, none, "2023-08-17T10:11:12+02:00"},
         {ldt, "millisecond", zoned, none, "2023-08-17T10:11:12.123"},
         {ldt, "microsecond", zoned, none, "2023-08-17T10:11:12.123456"},
         {ldt, "millisecond", zoned, map({{"nanosecond", 5}}), "2023-08-17T10:11:12.123000005"},
         {ldt, "millisecond", zoned, map({{"microsecond", 5}}), "2023-08-17T10:11:12.123005"},
         {ldt, "microsecond", zoned, map({{"nanosecond", 5}}), "2023-08-17T10:11:12.123456005"},
         {ldt, "second", zoned, map({{"nanosecond", 5}}), "2023-08-17T10:11:12.000000005"},
         {lt, "day", zoned, none, "00:00"},
         {lt, "hour", localtime("10:11:12"), map({{"second", 7}}), "10:00:07"},
         {t, "minute", zoned, none, "10:11+02:00"},
         {t, "hour", localtime("10:11"), none, "10:00Z"},
         {t, "hour", zoned, map({{"timezone", "-01:00"}}), "10:00-01:00"},
         {t, "day", time("10:11-03:00"), map({{"nanosecond", 2}}), "00:00:00.000000002-03:00"}});
}

TEST_CASE("truncate: what can't be") {
  const Value day = date("2023-08-17"), none = map({});
  check({{d, "hour", day, none, wrong},
         {d, "eon", day, none, wrong},
         {d, "day", localtime("10:00"), none, wrong},
         {lt, "month", localtime("10:00"), none, wrong},
         {t, "hour", day, none, wrong},
         {ldt, "hour", day, none, wrong},
         {ldt, "day", time("10:00Z"), none, wrong},
         {d, "month", day, map({{"timezone", "Z"}}), wrong},
         {d, "month", day, map({{"day", 32}}), wrong},
         {d, "month", day, map({{"day", null}}), "null"},
         {d, "month", Value::integer(1), none, "! TypeError"}});
}
