#pragma once
#include <string>

#include "value/temporal.hpp"

namespace packhouse::temporal {

/// 2015-07-21; years of more than four digits have a sign, as ISO 8601 wants it.
void append_date(std::string& out, std::int64_t day);
/// 21:40:32.142; with `shortest` "21:40" for 21:40:00.
void append_time(std::string& out, std::int64_t nanos_of_day, bool shortest);
/// Z, +01:00, +00:53:28.
void append_offset(std::string& out, std::int32_t seconds);
/// P1Y2M3DT4H5M6.7S.
void append_duration(std::string& out, const Duration& d);
void append_point(std::string& out, const Point& p);
/// "Z", "+01:00" or "Europe/Stockholm".
std::string zone_text(Zone zone);

}  // namespace packhouse::temporal
