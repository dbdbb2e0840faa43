#pragma once
#include <cstdint>

// The proleptic Gregorian calendar on day numbers (0 = 1970-01-01). Plain arithmetic, no checks but
// where said: callers pass years within +-999,999,999.
namespace packhouse::calendar {

inline constexpr std::int64_t max_year = 999'999'999;
inline constexpr std::int64_t min_year = -max_year;
inline constexpr std::int64_t min_day = -365'243'219'162;  ///< -999999999-01-01
inline constexpr std::int64_t max_day = 365'241'780'471;   ///< +999999999-12-31
inline constexpr std::int64_t seconds_per_day = 86'400;
/// The moments whose local date is in range on every clock are a few hours less.
inline constexpr std::int64_t min_second = min_day * seconds_per_day;
inline constexpr std::int64_t max_second = (max_day + 1) * seconds_per_day - 1;
inline constexpr std::int64_t nanos_per_second = 1'000'000'000;
inline constexpr std::int64_t nanos_per_day = seconds_per_day * nanos_per_second;

constexpr std::int64_t floor_mod(std::int64_t a, std::int64_t b) {
  const std::int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

struct Civil {
  std::int64_t year = 1970;
  int month = 1, day = 1;
  bool operator==(const Civil&) const = default;
};

/// ISO 8601 week date: weeks begin on Monday, week 1 has the year's first Thursday.
struct WeekDate {
  std::int64_t year = 1970;
  int week = 1, day = 4;  ///< day: 1 = Monday
  bool operator==(const WeekDate&) const = default;
};

constexpr bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
int days_in_month(std::int64_t year, int month);
constexpr int days_in_year(std::int64_t year) {
  return is_leap(year) ? 366 : 365;
}
int days_in_quarter(std::int64_t year, int quarter);
int weeks_in_year(std::int64_t week_year);

std::int64_t to_days(const Civil& c);
Civil from_days(std::int64_t days);

std::int64_t to_days(const WeekDate& w);
WeekDate week_date(std::int64_t days);

constexpr int day_of_week(std::int64_t days) {
  return static_cast<int>(floor_mod(days + 3, 7)) + 1;
}  ///< 1 = Monday
int day_of_year(std::int64_t days);
constexpr int quarter_of(int month) {
  return (month - 1) / 3 + 1;
}
int day_of_quarter(std::int64_t days);

/// Months later (or earlier), the day cut to the month's last. The year may leave the valid range.
std::int64_t add_months(std::int64_t days, std::int64_t months);
/// Whole months between two days, towards zero.
std::int64_t months_between(std::int64_t from, std::int64_t to);

constexpr bool is_valid_day(std::int64_t days) {
  return days >= min_day && days <= max_day;
}

}  // namespace packhouse::calendar
