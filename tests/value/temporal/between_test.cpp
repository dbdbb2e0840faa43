#include <doctest/doctest.h>

#include "../support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

constexpr const char* wrong = "! ArgumentError";

struct Row {
  Value from, to;
  const char *between, *months, *days, *seconds;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& r : rows) {
    CAPTURE(print(r.from));
    CAPTURE(print(r.to));
    CHECK(show(duration_between(r.from, r.to)) == r.between);
    CHECK(show(duration_in_months(r.from, r.to)) == r.months);
    CHECK(show(duration_in_days(r.from, r.to)) == r.days);
    CHECK(show(duration_in_seconds(r.from, r.to)) == r.seconds);
  }
}

}  // namespace

TEST_CASE("between: values with dates") {
  check({{date("2020-01-31"), date("2020-03-01"), "P1M1D", "P1M", "P30D", "PT720H"},
         {date("2020-03-01"), date("2020-01-31"), "P-1M-1D", "P-1M", "P-30D", "PT-720H"},
         {date("2020-03-31"), date("2020-02-29"), "P-1M", "P-1M", "P-31D", "PT-744H"},
         {date("2020-01-01"), localdatetime("2020-01-02T03:00"), "P1DT3H", "PT0S", "P1D", "PT27H"},
         {localdatetime("2020-01-02T03:00"), date("2020-01-01"), "P-1DT-3H", "PT0S", "P-1D", "PT-27H"},
         {localdatetime("2020-01-01T12:00"), localdatetime("2021-01-01T11:59:59.5"), "P11M30DT23H59M59.5S", "P11M",
          "P365D", "PT8783H59M59.5S"},
         {date("2020-01-01"), datetime("2020-02-01T06:00+02:00"), "P1MT6H", "P1M", "P31D", "PT750H"},
         {datetime("2020-01-01T00:00+02:00"), datetime("2020-01-01T00:00Z"), "PT2H", "PT0S", "PT0S", "PT2H"},
         {datetime("2020-01-01T00:00+02:00"), datetime("2020-01-31T23:00Z"), "P1MT1H", "P1M", "P31D", "PT745H"},
         {date("-999999999-01-01"), date("+999999999-12-31"), "P1999999998Y11M30D", "P1999999998Y11M", "P730484999633D",
          "PT17531639991192H"}});
}

TEST_CASE("between: times borrow the other's date and zone") {
  check({{localtime("10:00"), localtime("12:30"), "PT2H30M", wrong, wrong, "PT2H30M"},
         {time("10:00+01:00"), time("10:00Z"), "PT1H", wrong, wrong, "PT1H"},
         {time("10:00+01:00"), localtime("12:00"), "PT2H", wrong, wrong, "PT2H"},
         {localtime("10:00:00.7"), localtime("10:00:00.3"), "PT-0.4S", wrong, wrong, "PT-0.4S"},
         {date("2020-01-01"), localtime("10:00"), "PT10H", "PT0S", "PT0S", "PT10H"},
         {time("10:00+01:00"), date("2020-01-01"), "PT-10H", "PT0S", "PT0S", "PT-10H"},
         {localtime("10:00"), localdatetime("2020-01-01T09:00"), "PT-1H", "PT0S", "PT0S", "PT-1H"},
         {datetime("2020-01-01T10:00-05:00"), time("10:00Z"), "PT-5H", "PT0S", "PT0S", "PT-5H"},
         {datetime("2024-03-31T00:00[Europe/Berlin]"), localtime("04:00"), "PT3H", "PT0S", "PT0S", "PT3H"}});
}

TEST_CASE("between: days that are not 24 hours long") {
  check({{datetime("2024-03-30T12:00[Europe/Berlin]"), datetime("2024-03-31T12:00[Europe/Berlin]"), "P1D", "PT0S",
          "P1D", "PT23H"},
         {datetime("2024-10-27T00:00[Europe/Berlin]"), date("2024-10-28"), "P1D", "PT0S", "P1D", "PT25H"},
         {datetime("2024-10-27T00:00[Europe/Berlin]"), datetime("2024-10-27T22:30Z"), "PT24H30M", "PT0S", "PT0S",
          "PT24H30M"},
         {localdatetime("2024-10-27T00:00"), datetime("2024-10-27T06:00[Europe/Berlin]"), "PT7H", "PT0S", "PT0S",
          "PT7H"}});
}

TEST_CASE("between: only for temporal values") {
  CHECK(show(duration_between(Value::integer(1), date("2020-01-01"))) == "! TypeError");
  CHECK(show(duration_in_seconds(date("2020-01-01"), duration("P1D"))) == "! TypeError");
}
