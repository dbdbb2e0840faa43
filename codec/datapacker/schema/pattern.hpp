#pragma once
#include <re2/re2.h>

#include "codec/datapacker/schema/compiler.hpp"

namespace packhouse::datapacker::schema {

/// What a compiled pattern may take, its tables for matching included.
inline constexpr std::int64_t most_pattern_bytes = 1 << 20;

/// Not to be called by keywords, which ask Compiler::pattern().
Result<Pattern> compile_pattern(const Compiler& c, std::string_view text);
/// Whether the pattern matches anywhere in the text, unless it says otherwise.
inline bool found_in(const RE2& pattern, std::string_view text, Run& run) {
  run.look(text.size());
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace packhouse::datapacker::schema
