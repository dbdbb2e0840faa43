#pragma once
#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher {

/// The tables behind SHOW USERS and SHOW ROLES, for servers that have users. (SHOW CURRENT USER is always there; it is
/// empty without them.)
void add_user_tables(ProcedureRegistry& registry);

}  // namespace packhouse::cypher
