#include "value/temporal/parts.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::temporal {

using calendar::floor_div;
using calendar::floor_mod;
using calendar::nanos_per_second;
using calendar::seconds_per_day;

namespace {

// Whoever makes values from foreign data checks them; a value that slipped through must not overflow here.
std::int64_t sane(std::int64_t seconds) {
  return std::clamp(seconds, calendar::min_second - seconds_per_day, calendar::max_second + seconds_per_day);
}

void set_local(Parts& p, std::int64_t seconds, std::int64_t nanos) {
  p.day = floor_div(seconds, seconds_per_day);
  p.nanos = floor_mod(seconds, seconds_per_day) * nanos_per_second + nanos;
}

}  // namespace

Parts at_instant(const Instant& t, Zone zone) {
  const std::int64_t seconds = sane(t.seconds);
  Parts p;
  p.zone = zone;
  p.offset = offset_at(zone, seconds);
  set_local(p, seconds + *p.offset, t.nanos);
  return p;
}

Parts take_apart(const Value& v) {
  Parts p;
  switch (v.kind()) {
    case Kind::date: p.day = std::clamp(v.as_date().days, calendar::min_day - 1, calendar::max_day + 1); break;
    case Kind::local_time: p.nanos = v.as_local_time().nanos; break;
    case Kind::time:
      p.nanos = v.as_time().nanos;
      p.offset = v.as_time().offset;
      p.zone = Zone::offset(*p.offset);
      break;
    case Kind::local_datetime: set_local(p, sane(v.as_local_datetime().seconds), v.as_local_datetime().nanos); break;
    case Kind::datetime: {
      const DateTime t = v.as_datetime();
      return at_instant({t.seconds, t.nanos}, t.zone);
    }
    default: break;
  }
  return p;
}

Result<Value> assemble(Kind target, const Parts& p, Status out_of_range) {
  const bool has_day = target == Kind::date || target == Kind::local_datetime || target == Kind::datetime;
  if (has_day && !calendar::is_valid_day(p.day.value_or(0))) {
    return fail(out_of_range, "the year is outside of -999,999,999 to 999,999,999");
  }
  const Zone zone = p.zone.value_or(Zone());
  switch (target) {
    case Kind::date: return Value::date({p.day.value_or(0)});
    case Kind::local_time: return Value::local_time({p.nanos.value_or(0)});
    case Kind::time: {
      const std::int32_t offset = p.offset ? *p.offset : zone.is_named() ? 0 : zone.offset_seconds();
      return Value::time({p.nanos.value_or(0), offset});
    }
    case Kind::local_datetime:
      return Value::local_datetime({local_seconds(p), static_cast<std::int32_t>(subsecond(p))});
    case Kind::datetime:
      return Value::datetime(
          {local_to_utc(zone, local_seconds(p), p.offset), static_cast<std::int32_t>(subsecond(p)), zone});
    default: return fail(Status::internal, "not a temporal type: " + std::string(type_name(target)));
  }
}

std::int64_t local_seconds(const Parts& p) {
  return p.day.value_or(0) * seconds_per_day + p.nanos.value_or(0) / nanos_per_second;
}

std::int64_t utc_seconds(const Parts& p) {
  return p.zone ? local_to_utc(*p.zone, local_seconds(p), p.offset) : local_seconds(p);
}

Parts in_zone(const Parts& p, Zone zone) {
  return at_instant({utc_seconds(p), static_cast<std::int32_t>(subsecond(p))}, zone);
}

std::int32_t offset_now(Zone zone, const Now& now) {
  return offset_at(zone, now.instant.seconds);
}

std::string lower(std::string_view s) {
  std::string out(s);
  std::ranges::transform(out, out.begin(), ascii_lower);
  return out;
}

std::string_view function_name(Kind k) {
  switch (k) {
    case Kind::date: return "date";
    case Kind::local_time: return "localtime";
    case Kind::time: return "time";
    case Kind::local_datetime: return "localdatetime";
    case Kind::datetime: return "datetime";
    default: return "duration";
  }
}

}  // namespace packhouse::temporal
