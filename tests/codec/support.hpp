#pragma once
#include <string>
#include <vector>

#include "value/value.hpp"

namespace packhouse::codec::test {

/// A value of every kind that formats carry, alone and inside each other.
std::vector<Value> samples(Arena& arena);

/// Through the JSON writer, and back.
std::string as_json(const Value& v);
std::string from_hex(std::string_view hex);
std::string to_hex(Bytes b);

}  // namespace packhouse::codec::test
