#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace packhouse::tdtp {

/// The four ways to write a time that TDTP knows; without a zone it is UTC.
enum class TimeLayout : std::uint8_t {
  rfc3339,      ///< 2025-11-10T15:30:00.5+03:00
  local_t,      ///< 2025-11-10T15:30:00
  local_space,  ///< 2025-11-10 15:30:00
  date,         ///< 2025-11-10
};

/// The instant, or nothing if the text is not exactly of that layout. Fractions of seconds (after . or ,) are
/// always allowed; hours may have one digit; offsets go up to 24:00.
std::optional<Instant> parse_time(std::string_view text, TimeLayout layout);

/// Tries the four layouts in order.
std::optional<Instant> parse_any_time(std::string_view text);

/// Strict RFC 3339, for cells and headers: two digits for the hour, no comma, offsets below 24 hours.
std::optional<Instant> parse_rfc3339(std::string_view text);

/// Why parse_rfc3339 refuses `text`: `parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse …`.
std::string rfc3339_error(std::string_view text);

/// 2025-11-10T15:30:00Z
std::string format_seconds(std::int64_t seconds);
/// The same with as many digits after the point as needed, up to nine.
std::string format_nanos(Instant t);

}  // namespace packhouse::tdtp
