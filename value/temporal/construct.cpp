#include "value/print.hpp"
#include "value/temporal/calendar.hpp"
#include "value/temporal/parts.hpp"

namespace packhouse {

using namespace temporal;

Value temporal_current(Kind target, const Now& now, std::optional<Zone> zone) {
  const Parts p = at_instant(now.instant, zone.value_or(now.zone));
  // The clock never leaves the calendar's range.
  return assemble(target, p).value_or(Value());
}

Result<Value> temporal_convert(Kind target, const Value& v, const Now& now) {
  Parts p = take_apart(v);
  const bool wants_day = target != Kind::local_time && target != Kind::time;
  if (wants_day && !p.day) return fail(Status::argument_error, "Cannot get the date of: " + print(v, 60));
  if (!wants_day && !p.nanos) return fail(Status::argument_error, "Cannot get the time of: " + print(v, 60));
  if (!p.zone) p.zone = now.zone;
  if (target == Kind::time && !p.offset) p.offset = offset_now(*p.zone, now);
  return assemble(target, p);
}

Result<Value> temporal_construct(Kind target, const Value& x, const Now& now, Arena&) {
  if (x.is(Kind::string)) return temporal_from_text(target, x.as_string(), now);
  if (x.is(Kind::map)) return temporal_from_map(target, x.as_map(), now);
  if (is_temporal(x.kind())) return temporal_convert(target, x, now);
  return fail(Status::type_error, std::string(function_name(target)) +
                                      "() expects a string, a map or a temporal value, but was given " + print(x, 60));
}

Result<Value> datetime_from_epoch(std::int64_t seconds, std::int64_t nanos) {
  const std::int64_t carry = calendar::floor_div(nanos, calendar::nanos_per_second);
  if (seconds < calendar::min_second - carry || seconds > calendar::max_second - carry) {
    return fail(Status::argument_error,
                "epoch seconds " + std::to_string(seconds) + " are outside of the years -999,999,999 to 999,999,999");
  }
  return Value::datetime(
      {seconds + carry, static_cast<std::int32_t>(calendar::floor_mod(nanos, calendar::nanos_per_second)), Zone()});
}

Result<Value> datetime_from_epoch_millis(std::int64_t millis) {
  return datetime_from_epoch(calendar::floor_div(millis, 1000), calendar::floor_mod(millis, 1000) * 1'000'000);
}

}  // namespace packhouse
