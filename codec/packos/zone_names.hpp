#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace packhouse::packos {

// Zones are stored by name: their ids belong to a process, records outlive it.

/// The name of a zone id of this process; empty when there is none.
std::string_view zone_name(std::uint32_t id);
/// The id of a zone; nothing when this machine does not know it.
std::optional<std::uint32_t> zone_id(std::string_view name);

}  // namespace packhouse::packos
