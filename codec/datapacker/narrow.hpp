#pragma once
#include <cmath>
#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>

#include "codec/datapacker/array.hpp"
#include "codec/half.hpp"

namespace packhouse::datapacker {

/// A converted number, and whether it still says the same (floats: up to rounding).
template <class To>
struct Narrowed {
  To value;
  bool exact;
};

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

/// Towards zero and modulo 2^64; what is beyond 64 bits, and NaN, is 0.
inline std::uint64_t wrapped(double d) {
  constexpr double limit = 0x1p63;
  if (!(d > -limit - 1025 && d < 2 * limit)) return 0;
  if (d >= limit) return static_cast<std::uint64_t>(d);
  return d < -limit ? 0 : static_cast<std::uint64_t>(static_cast<std::int64_t>(d));
}

/// Without branches where it can be, so that loops over it become vector instructions.
template <class To, class From>
Narrowed<To> narrow(From v) {
  if constexpr (std::same_as<From, Half>) {
    return narrow<To>(codec::half_to_double(v.bits));
  } else if constexpr (std::same_as<To, From>) {
    return {v, true};
  } else if constexpr (std::same_as<To, bool>) {
    return {v != From{0}, v == From{0} || v == From{1}};
  } else if constexpr (std::same_as<To, Half>) {
    const std::uint16_t bits = codec::half_from_double(static_cast<double>(v));
    return {Half{bits}, (bits & 0x7FFFU) != 0x7C00U || std::isinf(static_cast<double>(v))};
  } else if constexpr (std::same_as<To, float> && std::same_as<From, double>) {
    const auto f = static_cast<float>(v);
    return {f,
            std::fabs(f) <= std::numeric_limits<float>::max() || !(std::fabs(v) <= std::numeric_limits<double>::max())};
  } else if constexpr (std::floating_point<To>) {
    return {static_cast<To>(v), true};
  } else if constexpr (std::same_as<From, bool>) {
    return {static_cast<To>(v), true};
  } else if constexpr (Integer<From>) {
    return {static_cast<To>(v), std::in_range<To>(v)};
  } else {  // a float to an integer
    const auto d = static_cast<double>(v);
    const double low = static_cast<double>(std::numeric_limits<To>::min()),
                 beyond = 2.0 * static_cast<double>(To{1} + (std::numeric_limits<To>::max() >> 1));
    const bool exact = d >= low && d < beyond && d == std::trunc(d);
    return {static_cast<To>(wrapped(d)), exact};
  }
}

}  // namespace packhouse::datapacker
