#include <doctest/doctest.h>

#include <initializer_list>

#include "value/temporal/calendar.hpp"

using namespace packhouse::calendar;

TEST_CASE("calendar: known days") {
  struct Row {
    Civil civil;
    std::int64_t days;
    WeekDate week;
    int ordinal, of_quarter;
  };
  for (const Row& r : std::initializer_list<Row>{{{1970, 1, 1}, 0, {1970, 1, 4}, 1, 1},
                                                 {{1969, 12, 31}, -1, {1970, 1, 3}, 365, 92},
                                                 {{2000, 2, 29}, 11'016, {2000, 9, 2}, 60, 60},
                                                 {{2024, 12, 30}, 20'087, {2025, 1, 1}, 365, 91},
                                                 {{2021, 1, 3}, 18'630, {2020, 53, 7}, 3, 3},
                                                 {{1, 1, 1}, -719'162, {1, 1, 1}, 1, 1},
                                                 {{0, 3, 1}, -719'468, {0, 9, 3}, 61, 61},
                                                 {{max_year, 12, 31}, max_day, {max_year, 52, 5}, 365, 92},
                                                 {{min_year, 1, 1}, min_day, {min_year, 1, 1}, 1, 1}}) {
    CAPTURE(r.days);
    CHECK(to_days(r.civil) == r.days);
    CHECK(from_days(r.days) == r.civil);
    CHECK(to_days(r.week) == r.days);
    CHECK(week_date(r.days) == r.week);
    CHECK(day_of_year(r.days) == r.ordinal);
    CHECK(day_of_quarter(r.days) == r.of_quarter);
  }
}

TEST_CASE("calendar: every day of 800 years follows the one before") {
  Civil expected{-400, 1, 1};
  for (std::int64_t day = to_days(expected); day < to_days(Civil{400, 1, 1}); ++day) {
    const Civil c = from_days(day);
    REQUIRE(c == expected);
    REQUIRE(to_days(c) == day);
    REQUIRE(to_days(week_date(day)) == day);
    REQUIRE(week_date(day).day == day_of_week(day));
    if (++expected.day > days_in_month(expected.year, expected.month)) {
      expected.day = 1;
      if (++expected.month > 12) expected.month = 1, ++expected.year;
    }
  }
}

TEST_CASE("calendar: lengths of months, quarters and years") {
  CHECK(days_in_month(2023, 2) == 28);
  CHECK(days_in_month(2024, 2) == 29);
  CHECK(days_in_month(1900, 2) == 28);
  CHECK(days_in_quarter(2024, 1) == 91);
  CHECK(days_in_quarter(2023, 1) == 90);
  CHECK(weeks_in_year(2020) == 53);
  CHECK(weeks_in_year(2021) == 52);
  CHECK(is_leap(-4));
  CHECK_FALSE(is_leap(-100));
}

TEST_CASE("calendar: months are added with the day cut, and counted towards zero") {
  const auto day = [](std::int64_t y, int m, int d) { return to_days(Civil{y, m, d}); };
  CHECK(add_months(day(2024, 1, 31), 1) == day(2024, 2, 29));
  CHECK(add_months(day(2024, 3, 31), -13) == day(2023, 2, 28));
  CHECK(add_months(day(1, 1, 1), -1) == day(0, 12, 1));
  CHECK(months_between(day(2024, 1, 31), day(2024, 2, 29)) == 0);
  CHECK(months_between(day(2024, 1, 15), day(2024, 2, 15)) == 1);
  CHECK(months_between(day(2024, 2, 15), day(2024, 1, 15)) == -1);
  CHECK(months_between(day(2024, 2, 15), day(2024, 1, 16)) == 0);
}
