#pragma once
#include <string_view>
#include <vector>

#include "cypher/syntax/token.hpp"

namespace packhouse::cypher::syntax {

/// Splits a whole query text (valid UTF-8, below 4 GiB) into tokens; the last one is Kind::end, or Kind::bad where the
/// text can't be split further. Keywords are plain words: only the parser can tell which of them are names.
void split(std::string_view text, std::vector<Token>& tokens);

}  // namespace packhouse::cypher::syntax
