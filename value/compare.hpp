#pragma once
#include <compare>
#include <cstdint>

#include "value/value.hpp"

namespace packhouse {

// openCypher has three relations on values, and mixing them up is the classic mistake.

enum class Ternary : std::uint8_t { false_, true_, null };

/// Equality, as the operator `=`: null = anything is null; 1 = 1.0; NaN <> NaN; lists and maps
/// compare item by item with three-valued logic; values of unrelated kinds are unequal (false).
Ternary equals(const Value& a, const Value& b);

/// Comparability, as `<`: -1, 0, 1; or nothing when the two can't be compared (different kinds,
/// null, NaN on either side), in which case the operators < <= > >= give null
/// (NaN against a number: false). `incomparable` tells the two apart.
enum class Comparison : std::int8_t { less = -1, equal = 0, greater = 1, null = 2, nan = 3 };
Comparison compare(const Value& a, const Value& b);

/// Equivalence, as DISTINCT and grouping use it: null ~ null, NaN ~ NaN, 1 ~ 1.0; otherwise as `=`.
bool equivalent(const Value& a, const Value& b);
/// Equal for equivalent values.
std::uint64_t hash(const Value& v);

/// Orderability, as ORDER BY uses it: a total order over all values. Ascending:
/// map < node < relationship < list < path < datetime < local datetime < date < time < local time
/// < duration < point < vector < string < boolean < number (NaN greatest) < null; bytes stand before strings.
std::weak_ordering order(const Value& a, const Value& b);

}  // namespace packhouse
