#pragma once
#include <bit>
#include <cstdint>

// IEEE 754 binary16 as bits, without needing a compiler that knows the type.
namespace packhouse::codec {

/// Exact.
constexpr double half_to_double(std::uint16_t h) {
  const std::uint64_t sign = static_cast<std::uint64_t>(h & 0x8000U) << 48;
  const std::uint32_t exponent = (h >> 10) & 0x1FU;
  const std::uint64_t fraction = h & 0x3FFU;
  if (exponent == 0) {
    const double magnitude = static_cast<double>(fraction) * 0x1p-24;
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(magnitude) | sign);
  }
  const std::uint64_t wide = exponent == 0x1F ? 0x7FFU : exponent + 1008U;
  return std::bit_cast<double>(sign | wide << 52 | fraction << 42);
}

/// Rounded to nearest, ties to even; beyond 65504 to infinity; of a NaN the upper bits are kept.
constexpr std::uint16_t half_from_double(double d) {
  const auto bits = std::bit_cast<std::uint64_t>(d);
  const auto sign = static_cast<std::uint16_t>(bits >> 48 & 0x8000U);
  const std::uint64_t magnitude = bits & 0x7FFF'FFFF'FFFF'FFFFU;
  if (magnitude > 0x7FF0'0000'0000'0000U) {  // NaN: never let it become an infinity
    const auto upper = static_cast<std::uint16_t>(magnitude >> 42 & 0x3FFU);
    return static_cast<std::uint16_t>(sign | 0x7C00U | (upper != 0 ? upper : 0x200U));
  }
  if (magnitude >= 0x40F0'0000'0000'0000U) return static_cast<std::uint16_t>(sign | 0x7C00U);  // 65536 and above
  const auto exponent = static_cast<std::int32_t>(magnitude >> 52) - 1023;
  if (exponent < -25) return sign;
  const std::uint64_t significand = (magnitude & 0xF'FFFF'FFFF'FFFFU) | 0x10'0000'0000'0000U;
  const bool normal = exponent >= -14;
  const std::uint32_t shift = 42U + (normal ? 0U : static_cast<std::uint32_t>(-14 - exponent));
  std::uint64_t kept = significand >> shift;
  const std::uint64_t rest = significand & ((std::uint64_t{1} << shift) - 1), tie = std::uint64_t{1} << (shift - 1);
  if (rest > tie || (rest == tie && (kept & 1U) != 0)) ++kept;
  // A carry out of the fraction moves into the exponent by itself, up to infinity.
  const std::uint64_t biased = normal ? static_cast<std::uint64_t>(exponent + 14) << 10 : 0;
  return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(biased + kept));
}

}  // namespace packhouse::codec
