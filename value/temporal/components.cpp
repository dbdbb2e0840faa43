#include <algorithm>
#include <array>
#include <limits>

#include "base/int128.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/parts.hpp"
#include "value/temporal/print.hpp"

namespace packhouse {

using namespace temporal;
using namespace calendar;

namespace {

using Number = std::optional<std::int64_t>;

template <class Of>
struct Component {
  std::string_view name;  // lower case
  std::int64_t (*of)(Of);
};

template <class Of, std::size_t n>
Number look_up(const std::array<Component<Of>, n>& table, std::string_view name, Of of) {
  const auto at = std::ranges::find(table, name, &Component<Of>::name);
  return at == table.end() ? Number() : at->of(of);
}

constexpr std::array<Component<std::int64_t>, 11> of_day{{
    {"year", [](std::int64_t d) { return from_days(d).year; }},
    {"quarter", [](std::int64_t d) { return std::int64_t{quarter_of(from_days(d).month)}; }},
    {"month", [](std::int64_t d) { return std::int64_t{from_days(d).month}; }},
    {"week", [](std::int64_t d) { return std::int64_t{week_date(d).week}; }},
    {"weekyear", [](std::int64_t d) { return week_date(d).year; }},
    {"day", [](std::int64_t d) { return std::int64_t{from_days(d).day}; }},
    {"ordinalday", [](std::int64_t d) { return std::int64_t{day_of_year(d)}; }},
    {"weekday", [](std::int64_t d) { return std::int64_t{day_of_week(d)}; }},
    {"dayofweek", [](std::int64_t d) { return std::int64_t{day_of_week(d)}; }},
    {"dayofquarter", [](std::int64_t d) { return std::int64_t{day_of_quarter(d)}; }},
    {"quarterday", [](std::int64_t d) { return std::int64_t{day_of_quarter(d)}; }},
}};

constexpr std::array<Component<std::int64_t>, 6> of_time{{
    {"hour", [](std::int64_t n) { return n / (3600 * nanos_per_second); }},
    {"minute", [](std::int64_t n) { return n / (60 * nanos_per_second) % 60; }},
    {"second", [](std::int64_t n) { return n / nanos_per_second % 60; }},
    {"millisecond", [](std::int64_t n) { return n % nanos_per_second / 1'000'000; }},
    {"microsecond", [](std::int64_t n) { return n % nanos_per_second / 1'000; }},
    {"nanosecond", [](std::int64_t n) { return n % nanos_per_second; }},
}};

/// A length of time in one small unit; null if that takes more than 64 bits.
Value in_unit(std::int64_t seconds, std::int32_t nanos, std::int64_t per_second) {
  const int128 n = int128{seconds} * per_second + nanos / (nanos_per_second / per_second);
  const bool fits = n >= std::numeric_limits<std::int64_t>::min() && n <= std::numeric_limits<std::int64_t>::max();
  return fits ? Value::integer(static_cast<std::int64_t>(n)) : Value();
}

constexpr std::array<Component<const Duration&>, 17> of_duration{{
    {"years", [](const Duration& d) { return d.months / 12; }},
    {"quarters", [](const Duration& d) { return d.months / 3; }},
    {"months", [](const Duration& d) { return d.months; }},
    {"weeks", [](const Duration& d) { return d.days / 7; }},
    {"days", [](const Duration& d) { return d.days; }},
    {"hours", [](const Duration& d) { return d.seconds / 3600; }},
    {"minutes", [](const Duration& d) { return d.seconds / 60; }},
    {"seconds", [](const Duration& d) { return d.seconds; }},
    {"quartersofyear", [](const Duration& d) { return d.months / 3 % 4; }},
    {"monthsofyear", [](const Duration& d) { return d.months % 12; }},
    {"monthsofquarter", [](const Duration& d) { return d.months % 3; }},
    {"daysofweek", [](const Duration& d) { return d.days % 7; }},
    {"minutesofhour", [](const Duration& d) { return d.seconds / 60 % 60; }},
    {"secondsofminute", [](const Duration& d) { return d.seconds % 60; }},
    {"millisecondsofsecond", [](const Duration& d) { return std::int64_t{d.nanos / 1'000'000}; }},
    {"microsecondsofsecond", [](const Duration& d) { return std::int64_t{d.nanos / 1'000}; }},
    {"nanosecondsofsecond", [](const Duration& d) { return std::int64_t{d.nanos}; }},
}};

std::optional<Value> text(std::string_view s, Arena& arena) {
  return Value::string(arena.copy(s));
}

std::optional<Value> zone_component(const Value& v, const Parts& p, std::string_view name, Arena& arena) {
  if (name == "timezone") return text(zone_text(*p.zone), arena);
  if (name == "offset") return text(zone_text(Zone::offset(*p.offset)), arena);
  if (name == "offsetminutes") return Value::integer(*p.offset / 60);
  if (name == "offsetseconds") return Value::integer(*p.offset);
  if (!v.is(Kind::datetime)) return std::nullopt;
  const DateTime t = v.as_datetime();
  if (name == "epochseconds") return Value::integer(t.seconds);
  if (name == "epochmillis") return in_unit(t.seconds, t.nanos, 1'000);
  return std::nullopt;
}

}  // namespace

std::optional<Value> temporal_component(const Value& v, std::string_view name, Arena& arena) {
  const std::string wanted = lower(name);
  if (v.is(Kind::duration)) {
    const Duration& d = v.as_duration();
    if (wanted == "milliseconds") return in_unit(d.seconds, d.nanos, 1'000);
    if (wanted == "microseconds") return in_unit(d.seconds, d.nanos, 1'000'000);
    if (wanted == "nanoseconds") return in_unit(d.seconds, d.nanos, nanos_per_second);
    const Number n = look_up<const Duration&>(of_duration, wanted, d);
    return n ? std::optional(Value::integer(*n)) : std::nullopt;
  }
  if (!is_temporal(v.kind())) return std::nullopt;
  const Parts p = take_apart(v);
  Number n = p.day ? look_up(of_day, wanted, *p.day) : Number();
  if (!n && p.nanos) n = look_up(of_time, wanted, *p.nanos);
  if (n) return Value::integer(*n);
  return p.zone ? zone_component(v, p, wanted, arena) : std::nullopt;
}

}  // namespace packhouse
