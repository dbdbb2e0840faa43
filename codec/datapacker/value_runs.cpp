#include "codec/datapacker/value_runs.hpp"

#include <cmath>
#include <concepts>
#include <limits>

namespace packhouse::datapacker {
namespace {

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

template <Integer T>
constexpr bool fits(std::int64_t n) {
  if constexpr (std::same_as<T, std::uint64_t>) {
    return n >= 0;
  } else {
    return n >= static_cast<std::int64_t>(std::numeric_limits<T>::min()) &&
           n <= static_cast<std::int64_t>(std::numeric_limits<T>::max());
  }
}

}  // namespace

std::size_t put_run(Scalar s, std::span<const Value> values, std::byte* out) {
  return with_type(s, [&](auto type) {
    using T = decltype(type);
    std::size_t i = 0;
    if constexpr (Integer<T>) {
      for (; i < values.size() && values[i].is(Kind::integer) && fits<T>(values[i].as_integer()); ++i)
        store(out + i * sizeof(T), static_cast<T>(values[i].as_integer()));
    } else if constexpr (std::floating_point<T>) {
      for (; i < values.size() && values[i].is(Kind::real); ++i) {
        const double d = values[i].as_real();
        if (sizeof(T) < sizeof(double) && !(std::abs(d) <= static_cast<double>(std::numeric_limits<T>::max()))) break;
        store(out + i * sizeof(T), static_cast<T>(d));
      }
    } else if constexpr (std::same_as<T, bool>) {
      for (; i < values.size() && values[i].is(Kind::boolean); ++i)
        out[i] = static_cast<std::byte>(values[i].as_boolean());
    }
    return i;
  });
}

std::size_t take_run(Scalar s, const std::byte* in, std::span<Value> out) {
  return with_type(s, [&](auto type) {
    using T = decltype(type);
    std::size_t i = 0;
    if constexpr (Integer<T>) {
      for (; i < out.size(); ++i) {
        const T n = load<T>(in + i * sizeof(T));
        if (sizeof(T) == 8 && !std::signed_integral<T> && (n >> (sizeof(T) * 8 - 1)) != 0) break;
        out[i] = Value::integer(static_cast<std::int64_t>(n));
      }
    } else if constexpr (std::floating_point<T>) {
      for (; i < out.size(); ++i) out[i] = Value::real(static_cast<double>(load<T>(in + i * sizeof(T))));
    } else if constexpr (std::same_as<T, bool>) {
      for (; i < out.size() && std::to_integer<unsigned>(in[i]) <= 1; ++i)
        out[i] = Value::boolean(in[i] == std::byte{1});
    }
    return i;
  });
}

}  // namespace packhouse::datapacker
