#pragma once
#include <string_view>

#include "base/arena.hpp"
#include "cypher/syntax/token.hpp"
#include "value/value.hpp"

namespace packhouse::cypher::syntax {

/// The integer or float that a number token stands for; `negative` when a minus sign belongs to it.
/// Throws a syntax error when it doesn't fit.
Value read_number(std::string_view text, const Token& token, bool negative);

/// Text of a string token: a view of the query, or of the arena when escapes had to be undone.
std::string_view read_string(std::string_view text, const Token& token, Arena& arena);

/// The name that a word, a name in backticks or a parameter stands for.
std::string_view read_name(std::string_view text, const Token& token, Arena& arena);

}  // namespace packhouse::cypher::syntax
