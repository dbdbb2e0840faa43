#pragma once
#include <optional>
#include <string>
#include <vector>

#include "codec/datapacker/array.hpp"
#include "value/value.hpp"

// The golden cases of tests/codec/datapacker/data/vectors.json (made by running the original), taken apart.
namespace packhouse::datapacker::test {

/// The cases; everything in them is in `arena`.
std::span<const Value> load_cases(Arena& arena);

/// A member of a JSON object, null if it has none.
Value member(const Value& object, std::string_view key);
std::string text(const Value& object, std::string_view key);

/// A typed value as a Value, or nothing for what Packhouse has no value for (lone surrogates, integers beyond 64
/// bits, objects of Python).
std::optional<Value> plain(const Value& typed, Arena& arena);
/// An `ndarray`, or nothing if its elements are none of ours.
std::optional<ArrayView> array(const Value& typed, Arena& arena);
bool is_array(const Value& typed);

Bytes bytes_from_hex(std::string_view hex, Arena& arena);
std::string hex(Bytes b);
/// Does `packed` equal what the case expects: `hex`, or `len`, `head_hex` and `tail_hex` of something long?
bool equals_expected(Bytes packed, const Value& expect);

/// "TypeError" … of a case that must fail, or "".
std::string expected_error(const Value& expect);
/// As Python would call it.
std::string error_class(const Error& e);

}  // namespace packhouse::datapacker::test
