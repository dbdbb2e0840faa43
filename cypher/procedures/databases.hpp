#pragma once
#include <string>

#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher {

/// The table behind SHOW DATABASES, which shows `address` ("host:port") as where they are served. Without a server
/// around the engine it is empty; a server adds the table again once it knows.
void add_databases_table(ProcedureRegistry& registry, std::string address);

}  // namespace packhouse::cypher
