#include "value/temporal/build.hpp"

#include <algorithm>

#include "value/temporal/calendar.hpp"

namespace packhouse::temporal {
namespace {

using namespace calendar;

tl::unexpected<Error> no_such_day(std::string_view what, std::int64_t n, std::int64_t year) {
  return fail(Status::argument_error,
              std::string(what) + " " + std::to_string(n) + " does not exist in the year " + std::to_string(year));
}

/// Year or month replaced; a day that the new month doesn't have becomes its last one.
std::int64_t clamped(std::int64_t year, int month, int day) {
  return to_days(Civil{year, month, std::min(day, days_in_month(year, month))});
}

Result<std::int64_t> with_week_fields(const Fields& f, std::int64_t day) {
  WeekDate w = week_date(day);
  if (f.has(Field::week)) {
    PACKHOUSE_TRY(const auto week, f.integer(Field::week, 1, 53));
    if (week > weeks_in_year(w.year)) return no_such_day("Week", week, w.year);
    w.week = static_cast<int>(week);
  }
  if (f.has(Field::day_of_week)) {
    PACKHOUSE_TRY(const auto d, f.integer(Field::day_of_week, 1, 7));
    w.day = static_cast<int>(d);
  }
  return to_days(w);
}

Result<std::int64_t> with_quarter_fields(const Fields& f, std::int64_t day) {
  Civil c = from_days(day);
  if (f.has(Field::quarter)) {
    PACKHOUSE_TRY(const auto quarter, f.integer(Field::quarter, 1, 4));
    day = clamped(c.year, static_cast<int>(quarter - 1) * 3 + (c.month - 1) % 3 + 1, c.day);
    c = from_days(day);
  }
  if (f.has(Field::day_of_quarter)) {
    PACKHOUSE_TRY(const auto d, f.integer(Field::day_of_quarter, 1, 92));
    const int quarter = quarter_of(c.month);
    if (d > days_in_quarter(c.year, quarter))
      return no_such_day("Day " + std::to_string(d) + " of quarter", quarter, c.year);
    day = to_days(Civil{c.year, quarter * 3 - 2, 1}) + d - 1;
  }
  return day;
}

Result<std::int64_t> with_calendar_fields(const Fields& f, std::int64_t day) {
  Civil c = from_days(day);
  if (f.has(Field::month)) {
    PACKHOUSE_TRY(const auto month, f.integer(Field::month, 1, 12));
    day = clamped(c.year, static_cast<int>(month), c.day);
    c = from_days(day);
  }
  if (f.has(Field::day)) {
    PACKHOUSE_TRY(const auto d, f.integer(Field::day, 1, 31));
    if (d > days_in_month(c.year, c.month))
      return no_such_day("Day " + std::to_string(d) + " of month", c.month, c.year);
    day = to_days(Civil{c.year, c.month, static_cast<int>(d)});
  }
  return day;
}

}  // namespace

Result<std::int64_t> with_date_fields(const Fields& f, std::int64_t day) {
  if (f.has(Field::year)) {
    PACKHOUSE_TRY(const auto year, f.integer(Field::year, min_year, max_year));
    if (f.has(Field::week)) {
      // Next to a week, the year is the one that weeks are counted in.
      WeekDate w = week_date(day);
      w.year = year;
      w.week = std::min(w.week, weeks_in_year(year));
      day = to_days(w);
    } else {
      const Civil c = from_days(day);
      day = clamped(year, c.month, c.day);
    }
  }
  if (f.has(Field::ordinal_day)) {
    PACKHOUSE_TRY(const auto ordinal, f.integer(Field::ordinal_day, 1, 366));
    const std::int64_t year = from_days(day).year;
    if (ordinal > days_in_year(year)) return no_such_day("Day", ordinal, year);
    return to_days(Civil{year, 1, 1}) + ordinal - 1;
  }
  PACKHOUSE_TRY(day, with_week_fields(f, day));
  PACKHOUSE_TRY(day, with_quarter_fields(f, day));
  return with_calendar_fields(f, day);
}

Result<std::int64_t> with_time_fields(const Fields& f, std::int64_t nanos) {
  std::int64_t second_of_day = nanos / nanos_per_second;
  std::int64_t hour = second_of_day / 3600, minute = second_of_day / 60 % 60, second = second_of_day % 60;
  std::int64_t sub = nanos % nanos_per_second;
  if (f.has(Field::hour)) {
    PACKHOUSE_TRY(hour, f.integer(Field::hour, 0, 23));
  }
  if (f.has(Field::minute)) {
    PACKHOUSE_TRY(minute, f.integer(Field::minute, 0, 59));
  }
  if (f.has(Field::second)) {
    PACKHOUSE_TRY(second, f.integer(Field::second, 0, 59));
  }
  if (f.has_subsecond()) {
    // A part may be as large as what the next larger part that is given leaves to it.
    const bool milli = f.has(Field::millisecond), micro = f.has(Field::microsecond);
    sub = 0;
    if (milli) {
      PACKHOUSE_TRY(const auto n, f.integer(Field::millisecond, 0, 999));
      sub += n * 1'000'000;
    }
    if (micro) {
      PACKHOUSE_TRY(const auto n, f.integer(Field::microsecond, 0, milli ? 999 : 999'999));
      sub += n * 1'000;
    }
    if (f.has(Field::nanosecond)) {
      PACKHOUSE_TRY(const auto n, f.integer(Field::nanosecond, 0, micro ? 999 : milli ? 999'999 : 999'999'999));
      sub += n;
    }
  }
  return ((hour * 60 + minute) * 60 + second) * nanos_per_second + sub;
}

namespace {

/// The first day of the year 0 or, if weeks are counted, of the week-year 0: what is not given is 1.
std::int64_t first_day(const Fields& f) {
  return f.has(Field::week) ? to_days(WeekDate{0, 1, 1}) : to_days(Civil{0, 1, 1});
}

Result<Parts> epoch_parts(const Fields& f) {
  const bool millis = f.has(Field::epoch_millis);
  const Field field = millis ? Field::epoch_millis : Field::epoch_seconds;
  const std::int64_t scale = millis ? 1000 : 1;
  // 64 bits of milliseconds are all within the calendar.
  PACKHOUSE_TRY(const auto n,
                millis ? f.integer(field, INT64_MIN, INT64_MAX) : f.integer(field, min_second, max_second));
  return at_instant({floor_div(n, scale), static_cast<std::int32_t>(floor_mod(n, scale) * (nanos_per_second / scale))},
                    Zone());
}

/// What the map selects from, before its own components are applied.
Result<Parts> selected(const Fields& f, Kind target, const Now& now) {
  Parts p;
  if (f.has(Field::datetime)) {
    PACKHOUSE_TRY(p, f.base(Field::datetime, true, false));
  } else if (f.has(Field::epoch_seconds) || f.has(Field::epoch_millis)) {
    PACKHOUSE_TRY(p, epoch_parts(f));
  } else {
    if (f.has(Field::time)) {
      PACKHOUSE_TRY(p, f.base(Field::time, false, true));
      p.day.reset();
    }
    if (f.has(Field::date)) {
      PACKHOUSE_TRY(const Parts other, f.base(Field::date, true, false));
      p.day = other.day;
    }
  }
  if (!p.day) p.day = first_day(f);
  if (!p.nanos) p.nanos = 0;
  if (target == Kind::time && p.zone) p.zone = Zone::offset(*p.offset);  // a time has no day to look its zone up with
  if (!p.zone && !f.has(Field::timezone)) p.zone = now.zone;
  return p;
}

/// Puts the value into the zone that the map names: the same moment if what was selected had a zone, else the
/// same local time.
void change_zone(Parts& p, Zone zone, Kind target, const Now& now) {
  if (target == Kind::time) {
    const std::int32_t offset = offset_now(zone, now);
    if (p.zone) p.nanos = floor_mod(*p.nanos + (offset - p.offset.value_or(0)) * nanos_per_second, nanos_per_day);
    p.zone = Zone::offset(offset);
    p.offset = offset;
  } else if (p.zone) {
    p = in_zone(p, zone);
  } else {
    p.zone = zone;
  }
}

}  // namespace

Result<Value> build(Kind target, const Fields& given, const Now& now) {
  Fields f = given;
  if (f.only(Field::timezone)) {
    PACKHOUSE_TRY(const Zone zone, f.zone());
    return temporal_current(target, now, zone);
  }
  PACKHOUSE_CHECK(f.check(target));
  PACKHOUSE_TRY(Parts p, selected(f, target, now));
  if (f.has_date()) {
    PACKHOUSE_TRY(p.day, with_date_fields(f, *p.day));
  }
  if (f.has(Field::epoch_millis) && f.has_subsecond() && !f.has(Field::millisecond)) {
    f.set(Field::millisecond, Value::integer(subsecond(p) / 1'000'000));  // smaller parts are added to it
  }
  if (f.has_time()) {
    PACKHOUSE_TRY(p.nanos, with_time_fields(f, *p.nanos));
  }
  // Another day or time may have another offset; the old one only says which of two equal hours is meant.
  if (target != Kind::time && p.zone && !p.zone->is_named()) p.offset = p.zone->offset_seconds();
  if (f.has(Field::timezone)) {
    PACKHOUSE_TRY(const Zone zone, f.zone());
    change_zone(p, zone, target, now);
  }
  if (target == Kind::time && !p.offset) p.offset = offset_now(*p.zone, now);
  return assemble(target, p, Status::argument_error);
}

}  // namespace packhouse::temporal

namespace packhouse {

Result<Value> temporal_from_map(Kind target, std::span<const MapEntry> components, const Now& now) {
  bool any_null = false;
  PACKHOUSE_TRY(const auto fields, temporal::Fields::read(components, any_null));
  if (any_null) return Value();
  return temporal::build(target, fields, now);
}

}  // namespace packhouse
