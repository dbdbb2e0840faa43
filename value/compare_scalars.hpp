#pragma once
#include <compare>

#include "value/value.hpp"

/// The leaves of value/compare.hpp: everything but lists and maps. Only compare.cpp needs this.
namespace packhouse::scalars {

/// Exact, also where an integer has no double of the same value; unordered if one is NaN.
std::partial_ordering compare_numbers(const Value& a, const Value& b);

/// Equality without nulls' third value: null is the same as null, and NaN as NaN if `nan_is_nan`.
bool same(const Value& a, const Value& b, bool nan_is_nan);

/// Both of the same kind, or both numbers (NaN greatest).
std::weak_ordering order(const Value& a, const Value& b);

std::uint64_t hash(const Value& v);
std::uint64_t hash_bytes(Bytes b);

inline std::uint64_t mix(std::uint64_t seed, std::uint64_t v) {
  // The finisher of splitmix64 spreads every input bit over the whole word.
  std::uint64_t x = seed * 0x9E3779B97F4A7C15U + v + 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

}  // namespace packhouse::scalars
