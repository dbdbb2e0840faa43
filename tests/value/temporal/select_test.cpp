#include <doctest/doctest.h>

#include "../support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

struct Row {
  Kind target;
  Item argument;
  const char* result;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& r : rows) {
    CAPTURE(print(r.argument.value));
    CHECK(show(make(r.target, r.argument)) == r.result);
  }
}

constexpr const char* wrong = "! ArgumentError";
constexpr Kind d = Kind::date, lt = Kind::local_time, t = Kind::time, ldt = Kind::local_datetime, dt = Kind::datetime;

}  // namespace

TEST_CASE("select: one temporal value as another kind") {
  const Value zoned = datetime("2016-06-05T23:30:10.5[Europe/Paris]");
  check({{d, zoned, "2016-06-05"},
         {lt, zoned, "23:30:10.5"},
         {t, zoned, "23:30:10.5+02:00"},
         {ldt, zoned, "2016-06-05T23:30:10.5"},
         {dt, zoned, "2016-06-05T23:30:10.5+02:00[Europe/Paris]"},
         {d, date("2016-06-05"), "2016-06-05"},
         {t, localtime("10:00"), "10:00Z"},
         {lt, time("10:00+05:00"), "10:00"},
         {dt, localdatetime("2016-06-05T10:00"), "2016-06-05T10:00Z"},
         {dt, date("2016-06-05"), "2016-06-05T00:00Z"},
         {d, localtime("10:00"), wrong},
         {t, date("2016-06-05"), wrong},
         {dt, time("10:00Z"), wrong},
         {d, 5, "! TypeError"},
         {d, duration("P1D"), "! TypeError"},
         {dt, boolean(true), "! TypeError"}});
}

TEST_CASE("select: parts of another value, some replaced") {
  const Value day = date("2016-12-31"), zoned = datetime("2016-06-05T23:30:10.5[Europe/Paris]"),
              clock_time = time("08:15:30+02:00");
  const Value local = localdatetime("2015-03-31T01:02:03.456");
  check({{d, map({{"date", day}, {"year", 2017}}), "2017-12-31"},
         {d, map({{"date", date("2016-02-29")}, {"year", 2017}}), "2017-02-28"},
         {d, map({{"date", local}, {"month", 2}}), "2015-02-28"},
         {d, map({{"date", local}, {"month", 2}, {"day", 29}}), wrong},
         {d, map({{"date", day}, {"day", 1}}), "2016-12-01"},
         {d, map({{"date", day}, {"week", 1}}), "2016-01-09"},
         {d, map({{"date", date("2017-01-01")}, {"week", 1}}), "2016-01-10"},  // a day of the week-year 2016
         {d, map({{"date", date("2017-01-01")}, {"year", 2015}, {"week", 1}}), "2015-01-04"},
         {d, map({{"date", day}, {"dayOfWeek", 1}}), "2016-12-26"},
         {d, map({{"date", day}, {"quarter", 2}}), "2016-06-30"},
         {d, map({{"date", day}, {"dayOfQuarter", 1}}), "2016-10-01"},
         {d, map({{"date", day}, {"ordinalDay", 60}}), "2016-02-29"},
         {d, map({{"date", localtime("10:00")}}), wrong},
         {d, map({{"date", "2016-01-01"}}), wrong},
         {d, map({{"datetime", zoned}}), wrong},
         {lt, map({{"time", zoned}, {"hour", 1}}), "01:30:10.5"},
         {lt, map({{"time", zoned}, {"nanosecond", 3}}), "23:30:10.000000003"},
         {lt, map({{"time", day}}), wrong},
         {t, map({{"time", clock_time}, {"timezone", "-03:00"}}), "03:15:30-03:00"},
         {t, map({{"time", localtime("08:15")}, {"timezone", "-03:00"}}), "08:15-03:00"},
         {t, map({{"time", clock_time}, {"minute", 0}, {"timezone", "+03:00"}}), "09:00:30+03:00"},
         {t, map({{"time", time("00:30+02:00")}, {"timezone", "Z"}}), "22:30Z"},
         {t, map({{"time", zoned}}), "23:30:10.5+02:00"},
         {ldt, map({{"date", day}, {"time", zoned}}), "2016-12-31T23:30:10.5"},
         {ldt, map({{"datetime", zoned}, {"day", 1}, {"second", 0}}), "2016-06-01T23:30:00.5"},
         {ldt, map({{"year", 2000}, {"month", 1}, {"day", 2}, {"time", clock_time}}), "2000-01-02T08:15:30"},
         {ldt, map({{"year", 2000}, {"time", clock_time}}), wrong},
         {ldt, map({{"date", day}, {"hour", 6}}), "2016-12-31T06:00"},
         {ldt, map({{"date", day}, {"datetime", zoned}}), wrong}});
}

TEST_CASE("select: time zones of what is selected") {
  const Value zoned = datetime("2016-06-05T23:30[Europe/Paris]"), local = localdatetime("2016-06-05T23:30"),
              clock_time = time("01:15+02:00");
  check({{dt, map({{"datetime", zoned}, {"timezone", "Asia/Tokyo"}}), "2016-06-06T06:30+09:00[Asia/Tokyo]"},
         {dt, map({{"datetime", local}, {"timezone", "Asia/Tokyo"}}), "2016-06-05T23:30+09:00[Asia/Tokyo]"},
         {dt, map({{"datetime", zoned}, {"month", 12}}), "2016-12-05T23:30+01:00[Europe/Paris]"},
         {dt, map({{"datetime", datetime("2016-06-05T23:30+02:00")}, {"month", 12}}), "2016-12-05T23:30+02:00"},
         {dt, map({{"date", zoned}, {"hour", 4}}), "2016-06-05T04:00Z"},
         {dt, map({{"date", date("2016-06-05")}, {"time", clock_time}}), "2016-06-05T01:15+02:00"},
         {dt, map({{"date", date("2016-06-05")}, {"time", clock_time}, {"timezone", "Z"}}), "2016-06-04T23:15Z"},
         {dt, map({{"date", date("2016-12-05")}, {"time", zoned}}), "2016-12-05T23:30+01:00[Europe/Paris]"},
         {dt, map({{"date", date("2016-06-05")}, {"time", local}, {"timezone", "Asia/Tokyo"}}),
          "2016-06-05T23:30+09:00[Asia/Tokyo]"}});
}
