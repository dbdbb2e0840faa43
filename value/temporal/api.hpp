#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "value/value.hpp"

// Everything the function library and the operators of Cypher need of temporal and spatial values.
// `target` is one of Kind::date, local_time, time, local_datetime, datetime.
//
// Errors: syntax_error for text that can't be read; argument_error for components that are missing,
// unknown, out of range or don't go together, and for durations that overflow; type_error for a
// value of a wrong kind; arithmetic_error for a result beyond year +-999,999,999.
// None of these functions gets null, except where it says so: the caller answers null with null.
namespace packhouse {

/// The clock and the zone a statement runs with. Take it from the transaction's, the statement's or the
/// real clock, as `date.transaction()`, `.statement()` and `.realtime()` ask.
struct Now {
  Instant instant;
  Zone zone;  ///< used where nothing names a zone; UTC unless configured
};

// --- instants: date(), localtime(), time(), localdatetime(), datetime()

/// `date()`, `time.realtime('Europe/Stockholm')`: what the clock shows, in `zone` if given.
Value temporal_current(Kind target, const Now& now, std::optional<Zone> zone = {});

/// `date(x)`: reads a string, builds from a map, or converts from another temporal value. Anything else is a
/// type_error.
Result<Value> temporal_construct(Kind target, const Value& x, const Now& now, Arena& arena);

Result<Value> temporal_from_text(Kind target, std::string_view text, const Now& now);
/// Null if a component is null.
Result<Value> temporal_from_map(Kind target, std::span<const MapEntry> components, const Now& now);
Result<Value> temporal_convert(Kind target, const Value& temporal, const Now& now);

/// `datetime.fromepoch(seconds, nanos)` and `datetime.fromepochmillis(ms)`, in UTC.
Result<Value> datetime_from_epoch(std::int64_t seconds, std::int64_t nanos);
Result<Value> datetime_from_epoch_millis(std::int64_t millis);

/// `date.truncate(unit, temporal, overrides)`; unit: millennium, century, decade, year, weekYear, quarter, month,
/// week, day, hour, minute, second, millisecond, microsecond (any case).
Result<Value> temporal_truncate(Kind target, std::string_view unit, const Value& temporal,
                                std::span<const MapEntry> overrides, const Now& now);

/// `v.year`, `d.minutesOfHour`: v is temporal or a duration. Nothing for a name that this kind doesn't have;
/// null for a number that 64 bits can't hold (nanoseconds of more than 292 years).
std::optional<Value> temporal_component(const Value& v, std::string_view name, Arena& arena);

/// Is it one of the five instant kinds (not a duration)?
constexpr bool is_temporal(Kind k) {
  return k == Kind::date || k == Kind::local_time || k == Kind::time || k == Kind::local_datetime ||
         k == Kind::datetime;
}

/// A zone as users write it: "Z", "+01:00", "+0100", "+01", "UTC", "Europe/Stockholm".
Result<Zone> zone_from_text(std::string_view text);

// --- durations

/// `duration(x)`: string, map or duration.
Result<Value> duration_construct(const Value& x, Arena& arena);
Result<Duration> duration_from_text(std::string_view text);
/// Components may be fractional: what does not fit a unit goes on to the next smaller one. Nothing if one is null.
Result<std::optional<Duration>> duration_from_map(std::span<const MapEntry> components);

/// instant + duration, or duration + duration, or minus with `subtract`.
Result<Value> temporal_add(const Value& temporal_or_duration, const Duration& d, bool subtract, Arena& arena);
Result<Duration> duration_add(const Duration& a, const Duration& b, bool subtract = false);
/// `factor`, `divisor`: integer or real.
Result<Duration> duration_multiply(const Duration& d, const Value& factor);
Result<Duration> duration_divide(const Duration& d, const Value& divisor);

/// `duration.between(a, b)` and its kin, for any two of the five instant kinds.
Result<Duration> duration_between(const Value& from, const Value& to);
Result<Duration> duration_in_months(const Value& from, const Value& to);
Result<Duration> duration_in_days(const Value& from, const Value& to);
Result<Duration> duration_in_seconds(const Value& from, const Value& to);

// --- text

/// toString(v) for temporal values, durations and points, as Neo4j writes them: seconds are always there
/// ("12:00:00Z"). With `shortest`, zero seconds are left out ("12:00Z"), as the openCypher TCK writes values.
std::string temporal_to_text(const Value& v, bool shortest = false);
/// toString of a float: "1.0", "1.0E10", "NaN", "Infinity"; the shortest text that reads back as the same number.
std::string real_to_text(double d);

// --- points

/// `point({...})`: x/y(/z) or longitude/latitude(/height), crs or srid. Null if a coordinate is null.
Result<Value> point_from_map(std::span<const MapEntry> components, Arena& arena);
/// x, y, z, longitude, latitude, height, crs, srid. Nothing for a name the point doesn't have.
std::optional<Value> point_component(const Point& p, std::string_view name);
/// Metres on WGS-84, else the length of the straight line; nothing for points of different systems.
std::optional<double> point_distance(const Point& a, const Point& b);
/// Is p inside the box (bounds included)? A geographic box may cross the 180th meridian. Nothing for different systems.
std::optional<bool> point_within_box(const Point& p, const Point& lower_left, const Point& upper_right);
/// "cartesian", "cartesian-3d", "wgs-84", "wgs-84-3d".
std::string_view crs_name(Crs crs);
std::optional<Crs> crs_from_name(std::string_view name);
std::optional<Crs> crs_from_srid(std::int64_t srid);

}  // namespace packhouse
