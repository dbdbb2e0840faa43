#pragma once
#include <string_view>

#include "base/error.hpp"
#include "cypher/syntax/ast.hpp"

namespace packhouse::cypher {

/// Parses one statement; the text is copied into it. Errors: Status::syntax_error with the place in the text and
/// what was expected there, or Status::not_implemented for grammar that isn't read yet (quantified paths, USE …).
Result<ast::Statement> parse(std::string_view text);

}  // namespace packhouse::cypher
