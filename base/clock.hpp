#pragma once
#include <chrono>
#include <cstdint>

namespace packhouse {

/// A point of time as the wall clock shows it, in UTC.
struct Instant {
  std::int64_t seconds = 0;  ///< since 1970-01-01T00:00Z
  std::int32_t nanos = 0;    ///< 0 .. 999,999,999
  bool operator==(const Instant&) const = default;
};

inline Instant wall_clock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  return {seconds.count(), static_cast<std::int32_t>(std::chrono::nanoseconds(since - seconds).count())};
}

}  // namespace packhouse
