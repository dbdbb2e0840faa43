#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "auth/users.hpp"
#include "base/import_folder.hpp"
#include "cypher/engine.hpp"
#include "handlers/live_connections.hpp"
#include "handlers/statistics.hpp"
#include "handlers/user_seats.hpp"
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
  /// How long auto-commit statements that came in one go may be gathered for one commit; the first ones wait meanwhile.
  std::chrono::milliseconds shared_commit_time{2};
  std::size_t query_memory = std::size_t{1} << 30;   ///< bytes a query, and a transaction's changes, may keep
  std::unique_ptr<const ImportFolder> import_folder; ///< null: statements can't name files
  auth::Users* users = nullptr;             ///< null: authentication is off, and everybody may do everything
  std::int64_t receive_timeout_s = 120;     ///< hint that goes with the keep-alive interval; 0 = no keep-alive
  std::unique_ptr<LiveConnections> live = std::make_unique<LiveConnections>();  ///< sessions enter and leave by themselves
  std::unique_ptr<UserSeats> seats = std::make_unique<UserSeats>();
  std::unique_ptr<Statistics> statistics = std::make_unique<Statistics>();
};

}  // namespace packhouse::handlers
