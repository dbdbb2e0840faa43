#include <cmath>

#include "value/print.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/duration.hpp"
#include "value/temporal/parts.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse {

using namespace temporal;
using namespace calendar;

namespace {

// Far beyond the calendar, near enough that sums of these stay within 64 bits.
constexpr std::int64_t most_months = 12 * 2 * max_year;
constexpr std::int64_t most_days = 2 * max_day;
constexpr std::int64_t most_seconds = most_days * seconds_per_day;

tl::unexpected<Error> overflow() {
  return fail(Status::arithmetic_error, "the sum is outside of the years -999,999,999 to 999,999,999");
}

bool within(std::int64_t n, std::int64_t most) {
  return n >= -most && n <= most;
}

/// Months and then days later on the local calendar, each step within the valid years.
Result<std::int64_t> add_to_day(std::int64_t day, std::int64_t months, std::int64_t days) {
  if (!within(months, most_months) || !within(days, most_days)) return overflow();
  const std::int64_t later = add_months(day, months);
  if (!is_valid_day(later) || !is_valid_day(later + days)) return overflow();
  return later + days;
}

Result<Value> add_to_time(Kind kind, Parts p, const Duration& d) {
  const std::int64_t nanos = floor_mod(d.seconds, seconds_per_day) * nanos_per_second + d.nanos;
  p.nanos = floor_mod(*p.nanos + nanos, nanos_per_day);
  return assemble(kind, p);
}

Result<Value> add_to_date(Parts p, const Duration& d) {
  // Only whole days count, towards zero.
  const bool borrow = d.seconds < 0 && d.nanos > 0;
  const std::int64_t whole_days = (borrow ? d.seconds + 1 : d.seconds) / seconds_per_day;
  if (!within(d.days, most_days)) return overflow();
  PACKHOUSE_TRY(p.day, add_to_day(*p.day, d.months, d.days + whole_days));
  return assemble(Kind::date, p);
}

/// Months and days are added to what clocks show, seconds to the moment.
Result<Value> add_to_datetime(Kind kind, Parts p, const Duration& d) {
  if (!within(d.seconds, most_seconds)) return overflow();
  PACKHOUSE_TRY(p.day, add_to_day(*p.day, d.months, d.days));
  std::int64_t seconds = utc_seconds(p) + d.seconds;
  std::int64_t nanos = subsecond(p) + d.nanos;
  if (nanos >= nanos_per_second) nanos -= nanos_per_second, ++seconds;
  const Parts sum = at_instant({seconds, static_cast<std::int32_t>(nanos)}, p.zone.value_or(Zone()));
  if (!is_valid_day(*sum.day)) return overflow();
  if (kind == Kind::datetime) return Value::datetime({seconds, static_cast<std::int32_t>(nanos), *p.zone});
  return Value::local_datetime({seconds, static_cast<std::int32_t>(nanos)});
}

Result<Duration> negated(const Duration& d) {
  return make_duration(-int128{d.months}, -int128{d.days}, -int128{d.seconds}, -int128{d.nanos},
                       Status::arithmetic_error);
}

Result<Duration> scaled(const Duration& d, long double factor) {
  const auto months = amount_of(static_cast<long double>(d.months) * factor);
  const auto days = amount_of(static_cast<long double>(d.days) * factor);
  const auto seconds = amount_of(static_cast<long double>(d.seconds) * factor);
  const long double nanos = static_cast<long double>(d.nanos) * factor;
  if (!months || !days || !seconds || !amount_of(nanos, 1e28L)) {
    return fail(Status::arithmetic_error, "Invalid value for duration: it is longer than 2^63 seconds");
  }
  DurationSum sum;
  sum.add_months(*months, 1);
  sum.add_days(*days, 1);
  sum.add_nanos({seconds->whole, 0}, nanos_per_second);
  // -0.5 s is kept as -1 s and 0.5 s; cut apart, the two would be rounded in different directions.
  sum.add_nanos(*amount_of(seconds->fraction * static_cast<long double>(nanos_per_second) + nanos, 2e28L), 1);
  return sum.finish(Status::arithmetic_error);
}

}  // namespace

Result<Value> temporal_add(const Value& v, const Duration& d, bool subtract, Arena& arena) {
  if (v.is(Kind::duration)) {
    PACKHOUSE_TRY(const Duration sum, duration_add(v.as_duration(), d, subtract));
    return Value::duration(arena.make<Duration>(sum));
  }
  Duration step = d;
  if (subtract) {
    PACKHOUSE_TRY(step, negated(d));
  }
  switch (v.kind()) {
    case Kind::date: return add_to_date(take_apart(v), step);
    case Kind::local_time:
    case Kind::time: return add_to_time(v.kind(), take_apart(v), step);
    case Kind::local_datetime:
    case Kind::datetime: return add_to_datetime(v.kind(), take_apart(v), step);
    default: return fail(Status::type_error, "Cannot add a duration to " + print(v, 60));
  }
}

Result<Duration> duration_add(const Duration& a, const Duration& b, bool subtract) {
  const int128 sign = subtract ? -1 : 1;
  return make_duration(a.months + sign * b.months, a.days + sign * b.days, a.seconds + sign * b.seconds,
                       a.nanos + sign * b.nanos, Status::arithmetic_error);
}

Result<Duration> duration_multiply(const Duration& d, const Value& factor) {
  if (factor.is(Kind::integer)) {
    const int128 n = factor.as_integer();
    return make_duration(d.months * n, d.days * n, d.seconds * n, d.nanos * n, Status::arithmetic_error);
  }
  if (factor.is(Kind::real)) return scaled(d, static_cast<long double>(factor.as_real()));
  return fail(Status::type_error, "Cannot multiply a duration by " + print(factor, 60));
}

Result<Duration> duration_divide(const Duration& d, const Value& divisor) {
  if (!divisor.is_number()) return fail(Status::type_error, "Cannot divide a duration by " + print(divisor, 60));
  const long double n = divisor.is(Kind::integer) ? static_cast<long double>(divisor.as_integer())
                                                  : static_cast<long double>(divisor.as_real());
  if (n == 0) return fail(Status::arithmetic_error, "/ by zero");
  return scaled(d, 1.0L / n);
}

}  // namespace packhouse
