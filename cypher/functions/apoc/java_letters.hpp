#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "value/temporal/zones.hpp"

// What the letters of Java's date patterns stand for.
namespace packhouse::cypher::apoc {

inline constexpr std::array<std::string_view, 12> month_names{"January", "February", "March",     "April",   "May",      "June",
                                                              "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> day_names{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/// Which part of a moment a letter shows.
enum class Needs : std::uint8_t { nothing, date, time, offset, zone };
constexpr Needs needs(char letter) {
  constexpr std::string_view date = "yuMLdDEQq", time = "aHhKkmsSnAt", offset = "XxZOo", zone = "Vz";
  if (date.find(letter) != std::string_view::npos) return Needs::date;
  if (time.find(letter) != std::string_view::npos) return Needs::time;
  if (offset.find(letter) != std::string_view::npos) return Needs::offset;
  if (zone.find(letter) != std::string_view::npos) return Needs::zone;
  return Needs::nothing;
}

}  // namespace packhouse::cypher::apoc
