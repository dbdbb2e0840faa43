#pragma once
#include <string>
#include <string_view>

#include "protocol/message.hpp"

namespace packhouse::tests {

/// PackStream in hex of values written as literals, one after the other: "'RETURN 1' {a: [1, 2.5, null]} {}".
/// Names of keys need no quotes.
std::string pack(std::string_view literals);

/// A message: structure header with the number of literals, tag, fields.
std::string pack(protocol::Tag tag, std::string_view fields);

}  // namespace packhouse::tests
