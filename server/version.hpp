#pragma once
#include <string_view>

namespace packhouse::server {

inline constexpr std::string_view version = PACKHOUSE_VERSION;  ///< set by CMake from project(VERSION)

}  // namespace packhouse::server
