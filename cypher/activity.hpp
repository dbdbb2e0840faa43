#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "value/value.hpp"

namespace packhouse::cypher {

/// A connection as dbms.listConnections shows it. Texts that aren't known yet are empty.
struct ConnectionFacts {
  std::string id, username, user_agent, server_address, client_address;
  Instant connected;
};

/// A transaction and its statement as SHOW TRANSACTIONS shows them. Texts that aren't known, or that nothing is
/// being done for, are empty.
struct TransactionFacts {
  std::uint64_t number = 0;  ///< unique while the server runs, in the order in which transactions began
  std::string id;            ///< "neo4j-transaction-17"
  std::string database, connection_id, client_address, username;
  std::string status;        ///< Running, Blocked, Closing, or Terminated with reason: …
  Value metadata;            ///< a map
  Instant began;
  std::chrono::nanoseconds elapsed{};

  std::string query_id;      ///< "query-18"; empty between statements
  std::string query, query_status;
  Value parameters;          ///< a map
  Instant query_began;
  std::chrono::nanoseconds query_elapsed{};
};

/// What became of a wish to end a transaction or a connection.
struct EndOutcome {
  bool found = false;    ///< there is one of that id, and who asks may see it
  std::string username;  ///< whose it is
};

/// What the server does at the moment, as far as the user of the statement that asks may know: an administrator
/// everything, others their own. Also the metadata of the transaction that the statement runs in. Implemented outside of
/// cypher/, and absent where there is no server around the engine. Used by one thread at a time.
class Activity {
 public:
  virtual ~Activity() = default;

  virtual std::vector<ConnectionFacts> connections() const = 0;
  /// By number. Values are copied into `arena`, parameters of any size among them: `grown` is called after each
  /// transaction, and may throw.
  virtual std::vector<TransactionFacts> transactions(Arena& arena, const std::function<void()>& grown) const = 0;
  /// Ends a transaction: what it does, or what its client asks for next, fails with Status::terminated.
  virtual EndOutcome terminate(std::string_view transaction_id) = 0;
  /// A number that no transaction has, for one that can't be seen here: a part of CALL … IN TRANSACTIONS.
  virtual std::uint64_t next_number() = 0;
  virtual EndOutcome close_connection(std::string_view connection_id) = 0;

  /// Of the transaction at hand: a map. Valid until set_metadata() or the transaction's end.
  virtual Value metadata() const = 0;
  virtual void set_metadata(const Value& map) = 0;
  /// Whether a statement that only reads may bring names of labels, types and properties into the store, which stay (for
  /// virtual nodes): the client didn't ask for a reading transaction, and the user may write.
  virtual bool may_make_names() const = 0;
};

}  // namespace packhouse::cypher
