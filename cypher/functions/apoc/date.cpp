#include <algorithm>
#include <array>

#include "base/int128.hpp"
#include "cypher/functions/apoc/apoc.hpp"
#include "cypher/functions/apoc/java_format.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/print.hpp"

// apoc.date.* (numbers since 1970 and texts) and apoc.temporal.*.
namespace packhouse::cypher::apoc {
namespace {

using temporal::Parts;

constexpr std::string_view common_format = "yyyy-MM-dd HH:mm:ss";

/// Milliseconds of a unit by one of its names.
std::int64_t unit_of(std::string_view function, std::string_view name) {
  struct Unit {
    std::int64_t millis;
    std::array<std::string_view, 4> names;
  };
  static constexpr std::array units{Unit{1, {"ms", "milli", "millis", "milliseconds"}}, Unit{1000, {"s", "second", "seconds", ""}},
                                    Unit{60'000, {"m", "minute", "minutes", ""}}, Unit{3'600'000, {"h", "hour", "hours", ""}},
                                    Unit{86'400'000, {"d", "day", "days", ""}}};
  const std::string lower = temporal::lower(name);
  for (const Unit& u : units) {
    if (!lower.empty() && std::ranges::find(u.names, lower) != u.names.end()) return u.millis;
  }
  function_failed(function, "The unit: " + std::string(name) + " is not correct");
}

std::int64_t checked(std::string_view function, int128 n) {
  if (n > INT64_MAX || n < INT64_MIN) throw QueryError(Status::arithmetic_error, std::string(function) + ": long overflow");
  return static_cast<std::int64_t>(n);
}

Zone zone_argument(std::string_view function, Arguments a, std::size_t i) {
  const auto name = text_or(function, a, i, "");
  if (name.empty()) return Zone::offset(0);
  auto zone = zone_from_text(name);
  if (!zone) function_failed(function, "The timezone is not known: " + std::string(name));
  return *zone;
}

/// What clocks of a zone show so many milliseconds after 1970.
Parts at_millis(std::string_view function, std::int64_t millis, Zone zone) {
  const Instant instant{calendar::floor_div(millis, 1000), static_cast<std::int32_t>(calendar::floor_mod(millis, 1000) * 1'000'000)};
  if (instant.seconds < calendar::min_second || instant.seconds > calendar::max_second)
    function_failed(function, "the time is out of range");
  return temporal::at_instant(instant, zone);
}

/// Milliseconds since 1970; what has no zone of its own is in `zone`.
std::int64_t millis_of(std::string_view function, Parts p, Zone zone) {
  if (!p.zone) p.zone = zone;
  if (!p.nanos) p.nanos = 0;
  return checked(function, int128(temporal::utc_seconds(p)) * 1000 + temporal::subsecond(p) / 1'000'000);
}

Value format(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.date.format";
  if (a[0].is_null()) return Value();
  const std::int64_t unit = unit_of(name, text_or(name, a, 1, "ms"));
  const Parts p = at_millis(name, checked(name, int128(integer_argument(name, a[0])) * unit), zone_argument(name, a, 3));
  return text(c.arena, JavaFormat(name, text_or(name, a, 2, common_format)).print(p));
}

Value parse(CallContext&, Arguments a) {
  constexpr std::string_view name = "apoc.date.parse";
  if (a[0].is_null() || string_argument(name, a[0]).empty()) return Value();
  const std::int64_t unit = unit_of(name, text_or(name, a, 1, "ms"));
  const Parts p = JavaFormat(name, text_or(name, a, 2, common_format)).read(a[0].as_string());
  return Value::integer(millis_of(name, p, zone_argument(name, a, 3)) / unit);
}

Value convert_format(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.date.convertFormat";
  if (a[0].is_null() || string_argument(name, a[0]).empty()) return Value();
  const Parts p = JavaFormat(name, text_or(name, a, 1, common_format)).read(a[0].as_string());
  return text(c.arena, JavaFormat(name, text_or(name, a, 2, "yyyy-MM-dd")).print(p));
}

Value convert(CallContext&, Arguments a) {
  constexpr std::string_view name = "apoc.date.convert";
  if (a[0].is_null()) return Value();
  const int128 millis = int128(integer_argument(name, a[0])) * unit_of(name, string_argument(name, a[1]));
  return Value::integer(checked(name, millis / unit_of(name, string_argument(name, a[2]))));
}

Value add(CallContext&, Arguments a) {
  constexpr std::string_view name = "apoc.date.add";
  if (a[0].is_null() || a[2].is_null()) return Value();
  const std::int64_t unit = unit_of(name, string_argument(name, a[1]));
  const int128 more = int128(integer_argument(name, a[2])) * unit_of(name, string_argument(name, a[3])) / unit;
  return Value::integer(checked(name, int128(integer_argument(name, a[0])) + more));
}

Value current(CallContext&, Arguments) {
  const Instant now = wall_clock();
  return Value::integer(now.seconds * 1000 + now.nanos / 1'000'000);
}

Value to_iso(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.date.toISO8601";
  if (a[0].is_null()) return Value();
  const std::int64_t unit = unit_of(name, text_or(name, a, 1, "ms"));
  const Parts p = at_millis(name, checked(name, int128(integer_argument(name, a[0])) * unit), Zone::offset(0));
  return text(c.arena, JavaFormat(name, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").print(p));
}

Value from_iso(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.date.fromISO8601";
  if (a[0].is_null()) return Value();
  const Now now{{c.exec.clock.statement_seconds, c.exec.clock.statement_nanos}, Zone::offset(0)};
  const Value v = or_throw(temporal_from_text(Kind::datetime, string_argument(name, a[0]), now));
  const DateTime t = v.as_datetime();
  return Value::integer(checked(name, int128(t.seconds) * 1000 + t.nanos / 1'000'000));
}

Value field_of(std::string_view function, const Parts& p, std::string_view name) {
  const std::string unit = temporal::lower(name);
  const auto is = [&](std::initializer_list<std::string_view> names) { return std::ranges::find(names, std::string_view(unit)) != names.end(); };
  const std::int64_t seconds = p.nanos.value_or(0) / calendar::nanos_per_second;
  const auto civil = calendar::from_days(*p.day);
  if (is({"year", "years"})) return Value::integer(civil.year);
  if (is({"month", "months"})) return Value::integer(civil.month);
  if (is({"d", "day", "days"})) return Value::integer(civil.day);
  if (is({"w", "weekday", "weekdays"})) return Value::integer(calendar::day_of_week(*p.day));
  if (is({"h", "hour", "hours"})) return Value::integer(seconds / 3600);
  if (is({"m", "minute", "minutes"})) return Value::integer(seconds / 60 % 60);
  if (is({"s", "second", "seconds"})) return Value::integer(seconds % 60);
  if (is({"ms", "milli", "millis", "milliseconds"})) return Value::integer(temporal::subsecond(p) / 1'000'000);
  function_failed(function, "The unit: " + std::string(name) + " is not correct");
}

Value field(CallContext&, Arguments a) {
  constexpr std::string_view name = "apoc.date.field";
  if (a[0].is_null()) return Value();
  return field_of(name, at_millis(name, integer_argument(name, a[0]), zone_argument(name, a, 2)), text_or(name, a, 1, "d"));
}

Value fields(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.date.fields";
  if (a[0].is_null()) return Value::map({});
  const Parts p = JavaFormat(name, text_or(name, a, 1, common_format)).read(string_argument(name, a[0]));
  std::vector<MapEntry> out;
  for (const std::string_view unit : {"weekdays", "years", "months", "days"}) out.push_back({unit, field_of(name, p, unit)});
  if (p.nanos) {
    for (const std::string_view unit : {"hours", "minutes", "seconds"}) out.push_back({unit, field_of(name, p, unit)});
  }
  if (p.zone) out.push_back({"zoneid", text(c.arena, temporal::zone_text(*p.zone))});
  return map_value(c, out);
}

Value temporal_format(CallContext& c, Arguments a) {
  constexpr std::string_view name = "apoc.temporal.format";
  if (a[0].is_null()) return Value();
  if (!is_temporal(a[0].kind())) function_failed(name, "expected a date or time, but was " + std::string(type_name(a[0].kind())));
  return text(c.arena, JavaFormat(name, text_or(name, a, 1, "yyyy-MM-dd")).print(temporal::take_apart(a[0])));
}

Value to_zoned(CallContext&, Arguments a) {
  constexpr std::string_view name = "apoc.temporal.toZonedTemporal";
  if (a[0].is_null()) return Value();
  Parts p = JavaFormat(name, text_or(name, a, 1, common_format)).read(string_argument(name, a[0]));
  if (!p.zone) p.zone = zone_argument(name, a, 2);
  return or_throw(temporal::assemble(Kind::datetime, p));
}

}  // namespace

void add_date_functions(Functions& out) {
  FunctionFamily f(out, "apoc.date.");
  const Argument time{"time", Type::integer}, unit{"unit", Type::string}, pattern{"format", Type::string}, zone{"timezone", Type::string};
  const Argument time_text{"time", Type::string};
  f.add("format", {time, unit, pattern, zone}, 1, Type::string, "Writes a time since 1970 by a pattern of Java.", format);
  f.add("parse", {time_text, unit, pattern, zone}, 1, Type::integer, "Reads a time since 1970 by a pattern of Java.", parse);
  f.add("convertFormat", {{"temporal", Type::string}, {"currentFormat", Type::string}, {"convertTo", Type::string}}, 2, Type::string,
        "Writes a time that is text by another pattern of Java.", convert_format);
  f.add("convert", {time, unit, {"toUnit", Type::string}}, 3, Type::integer, "Turns a time into another unit.", convert);
  f.add("add", {time, unit, {"addValue", Type::integer}, {"addUnit", Type::string}}, 4, Type::integer, "Adds to a time.", add);
  f.add("currentTimestamp", {}, 0, Type::integer, "Returns the milliseconds since 1970.", current).deterministic = false;
  f.add("toISO8601", {time, unit}, 1, Type::string, "Writes a time since 1970 as ISO 8601 has it.", to_iso);
  f.add("fromISO8601", {time_text}, 1, Type::integer, "Reads the milliseconds since 1970 from ISO 8601.", from_iso);
  f.add("field", {time, unit, zone}, 1, Type::integer, "Returns one field of a time in milliseconds since 1970.", field);
  f.add("fields", {{"date", Type::string}, {"pattern", Type::string}}, 1, Type::map, "Reads the fields of a time by a pattern of Java.",
        fields);
  f.add("systemTimezone", {}, 0, Type::string, "Returns the time zone of the server.",
        [](CallContext&, Arguments) { return Value::string("UTC"); });
  FunctionFamily t(out, "apoc.temporal.");
  t.add("format", {{"temporal", Type::temporal}, pattern}, 1, Type::string, "Writes a date or time by a pattern of Java.", temporal_format);
  t.add("toZonedTemporal", {time_text, pattern, zone}, 1, Type::datetime, "Reads a date and time by a pattern of Java.", to_zoned);
}

}  // namespace packhouse::cypher::apoc
