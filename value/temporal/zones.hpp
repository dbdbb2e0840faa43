#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "value/temporal.hpp"

// The named time zones of this process: read from the system's database (/usr/share/zoneinfo or
// $TZDIR) when first asked for, kept until the end. Safe from any thread; finding a zone that is already
// known takes a shared lock only, asking for its offsets none.
namespace packhouse {

/// The id for Zone::named, or nothing for a name that the database doesn't have. Names are exact.
std::optional<std::uint32_t> zone_id(std::string_view name);
/// The name behind an id that zone_id gave.
std::string_view zone_name(std::uint32_t id);

/// Seconds east of UTC at a moment.
std::int32_t offset_at(Zone zone, std::int64_t utc_seconds);

/// The moment at which clocks of the zone show `local_seconds` (since 1970-01-01T00:00). A time that a
/// forward jump leaves out is moved forward by the jump; of a time that occurs twice the earlier one is
/// taken, unless the later one has the `preferred` offset.
std::int64_t local_to_utc(Zone zone, std::int64_t local_seconds, std::optional<std::int32_t> preferred = {});

}  // namespace packhouse
