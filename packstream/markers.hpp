#pragma once
#include <cstdint>

namespace packhouse::packstream {

/// First bytes of items (specs/PACKSTREAM.md section 1). The 8 bit forms are followed by the 16 and the 32 bit form.
namespace marker {
inline constexpr std::uint8_t tiny_string = 0x80, tiny_list = 0x90, tiny_map = 0xA0, structure = 0xB0;
inline constexpr std::uint8_t null = 0xC0, real = 0xC1, false_ = 0xC2, true_ = 0xC3;
inline constexpr std::uint8_t int8 = 0xC8, int16 = 0xC9, int32 = 0xCA, int64 = 0xCB;
inline constexpr std::uint8_t bytes8 = 0xCC, bytes16 = 0xCD, bytes32 = 0xCE;
inline constexpr std::uint8_t string8 = 0xD0, string16 = 0xD1, string32 = 0xD2;
inline constexpr std::uint8_t list8 = 0xD4, list16 = 0xD5, list32 = 0xD6;
inline constexpr std::uint8_t map8 = 0xD8, map16 = 0xD9, map32 = 0xDA;
inline constexpr std::uint8_t uuid = 0xE0;  ///< Bolt 6.1
}  // namespace marker

/// Tags of the structures that stand for values (specs/BOLT.md section 10). Messages have tags of
/// their own (protocol/); the place tells which is meant.
namespace tag {
inline constexpr std::uint8_t node = 0x4E, relationship = 0x52, unbound_relationship = 0x72, path = 0x50;
inline constexpr std::uint8_t date = 0x44, time = 0x54, local_time = 0x74, local_datetime = 0x64;
inline constexpr std::uint8_t datetime = 0x49, datetime_zone = 0x69;
inline constexpr std::uint8_t legacy_datetime = 0x46, legacy_datetime_zone = 0x66;
inline constexpr std::uint8_t duration = 0x45, point_2d = 0x58, point_3d = 0x59, vector = 0x56;
inline constexpr std::uint8_t unsupported = 0x3F;
}  // namespace tag

/// Strings, bytes, lists and maps are limited to this many bytes or items, also in their 32 bit form.
inline constexpr std::uint32_t max_size = 0x7FFF'FFFF;
inline constexpr std::uint32_t max_fields = 15;

}  // namespace packhouse::packstream
