#pragma once
#include <string>

#include "cypher/procedures/registry.hpp"

namespace packhouse::cypher {

/// What tells clients where the databases are served: SHOW DATABASES and the procedures that give routing tables.
/// `address` is "host:port". Without a server around the engine it is empty; a server adds them again once it knows.
void add_server_address(ProcedureRegistry& registry, const std::string& address);

}  // namespace packhouse::cypher
