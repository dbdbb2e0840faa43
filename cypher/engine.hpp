#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cypher/activity.hpp"
#include "cypher/administration.hpp"
#include "cypher/exec/batch.hpp"
#include "cypher/exec/context.hpp"
#include "cypher/procedures/registry.hpp"
#include "storage/store.hpp"

namespace packhouse::objects {
class Registry;
}

namespace packhouse::cypher {

/// What a statement may do, from its text alone (the summary's `type`).
enum class StatementType : std::uint8_t { read, write, read_write, schema };

struct Notification {
  std::string code;         ///< Neo.ClientNotification.…
  std::string title, description;
  std::string severity;     ///< WARNING or INFORMATION
  std::string category;     ///< UNRECOGNIZED, PERFORMANCE …
  std::string gql_status;   ///< 01N50 …
  std::string gql_description;
  std::optional<Position> position;
};

/// A plan as drivers show it (BOLT.md 9.3).
struct PlanDescription {
  std::string operator_type;
  std::vector<std::string> identifiers;
  std::vector<std::pair<std::string, std::string>> arguments;
  double estimated_rows = 0;
  std::int64_t rows = 0, db_hits = 0;   ///< PROFILE only
  std::vector<PlanDescription> children;
};

struct RunOptions {
  StatementClock clock;
  std::string_view database = "neo4j", user;
  Administration* administration = nullptr;  ///< outlives the run; null: commands on users are refused
  Activity* activity = nullptr;              ///< outlives the run; null: nothing else is going on
  std::size_t memory_limit = std::size_t{1} << 30;
  const ImportFolder* import_folder = nullptr;  ///< outlives the run; null: statements can't name files
  bool implicit_transaction = true;     ///< false inside BEGIN … COMMIT
};

/// One statement being executed. Used by one thread at a time; must end before its transaction.
class Run {
 public:
  enum class State : std::uint8_t {
    rows,     ///< batch() holds rows
    yield,    ///< slice used up: call advance() again, from any thread
    waiting,  ///< a lock is held elsewhere: set a wake function with on_wake(), call advance() after it
    done,     ///< no more rows; all effects are in the transaction
  };
  virtual ~Run() = default;

  virtual const std::vector<std::string>& columns() const = 0;
  virtual StatementType type() const = 0;
  virtual Privilege privilege() const = 0;  ///< what who runs it must have; checking is the caller's business
  virtual bool explain_only() const = 0;
  /// Whether it may be run in one transaction with other auto-commit statements: a query that writes and neither handles
  /// nor looks at transactions, the schema or the server.
  virtual bool may_share_transaction() const = 0;

  /// Does a slice of work. Calling it while batch() still holds rows that were not taken drops them.
  /// Statements with side effects do all of them before the first row is given out.
  virtual Result<State> advance() = 0;
  /// Rows of the last advance(): column i is batch().column(column_slot(i)).
  virtual Batch& batch() = 0;
  virtual Slot column_slot(std::size_t column) const = 0;

  /// See storage::Transaction::on_wake.
  virtual void on_wake(std::function<void()> wake) = 0;
  virtual void cancel_wait() = 0;
  /// Ends it early from any thread; the next advance() gives the matching error.
  virtual StopSignal& stop_signal() = 0;

  // After done:
  virtual const storage::TransactionCounts& counts() const = 0;
  virtual std::int64_t system_updates() const { return 0; }  ///< changes to users and roles
  virtual const std::vector<Notification>& notifications() const = 0;
  virtual const PlanDescription* plan() const = 0;     ///< EXPLAIN and PROFILE, else null
  virtual bool profiled() const = 0;
};

struct PlanCacheStatistics {
  std::uint64_t hits = 0, misses = 0;  ///< statements for which a plan was at hand, or had to be made
  std::uint64_t entries = 0;
};

/// Parses, analyses, plans (with a cache) and runs Cypher on a store. Thread-safe.
class Engine {
 public:
  explicit Engine(storage::Store& store);
  ~Engine();

  /// Everything that can be found before execution is an error here (at RUN). `parameters` is a map that outlives
  /// the Run, or null. The transaction's access mode is checked against the statement.
  Result<std::unique_ptr<Run>> run(storage::Transaction& transaction, std::string_view text, const Value& parameters,
                                   const RunOptions& options = {});

  /// The statement's type without running it: auto-commit needs to know which transaction to begin (read statements
  /// get read transactions). Uses and fills the plan cache.
  Result<StatementType> type_of(std::string_view text);

  ProcedureRegistry& procedures();
  /// What objects are made of; add to it before the first statement runs.
  objects::Registry& objects();
  PlanCacheStatistics plan_cache() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace packhouse::cypher
