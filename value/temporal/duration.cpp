#include "value/temporal/duration.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "value/print.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/parts.hpp"

namespace packhouse::temporal {
namespace {

using calendar::nanos_per_day;
using calendar::nanos_per_second;
using calendar::seconds_per_day;

constexpr std::int64_t seconds_per_month = 2'629'746;  // 365.2425 days / 12

bool fits(int128 n) {
  return n >= std::numeric_limits<std::int64_t>::min() && n <= std::numeric_limits<std::int64_t>::max();
}

/// Whole nanoseconds, towards zero; but what is whole except for the noise of binary fractions counts as whole.
int128 to_nanos(long double n) {
  const long double nearest = std::nearbyint(n);
  const long double noise = std::max(1e-6L, std::abs(n) * 0x1p-52L);
  return static_cast<int128>(std::abs(n - nearest) <= noise ? nearest : std::trunc(n));
}

}  // namespace

std::optional<Amount> amount_of(long double n, long double most) {
  if (!(std::abs(n) <= most)) return std::nullopt;
  const long double whole = std::trunc(n);
  return Amount{static_cast<int128>(whole), n - whole};
}

void DurationSum::add_months(const Amount& n, int months_per_unit) {
  months_ += n.whole * months_per_unit;
  month_part_ += n.fraction * static_cast<long double>(months_per_unit);
}

void DurationSum::add_days(const Amount& n, int days_per_unit) {
  days_ += n.whole * days_per_unit;
  day_part_ += n.fraction * static_cast<long double>(days_per_unit);
}

void DurationSum::add_nanos(const Amount& n, std::int64_t nanos_per_unit) {
  nanos_ += n.whole * nanos_per_unit + to_nanos(n.fraction * static_cast<long double>(nanos_per_unit));
}

Result<Duration> DurationSum::finish(Status overflow) const {
  int128 months = months_ + static_cast<int128>(std::trunc(month_part_));
  long double part = month_part_ - std::trunc(month_part_);
  // 12 months less half a month are 11 and a half.
  if (months > 0 && part < 0) --months, part += 1;
  if (months < 0 && part > 0) ++months, part -= 1;
  const int128 day_nanos =
      days_ * nanos_per_day + to_nanos(day_part_ * static_cast<long double>(nanos_per_day)) +
      to_nanos(part * static_cast<long double>(seconds_per_month) * static_cast<long double>(nanos_per_second));
  const int128 nanos = nanos_ + day_nanos % nanos_per_day;
  return make_duration(months, day_nanos / nanos_per_day, nanos / nanos_per_second, nanos % nanos_per_second, overflow);
}

Result<Duration> make_duration(int128 months, int128 days, int128 seconds, int128 nanos, Status overflow) {
  seconds += nanos / nanos_per_second;
  nanos %= nanos_per_second;
  if (nanos < 0) nanos += nanos_per_second, --seconds;
  const bool small = fits(months) && fits(days) && fits(seconds);
  if (!small || !fits(months * seconds_per_month + days * seconds_per_day + seconds)) {
    return fail(overflow, "Invalid value for duration: it is longer than 2^63 seconds");
  }
  return Duration{static_cast<std::int64_t>(months), static_cast<std::int64_t>(days),
                  static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(nanos)};
}

namespace {

struct DurationField {
  std::string_view name;  // lower case
  enum class Part : std::uint8_t { months, days, nanos } part;
  std::int64_t factor;
};

constexpr std::array<DurationField, 11> fields{{
    {"years", DurationField::Part::months, 12},
    {"quarters", DurationField::Part::months, 3},
    {"months", DurationField::Part::months, 1},
    {"weeks", DurationField::Part::days, 7},
    {"days", DurationField::Part::days, 1},
    {"hours", DurationField::Part::nanos, 3600 * nanos_per_second},
    {"minutes", DurationField::Part::nanos, 60 * nanos_per_second},
    {"seconds", DurationField::Part::nanos, nanos_per_second},
    {"milliseconds", DurationField::Part::nanos, 1'000'000},
    {"microseconds", DurationField::Part::nanos, 1'000},
    {"nanoseconds", DurationField::Part::nanos, 1},
}};

const DurationField* field_named(std::string_view name) {
  const std::string wanted = lower(name);
  for (const DurationField& f : fields) {
    if (f.name == wanted) return &f;
  }
  return nullptr;
}

Result<Amount> amount_of(const MapEntry& entry) {
  const auto& [name, v] = entry;
  if (v.is(Kind::integer)) return Amount{v.as_integer(), 0};
  if (!v.is(Kind::real))
    return fail(Status::argument_error, std::string(name) + " must be a number value, but was " + print(v, 60));
  const auto amount = temporal::amount_of(static_cast<long double>(v.as_real()));
  if (!amount)
    return fail(Status::argument_error,
                "Invalid value for duration: " + std::string(name) + " is " + real_to_text(v.as_real()));
  return *amount;
}

}  // namespace
}  // namespace packhouse::temporal

namespace packhouse {

using namespace temporal;

Result<std::optional<Duration>> duration_from_map(std::span<const MapEntry> components) {
  if (components.empty())
    return fail(Status::argument_error, "At least one component must be specified for duration()");
  DurationSum sum;
  for (const MapEntry& entry : components) {
    const DurationField* field = field_named(entry.key);
    if (!field) return fail(Status::argument_error, "No such field: " + std::string(entry.key));
    if (entry.value.is_null()) return std::optional<Duration>();
    PACKHOUSE_TRY(const Amount n, amount_of(entry));
    switch (field->part) {
      case DurationField::Part::months: sum.add_months(n, static_cast<int>(field->factor)); break;
      case DurationField::Part::days: sum.add_days(n, static_cast<int>(field->factor)); break;
      case DurationField::Part::nanos: sum.add_nanos(n, field->factor); break;
    }
  }
  PACKHOUSE_TRY(const Duration d, sum.finish(Status::argument_error));
  return std::optional(d);
}

Result<Value> duration_construct(const Value& x, Arena& arena) {
  if (x.is(Kind::duration)) return x;
  if (x.is(Kind::string)) {
    PACKHOUSE_TRY(const Duration d, duration_from_text(x.as_string()));
    return Value::duration(arena.make<Duration>(d));
  }
  if (x.is(Kind::map)) {
    PACKHOUSE_TRY(const auto d, duration_from_map(x.as_map()));
    return d ? Value::duration(arena.make<Duration>(*d)) : Value();
  }
  return fail(Status::type_error, "duration() expects a string, a map or a duration, but was given " + print(x, 60));
}

}  // namespace packhouse
