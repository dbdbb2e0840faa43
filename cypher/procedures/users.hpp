#pragma once
#include <optional>

#include "cypher/administration.hpp"
#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher {

/// The tables behind SHOW USERS and SHOW ROLES, for servers that have users. (SHOW CURRENT USER is always there; it is
/// empty without them.)
void add_user_tables(ProcedureRegistry& registry);

/// Who runs the statement; nothing without authentication, or when that user has gone.
std::optional<UserFacts> current_user(const ExecContext& context);

}  // namespace packhouse::cypher
