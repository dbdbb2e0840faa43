#include "value/temporal/calendar.hpp"

#include <algorithm>

namespace packhouse::calendar {
namespace {

// Years are counted from March here, so that the leap day is a year's last day and month lengths
// follow one straight line: (153 * m + 2) / 5 days lie before month m (0 = March).
constexpr std::int64_t days_per_400_years = 146'097;
constexpr std::int64_t epoch_from_march_zero = 719'468;  // days from 0000-03-01 to 1970-01-01

}  // namespace

int days_in_month(std::int64_t year, int month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

int days_in_quarter(std::int64_t year, int quarter) {
  if (quarter == 1) return is_leap(year) ? 91 : 90;
  return quarter == 2 ? 91 : 92;
}

int weeks_in_year(std::int64_t week_year) {
  return static_cast<int>((to_days(WeekDate{week_year + 1, 1, 1}) - to_days(WeekDate{week_year, 1, 1})) / 7);
}

std::int64_t to_days(const Civil& c) {
  const std::int64_t year = c.month > 2 ? c.year : c.year - 1;
  const std::int64_t cycle = floor_div(year, 400);
  const std::int64_t year_of_cycle = year - cycle * 400;
  const std::int64_t month = (c.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + c.day - 1;
  const std::int64_t day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
  return cycle * days_per_400_years + day_of_cycle - epoch_from_march_zero;
}

Civil from_days(std::int64_t days) {
  const std::int64_t since = days + epoch_from_march_zero;
  const std::int64_t cycle = floor_div(since, days_per_400_years);
  const std::int64_t day_of_cycle = since - cycle * days_per_400_years;
  // Without their leap days all years are 365 days long.
  const std::int64_t year_of_cycle =
      (day_of_cycle - day_of_cycle / 1'460 + day_of_cycle / 36'524 - day_of_cycle / 146'096) / 365;
  const std::int64_t day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
  const std::int64_t from_march = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * from_march + 2) / 5 + 1);
  const int month = static_cast<int>(from_march < 10 ? from_march + 3 : from_march - 9);
  return {cycle * 400 + year_of_cycle + (month <= 2 ? 1 : 0), month, day};
}

std::int64_t to_days(const WeekDate& w) {
  const std::int64_t in_week_one = to_days(Civil{w.year, 1, 4});
  return in_week_one - (day_of_week(in_week_one) - 1) + std::int64_t{w.week - 1} * 7 + (w.day - 1);
}

WeekDate week_date(std::int64_t days) {
  const int day = day_of_week(days);
  // A week belongs to the year of its Thursday.
  const std::int64_t year = from_days(days + 4 - day).year;
  const std::int64_t week = (days - to_days(WeekDate{year, 1, 1})) / 7 + 1;
  return {year, static_cast<int>(week), day};
}

int day_of_year(std::int64_t days) {
  return static_cast<int>(days - to_days(Civil{from_days(days).year, 1, 1})) + 1;
}

int day_of_quarter(std::int64_t days) {
  const Civil c = from_days(days);
  return static_cast<int>(days - to_days(Civil{c.year, (quarter_of(c.month) - 1) * 3 + 1, 1})) + 1;
}

std::int64_t add_months(std::int64_t days, std::int64_t months) {
  const Civil c = from_days(days);
  const std::int64_t total = c.year * 12 + (c.month - 1) + months;
  const std::int64_t year = floor_div(total, 12);
  const int month = static_cast<int>(floor_mod(total, 12)) + 1;
  return to_days(Civil{year, month, std::min(c.day, days_in_month(year, month))});
}

std::int64_t months_between(std::int64_t from, std::int64_t to) {
  // Months and days in one number: the division drops a month that is not complete, on either side of zero.
  const auto pack = [](const Civil& c) { return (c.year * 12 + c.month - 1) * 32 + c.day; };
  return (pack(from_days(to)) - pack(from_days(from))) / 32;
}

}  // namespace packhouse::calendar
