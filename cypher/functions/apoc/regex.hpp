#pragma once
#include <re2/re2.h>

#include <string>
#include <string_view>

namespace packhouse::cypher::apoc {

/// The machine of a pattern. A statement asks for the same one row by row, so each thread keeps its last. RE2: linear in
/// the text, without look-around and back-references. What is wrong with a pattern is a SyntaxError.
const RE2& regex(std::string_view pattern);
/// Java's $1 and \$ in a replacement, as RE2 wants them.
std::string rewrite_of(std::string_view java, const RE2& machine, std::string_view function);
inline re2::StringPiece piece(std::string_view s) { return {s.data(), s.size()}; }

}  // namespace packhouse::cypher::apoc
