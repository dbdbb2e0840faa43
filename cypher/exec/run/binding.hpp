#pragma once
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cypher/syntax/ast.hpp"
#include "value/value.hpp"

// What a statement needs of its surroundings before it can run.
namespace packhouse::cypher {

/// The values of the statement's parameters in its order, or which ones are missing.
Result<std::vector<Value>> bind_parameters(const ast::Statement& statement, const Value& given);

/// USE may name the database that the session is in, in any case of letters.
Result<void> check_database(const ast::Statement& statement, std::string_view database);

}  // namespace packhouse::cypher
