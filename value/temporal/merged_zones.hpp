#pragma once
#include <string_view>

namespace packhouse {

/// The zone whose history also holds for `name` since 1970, or `name` itself. The tz database's own build
/// merges such zones (and so do Java's tables, which the openCypher TCK was written with: Europe/Stockholm
/// had Berlin's mean time in 1818); Debian's build keeps their separate, less reliable older history.
/// With this table answers are the same whatever the system's files are.
std::string_view merged_into(std::string_view name);

}  // namespace packhouse
