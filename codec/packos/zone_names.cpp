#include "codec/packos/zone_names.hpp"

namespace packhouse::packos {

// Until value/temporal/zones.hpp is there: no zone has a name, so storing one is a clear error.
std::string_view zone_name(std::uint32_t) { return {}; }
std::optional<std::uint32_t> zone_id(std::string_view) { return std::nullopt; }

}  // namespace packhouse::packos
