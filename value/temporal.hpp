#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace packhouse {

// Plain data of the temporal types; calendar arithmetic, parsing and printing are in value/temporal/*.
// Years run from -999,999,999 to 999,999,999 (proleptic Gregorian), so days fit easily in 64 bits.

struct Date {
  std::int64_t days = 0;  ///< since 1970-01-01
  bool operator==(const Date&) const = default;
};
struct LocalTime {
  std::int64_t nanos = 0;  ///< of the day, 0 .. 86,399,999,999,999
  bool operator==(const LocalTime&) const = default;
};
struct Time {
  std::int64_t nanos = 0;   ///< of the local day
  std::int32_t offset = 0;  ///< seconds east of UTC, within +-18 h
  bool operator==(const Time&) const = default;
};
struct LocalDateTime {
  std::int64_t seconds = 0;  ///< local clock, since 1970-01-01T00:00
  std::int32_t nanos = 0;    ///< 0 .. 999,999,999
  bool operator==(const LocalDateTime&) const = default;
};

/// Either a fixed offset or a named zone, in 24 bits so that a DateTime fits in a Value.
class Zone {
 public:
  Zone() = default;
  /// Seconds east of UTC, within +-18 h (not checked here).
  static Zone offset(std::int32_t seconds) { return Zone(static_cast<std::uint32_t>(seconds) & 0x7FFFFF); }
  /// A named zone by its id from `time_zones()` (value/temporal/zones.hpp).
  static Zone named(std::uint32_t id) { return Zone(id | 0x800000); }

  bool is_named() const { return (bits_ & 0x800000) != 0; }
  std::int32_t offset_seconds() const { return static_cast<std::int32_t>(bits_ << 9) >> 9; }  ///< only if !is_named()
  std::uint32_t id() const { return bits_ & 0x7FFFFF; }                                       ///< only if is_named()
  std::uint32_t bits() const { return bits_; }
  static Zone from_bits(std::uint32_t b) { return Zone(b & 0xFFFFFF); }
  bool operator==(const Zone&) const = default;

 private:
  explicit Zone(std::uint32_t bits) : bits_(bits) {}
  std::uint32_t bits_ = 0;
};

struct DateTime {
  std::int64_t seconds = 0;  ///< UTC, since the epoch
  std::int32_t nanos = 0;    ///< 0 .. 999,999,999
  Zone zone;
  bool operator==(const DateTime&) const = default;
};

struct Duration {
  std::int64_t months = 0, days = 0, seconds = 0;
  std::int32_t nanos = 0;  ///< 0 .. 999,999,999; -0.5 s is seconds -1, nanos 500,000,000
  bool operator==(const Duration&) const = default;
};

/// Coordinate reference systems, by SRID.
enum class Crs : std::uint16_t { wgs84_2d = 4326, wgs84_3d = 4979, cartesian_2d = 7203, cartesian_3d = 9157 };

struct Point {
  Crs crs = Crs::cartesian_2d;
  double x = 0, y = 0, z = 0;  ///< longitude, latitude, height for WGS-84; z is 0 and unused in 2D
  bool three_d() const { return crs == Crs::wgs84_3d || crs == Crs::cartesian_3d; }
};

}  // namespace packhouse
