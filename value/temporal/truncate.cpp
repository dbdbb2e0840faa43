#include <array>

#include "value/print.hpp"
#include "value/temporal/build.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::temporal {
namespace {

using namespace calendar;

enum class Unit : std::uint8_t {
  millennium,
  century,
  decade,
  year,
  week_year,
  quarter,
  month,
  week,
  day,
  hour,
  minute,
  second,
  millisecond,
  microsecond,
};

constexpr std::array<std::string_view, 14> unit_names{"millennium", "century", "decade",      "year",       "weekyear",
                                                      "quarter",    "month",   "week",        "day",        "hour",
                                                      "minute",     "second",  "millisecond", "microsecond"};

Result<Unit> read_unit(std::string_view name) {
  const std::string wanted = lower(name);
  for (std::size_t i = 0; i < unit_names.size(); ++i) {
    if (unit_names[i] == wanted) return static_cast<Unit>(i);
  }
  return fail(Status::argument_error, "Unsupported unit: " + quote(name));
}

std::int64_t truncate_day(Unit unit, std::int64_t day) {
  const Civil c = from_days(day);
  const auto first_of_years = [&](std::int64_t years) {
    return to_days(Civil{floor_div(c.year, years) * years, 1, 1});
  };
  switch (unit) {
    case Unit::millennium: return first_of_years(1000);
    case Unit::century: return first_of_years(100);
    case Unit::decade: return first_of_years(10);
    case Unit::year: return first_of_years(1);
    case Unit::week_year: return to_days(WeekDate{week_date(day).year, 1, 1});
    case Unit::quarter: return to_days(Civil{c.year, quarter_of(c.month) * 3 - 2, 1});
    case Unit::month: return to_days(Civil{c.year, c.month, 1});
    case Unit::week: return day - (day_of_week(day) - 1);
    default: return day;
  }
}

std::int64_t truncate_time(Unit unit, std::int64_t nanos) {
  switch (unit) {
    case Unit::hour: return nanos - nanos % (3600 * nanos_per_second);
    case Unit::minute: return nanos - nanos % (60 * nanos_per_second);
    case Unit::second: return nanos - nanos % nanos_per_second;
    case Unit::millisecond: return nanos - nanos % 1'000'000;
    case Unit::microsecond: return nanos - nanos % 1'000;
    default: return 0;
  }
}

/// Day and time cut down to the unit, if the value has what that takes.
Result<Parts> truncate_parts(Kind target, Unit unit, const Value& v) {
  const auto refuse = [&](std::string_view why) {
    return fail(Status::argument_error,
                "Cannot truncate " + print(v, 60) + " to a " + std::string(type_name(target)) + " with the unit " +
                    std::string(unit_names[static_cast<std::size_t>(unit)]) + ": " + std::string(why));
  };
  Parts p = take_apart(v);
  const bool wants_day = target != Kind::local_time && target != Kind::time;
  if (wants_day && !p.day) return refuse("it has no date");
  if (!wants_day && !p.nanos) return refuse("it has no time");
  if (!wants_day && unit < Unit::day) return refuse("the unit is too large for a time");
  if (target == Kind::date && unit > Unit::day) return refuse("the unit is too small for a date");
  if (unit > Unit::day && !p.nanos) return refuse("it has no time");
  if (p.day) p.day = truncate_day(unit, *p.day);
  p.nanos = truncate_time(unit, p.nanos.value_or(0));
  return p;
}

/// date.truncate('millisecond', d, {nanosecond: 2}) changes what lies below the unit, not the unit itself.
void keep_larger_subseconds(Fields& f, Unit unit, std::int64_t sub) {
  const bool below_milli = f.has(Field::microsecond) || f.has(Field::nanosecond);
  if (unit == Unit::millisecond && below_milli && !f.has(Field::millisecond)) {
    f.set(Field::millisecond, Value::integer(sub / 1'000'000));
  }
  if (unit == Unit::microsecond && f.has(Field::nanosecond) && !f.has(Field::microsecond)) {
    if (!f.has(Field::millisecond)) f.set(Field::millisecond, Value::integer(sub / 1'000'000));
    f.set(Field::microsecond, Value::integer(sub / 1'000 % 1'000));
  }
}

/// The truncated value keeps its local time when it is put into another zone, unlike in build().
Result<void> replace_zone(Parts& p, Kind target, const Fields& f, const Now& now) {
  if (!f.has(Field::timezone)) return ok;
  PACKHOUSE_TRY(p.zone, f.zone());
  p.offset.reset();
  if (target == Kind::time) p.offset = offset_now(*p.zone, now);
  return ok;
}

}  // namespace
}  // namespace packhouse::temporal

namespace packhouse {

using namespace temporal;

Result<Value> temporal_truncate(Kind target, std::string_view unit_name, const Value& temporal,
                                std::span<const MapEntry> overrides, const Now& now) {
  if (!is_temporal(temporal.kind())) {
    return fail(Status::type_error, "Expected a temporal value to truncate, but was " + print(temporal, 60));
  }
  PACKHOUSE_TRY(const Unit unit, read_unit(unit_name));
  bool any_null = false;
  PACKHOUSE_TRY(Fields fields, Fields::read(overrides, any_null));
  if (any_null) return Value();
  PACKHOUSE_TRY(Parts p, truncate_parts(target, unit, temporal));
  if (!p.zone) p.zone = now.zone;
  if (target == Kind::time && !p.offset) p.offset = offset_now(*p.zone, now);
  const bool takes_zone = target == Kind::time || target == Kind::datetime;
  if (takes_zone) PACKHOUSE_CHECK(replace_zone(p, target, fields, now));
  PACKHOUSE_TRY(const Value truncated, assemble(target, p, Status::argument_error));
  if (fields.empty()) return truncated;
  if (fields.has(Field::timezone) && !takes_zone) {
    return fail(Status::argument_error, "Cannot assign time zone if also assigning other fields.");
  }
  keep_larger_subseconds(fields, unit, subsecond(p));
  const bool day = target != Kind::local_time && target != Kind::time;
  fields.set(target == Kind::date ? Field::date : day ? Field::datetime : Field::time, truncated);
  return build(target, fields, now);
}

}  // namespace packhouse
