#include "value/print.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/duration.hpp"
#include "value/temporal/parts.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse {

using namespace temporal;
using namespace calendar;

namespace {

/// Two values that have been given the parts that only the other one had, so that they can be compared:
/// a time takes the other's date, a local value the other's zone, a date begins at midnight.
struct Comparable {
  Parts from, to;
};

Result<Comparable> comparable(const Value& from, const Value& to) {
  for (const Value* v : {&from, &to}) {
    if (!is_temporal(v->kind())) return fail(Status::type_error, "Expected a temporal value, but was " + print(*v, 60));
  }
  Comparable c{take_apart(from), take_apart(to)};
  const auto share = [&c](auto part) {
    if (!(c.from.*part)) c.from.*part = c.to.*part;
    if (!(c.to.*part)) c.to.*part = c.from.*part;
  };
  share(&Parts::day);
  for (Parts* p : {&c.from, &c.to}) {
    if (!p->nanos) p->nanos = 0;
  }
  share(&Parts::zone);
  return c;
}

/// The two local dates and times to count months or days between: both on the clocks of from's zone.
struct Local {
  std::int64_t from_day, from_nanos, to_day, to_nanos;

  /// The last day whose distance counts in full: the day before (or after) if the time of day is not reached.
  std::int64_t last_day() const {
    if (to_day > from_day && to_nanos < from_nanos) return to_day - 1;
    if (to_day < from_day && to_nanos > from_nanos) return to_day + 1;
    return to_day;
  }
};

Local local(const Comparable& c) {
  const Parts to = c.to.zone ? in_zone(c.to, *c.from.zone) : c.to;
  return {c.from.day.value_or(0), *c.from.nanos, to.day.value_or(0), *to.nanos};
}

Result<std::int64_t> whole_months(const Comparable& c) {
  if (!c.from.day) return fail(Status::argument_error, "Unsupported unit: months between two times");
  const Local l = local(c);
  return months_between(l.from_day, l.last_day());
}

Result<std::int64_t> whole_days(const Comparable& c) {
  if (!c.from.day) return fail(Status::argument_error, "Unsupported unit: days between two times");
  const Local l = local(c);
  return l.last_day() - l.from_day;
}

/// Exactly, on the time line if there is a zone, else on the local clock.
Result<Duration> exact_difference(const Comparable& c, std::int64_t months, std::int64_t days) {
  const std::int64_t seconds = utc_seconds(c.to) - utc_seconds(c.from);
  return make_duration(months, days, seconds, subsecond(c.to) - subsecond(c.from), Status::arithmetic_error);
}

}  // namespace

Result<Duration> duration_between(const Value& from, const Value& to) {
  PACKHOUSE_TRY(Comparable c, comparable(from, to));
  const bool both_have_dates = take_apart(from).day && take_apart(to).day;
  if (!both_have_dates) return exact_difference(c, 0, 0);
  PACKHOUSE_TRY(const std::int64_t months, whole_months(c));
  c.from.day = add_months(*c.from.day, months);
  PACKHOUSE_TRY(const std::int64_t days, whole_days(c));
  *c.from.day += days;
  return exact_difference(c, months, days);
}

Result<Duration> duration_in_months(const Value& from, const Value& to) {
  PACKHOUSE_TRY(const Comparable c, comparable(from, to));
  PACKHOUSE_TRY(const std::int64_t months, whole_months(c));
  return Duration{.months = months};
}

Result<Duration> duration_in_days(const Value& from, const Value& to) {
  PACKHOUSE_TRY(const Comparable c, comparable(from, to));
  PACKHOUSE_TRY(const std::int64_t days, whole_days(c));
  return Duration{.days = days};
}

Result<Duration> duration_in_seconds(const Value& from, const Value& to) {
  PACKHOUSE_TRY(const Comparable c, comparable(from, to));
  return exact_difference(c, 0, 0);
}

}  // namespace packhouse
