#pragma once
#include <re2/re2.h>

#include <memory>

#include "codec/datapacker/schema/compiler.hpp"

namespace packhouse::datapacker::schema {

/// A pattern of a schema, which matches anywhere in a text unless it says otherwise.
using Pattern = std::shared_ptr<const RE2>;
Result<Pattern> compile_pattern(const Compiler& c, std::string_view text);
inline bool found_in(const RE2& pattern, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace packhouse::datapacker::schema
