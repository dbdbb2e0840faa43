#include <doctest/doctest.h>

#include "../support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

constexpr const char* overflow = "! ArithmeticError";

struct Row {
  Value from;
  const char* duration;
  const char* sum;
  const char* difference;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& r : rows) {
    CAPTURE(print(r.from));
    CAPTURE(r.duration);
    const Value d = duration(r.duration);
    CHECK(show(temporal_add(r.from, d.as_duration(), false, arena())) == r.sum);
    CHECK(show(temporal_add(r.from, d.as_duration(), true, arena())) == r.difference);
  }
}

}  // namespace

TEST_CASE("arithmetic: dates and times plus durations") {
  check({{date("2020-01-31"), "P1M", "2020-02-29", "2019-12-31"},
         {date("2020-01-31"), "P1M1D", "2020-03-01", "2019-12-30"},
         {date("2020-01-31"), "PT23H59M", "2020-01-31", "2020-01-31"},
         {date("2020-01-31"), "PT48H0.5S", "2020-02-02", "2020-01-29"},
         {date("2020-01-31"), "P1DT24H", "2020-02-02", "2020-01-29"},
         {localtime("23:30"), "PT1H", "00:30", "22:30"},
         {localtime("23:30"), "P5Y3DT0.5S", "23:30:00.5", "23:29:59.5"},
         {time("00:00+05:00"), "PT-0.000000001S", "23:59:59.999999999+05:00", "00:00:00.000000001+05:00"},
         {localdatetime("2020-02-29T12:00"), "P1YT12H", "2021-03-01T00:00", "2019-02-28T00:00"},
         {localdatetime("1969-12-31T23:59:59.9"), "PT0.2S", "1970-01-01T00:00:00.1", "1969-12-31T23:59:59.7"},
         {datetime("2020-02-29T12:00+03:00"), "P1D", "2020-03-01T12:00+03:00", "2020-02-28T12:00+03:00"},
         {duration("P1M2DT3S"), "P1DT0.5S", "P1M3DT3.5S", "P1M1DT2.5S"}});
}

TEST_CASE("arithmetic: days follow the clock, hours the time line") {
  check({{datetime("2024-03-30T12:00[Europe/Berlin]"), "P1D", "2024-03-31T12:00+02:00[Europe/Berlin]",
          "2024-03-29T12:00+01:00[Europe/Berlin]"},
         {datetime("2024-03-30T12:00[Europe/Berlin]"), "PT24H", "2024-03-31T13:00+02:00[Europe/Berlin]",
          "2024-03-29T12:00+01:00[Europe/Berlin]"},
         {datetime("2024-03-30T02:30[Europe/Berlin]"), "P1D", "2024-03-31T03:30+02:00[Europe/Berlin]",
          "2024-03-29T02:30+01:00[Europe/Berlin]"},
         {datetime("2024-10-27T02:30+01:00[Europe/Berlin]"), "P1D", "2024-10-28T02:30+01:00[Europe/Berlin]",
          "2024-10-26T02:30+02:00[Europe/Berlin]"},
         {datetime("2024-10-27T02:30+01:00[Europe/Berlin]"), "PT1H", "2024-10-27T03:30+01:00[Europe/Berlin]",
          "2024-10-27T02:30+02:00[Europe/Berlin]"}});
}

TEST_CASE("arithmetic: results beyond the calendar are errors") {
  check({{date("+999999999-12-31"), "P1D", overflow, "+999999999-12-30"},
         {date("-999999999-01-01"), "P1M", "-999999999-02-01", overflow},
         {localdatetime("+999999999-12-31T23:59:59"), "PT1S", overflow, "+999999999-12-31T23:59:58"},
         {datetime("+999999999-12-31T23:59:59-10:00"), "PT0.5S", "+999999999-12-31T23:59:59.5-10:00",
          "+999999999-12-31T23:59:58.5-10:00"},
         {datetime("+999999999-12-31T23:59:59-10:00"), "PT1S", overflow, "+999999999-12-31T23:59:58-10:00"},
         {date("2020-01-01"), "P100000000000D", "+273792720-09-13", "-273788681-04-21"},
         {date("2020-01-01"), "PT999999999999999999S", overflow, overflow},
         {localdatetime("2020-01-01"), "PT999999999999999999S", overflow, overflow}});
  const Duration huge{0, 0, INT64_MAX, 0};
  CHECK(show(duration_add(huge, huge)) == overflow);
  CHECK(show(duration_add(huge, huge, true)) == "PT0S");
  CHECK(show(temporal_add(Value::integer(1), huge, false, arena())) == "! TypeError");
  const Duration foreign{INT64_MIN, INT64_MIN, INT64_MIN, 0};  // a client may send any numbers
  CHECK(show(temporal_add(date("2020-01-01"), foreign, false, arena())) == overflow);
  CHECK(show(temporal_add(date("2020-01-01"), foreign, true, arena())) == overflow);
}

TEST_CASE("arithmetic: durations times and by numbers") {
  struct Line {
    const char* duration;
    Item number;
    const char* product;
    const char* quotient;
  };
  for (const Line& r :
       std::initializer_list<Line>{{"P1M1DT1H0.5S", 2, "P2M2DT2H1S", "P15DT17H44M33.25S"},
                                   {"P1Y", 0.5, "P6M", "P2Y"},
                                   {"P3D", 2, "P6D", "P1DT12H"},
                                   {"PT1S", 3, "PT3S", "PT0.333333333S"},
                                   {"PT-0.5S", 3, "PT-1.5S", "PT-0.166666666S"},
                                   {"PT-0.5S", 0.1, "PT-0.05S", "PT-5S"},
                                   {"P149M", 3, "P37Y3M", "P4Y1M20DT6H59M24S"},
                                   {"P1D", -1, "P-1D", "P-1D"},
                                   {"P10Y", 0, "PT0S", overflow},
                                   {"P10Y", 0.0, "PT0S", overflow},
                                   {"P1D", 1e300, overflow, "PT0S"},
                                   {"PT0.5S", 1e15, "PT138888888888H53M20S", "PT0S"},
                                   {"P1D", INT64_MAX, overflow, "PT0S"},
                                   {"P1D", std::numeric_limits<double>::quiet_NaN(), overflow, overflow},
                                   {"P1D", "2", "! TypeError", "! TypeError"}}) {
    CAPTURE(r.duration);
    CAPTURE(print(r.number.value));
    const Value d = duration(r.duration);
    CHECK(show(duration_multiply(d.as_duration(), r.number.value)) == r.product);
    CHECK(show(duration_divide(d.as_duration(), r.number.value)) == r.quotient);
  }
}
