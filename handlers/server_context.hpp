#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "auth/users.hpp"
#include "cypher/engine.hpp"
#include "storage/store.hpp"

namespace packhouse::handlers {

/// What all sessions of one server share. Outlives them; read by any thread.
struct ServerContext {
  storage::Store& store;
  cypher::Engine& engine;
  std::string agent;                        ///< protocol::agent_string()
  std::string advertised_address;           ///< "host:port" for routing tables
  std::string database = "neo4j";           ///< name of the one user database
  std::chrono::milliseconds transaction_timeout{0};  ///< when the client names none; 0 = no limit
  std::size_t query_memory = std::size_t{1} << 30;   ///< bytes a query may keep
  auth::Users* users = nullptr;             ///< null: authentication is off, and everybody may do everything
  std::int64_t receive_timeout_s = 120;     ///< hint that goes with the keep-alive interval; 0 = no keep-alive
};

}  // namespace packhouse::handlers
