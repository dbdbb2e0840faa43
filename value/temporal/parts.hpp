#pragma once
#include <optional>

#include "base/error.hpp"
#include "value/temporal/api.hpp"

// What the files of value/temporal/ share: a temporal value taken apart into a day, a time of day and a zone.
namespace packhouse::temporal {

/// What clocks and calendars on the spot show. A part that a kind doesn't have is absent.
struct Parts {
  std::optional<std::int64_t> day;    ///< since 1970-01-01
  std::optional<std::int64_t> nanos;  ///< of the day
  std::optional<Zone> zone;
  std::optional<std::int32_t> offset;  ///< that the zone had there, to tell apart hours that occur twice
};

/// Asks for is_temporal(v.kind()).
Parts take_apart(const Value& v);

/// The value of kind `target`; parts it doesn't have are ignored, those that are missing are day 0, midnight, UTC.
/// arithmetic_error if the day is out of range (or `out_of_range`).
Result<Value> assemble(Kind target, const Parts& p, Status out_of_range = Status::arithmetic_error);

/// Seconds since the epoch of a complete day and time, on the local clock.
std::int64_t local_seconds(const Parts& p);
/// The moment in UTC: local_seconds for parts without a zone.
std::int64_t utc_seconds(const Parts& p);
/// The same moment on clocks of `zone`; p has a zone and all parts.
Parts in_zone(const Parts& p, Zone zone);
/// Day, time of day and offset of a moment.
Parts at_instant(const Instant& t, Zone zone);

constexpr std::int64_t subsecond(const Parts& p) {
  return p.nanos.value_or(0) % 1'000'000'000;
}

/// The offset that a time without a date has in a zone: the one of this moment.
std::int32_t offset_now(Zone zone, const Now& now);

/// Lower-case copy, for names that Cypher takes in any case.
std::string lower(std::string_view s);

/// "date", "localtime" …: the function that makes this kind, as messages call it.
std::string_view function_name(Kind k);

}  // namespace packhouse::temporal
