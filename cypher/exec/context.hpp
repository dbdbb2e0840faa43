#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.hpp"
#include "base/error.hpp"
#include "storage/graph.hpp"
#include "storage/store.hpp"
#include "value/value.hpp"

namespace packhouse {
class ImportFolder;
}

namespace packhouse::cypher {

class Activity;
class Administration;
class QueryCompiler;

/// Tells a running query from outside that it has to end. Set from any thread.
class StopSignal {
 public:
  enum class Reason : std::uint8_t { none, reset, timeout, terminated };
  void stop(Reason r) { reason_.store(r, std::memory_order_relaxed); }
  void clear() { reason_.store(Reason::none, std::memory_order_relaxed); }
  Reason reason() const { return reason_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Reason> reason_{Reason::none};
};

/// The clock of one statement / transaction; temporal functions ask it, never the system.
struct StatementClock {
  std::int64_t statement_seconds = 0, transaction_seconds = 0;  ///< UTC since the epoch
  std::int32_t statement_nanos = 0, transaction_nanos = 0;
};

/// What a running query may reach. One a run; used by one thread at a time.
class ExecContext {
 public:
  ExecContext(storage::Transaction& transaction, std::span<const Value> query_parameters, Arena& query_arena,
              const StopSignal& stop_signal)
      : tx(transaction), store(transaction.store()), parameters(query_parameters), arena(query_arena), stop_(stop_signal) {}

  storage::Transaction& tx;
  storage::Store& store;
  std::span<const Value> parameters;  ///< by ast::Parameter::index
  Arena& arena;                       ///< lives as long as the query
  StatementClock clock;
  /// Parameters and metadata as procedures see them.
  std::span<const MapEntry> parameter_map;
  std::string_view database, user;
  Administration* administration = nullptr;  ///< null: there are no users
  Activity* activity = nullptr;              ///< null: there is no server

  // Queries given as text (exec/run/nested_query.hpp).
  QueryCompiler* compiler = nullptr;  ///< null: nothing can be run
  std::uint32_t nesting = 0;          ///< how many queries this one is inside of
  int height = 0;                     ///< of the highest expressions of this query and of those, all together
  bool writes = false;                ///< the statement writes: it has a savepoint to go back to

  /// Whether a step may commit what was done so far and go on in another transaction (storage::Transaction::begin_part).
  enum class Parts : std::uint8_t {
    explicit_transaction,  ///< no: it is the client's, who commits
    among_others,          ///< no: other steps read the graph beside it
    allowed,
    begun,
  };
  Parts parts = Parts::among_others;
  /// To be called by a step, not TransactionApply, before it begins the first part. `what` is its name for errors:
  /// Status::transaction_start_failed in an explicit transaction, else Status::argument_error.
  void begin_parts(std::string_view what);

  /// Cheap; call at least once a batch and in every long inner loop. Throws QueryError when the query was stopped.
  void check() {
    if (stop_.reason() != StopSignal::Reason::none) [[unlikely]] stopped();
  }

  const StopSignal& stop_signal() const { return stop_; }
  bool stopping() const { return stop_.reason() != StopSignal::Reason::none; }

  /// Work units since the last slice began. An operator that loops without returning rows asks this once a batch
  /// and returns Progress::yield when it is true, keeping its state.
  bool out_of_budget() { return ++batches_ > slice_; }
  void new_slice(std::uint32_t batches) {
    batches_ = 0;
    slice_ = batches;
  }

  /// Accounts memory that an operator keeps (sort buffers, hash tables, collected lists). Throws out_of_memory.
  void keep(std::size_t bytes) {
    kept_ += bytes;
    bound(kept_);
  }
  /// The same bound for memory that is accounted elsewhere: a batch's arena, whose size the caller knows.
  void bound(std::size_t bytes) const {
    if (bytes > memory_limit) [[unlikely]] too_much(bytes);
  }
  void release(std::size_t bytes) { kept_ -= bytes < kept_ ? bytes : kept_; }
  std::size_t kept() const { return kept_; }
  const ImportFolder* import_folder = nullptr;  ///< null: statements can't name files
  std::size_t memory_limit = std::size_t{1} << 30;  ///< bytes

  /// Number for PROFILE.
  std::uint64_t db_hits = 0;

 private:
  [[noreturn]] void stopped() const;
  [[noreturn]] void too_much(std::size_t asked) const;

  const StopSignal& stop_;
  std::uint32_t batches_ = 0, slice_ = ~std::uint32_t{0};
  std::size_t kept_ = 0;
};

}  // namespace packhouse::cypher
