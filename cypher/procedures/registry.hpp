#pragma once
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "cypher/functions/registry.hpp"

namespace packhouse::cypher {

enum class ProcedureMode : std::uint8_t { read, write, schema, dbms };

/// Rows that a procedure yields, pulled in pieces so that a long one can be stopped or slowed down.
class ProcedureRows {
 public:
  virtual ~ProcedureRows() = default;
  /// Fills `row` (one value an output column, memory in `arena`); false = no more.
  virtual bool next(ExecContext& context, Arena& arena, std::span<Value> row) = 0;
  /// After next() said false: true when it only stopped to let others work (ExecContext::out_of_budget()) and is to be
  /// asked again; then on a thread of the worker pool, where waiting for the disk disturbs nobody.
  virtual bool paused() const { return false; }
  /// Each row takes so long that it is handed on by itself, not in a batch: progress of something.
  virtual bool take_long() const { return false; }
};

struct ProcedureArgument {
  std::string name;
  Type type = Type::any;
  bool nullable = true;
  std::string default_value;   ///< Cypher text shown in the signature; used when has_default
  bool has_default = false;
  Value fallback;              ///< what is passed when it is left out
};
struct ProcedureColumn {
  std::string name;
  Type type = Type::any;
  bool is_default = true;      ///< shown when a SHOW command has no YIELD
};

/// One procedure: also what is behind each SHOW command.
struct Procedure {
  std::string name;            ///< as written, e.g. "db.labels"; lookup is exact
  std::string description;
  ProcedureMode mode = ProcedureMode::read;
  std::vector<ProcedureArgument> arguments;
  std::vector<ProcedureColumn> columns;   ///< none: a void procedure, which passes each input row on
  bool may_commit = false;                ///< may end the transaction and begin another (ExecContext::begin_parts)
  bool coerce_numbers = false;            ///< integer arguments of FLOAT type are converted
  /// It acts outside the store, or asks which transaction it is in: no other statement may share its commit.
  bool alone = false;
  std::function<std::unique_ptr<ProcedureRows>(ExecContext&, std::span<const Value> arguments)> open;
};

/// Procedures by name. Test procedures may come and go while the server runs, which is why lookups give shared
/// ownership and version() belongs to the key of cached plans.
class ProcedureRegistry {
 public:
  std::shared_ptr<const Procedure> find(std::string_view name) const;
  std::vector<std::shared_ptr<const Procedure>> all() const;
  void add(Procedure p);                  ///< replaces one of the same name
  void remove(std::string_view name);
  std::uint64_t version() const;

 private:
  mutable std::shared_mutex mutex_;
  std::vector<std::shared_ptr<const Procedure>> procedures_;
  std::uint64_t version_ = 0;
};

/// Adds db.*, dbms.* … and the tables behind SHOW.
void add_builtin_procedures(ProcedureRegistry& registry);
/// Adds tck.register and tck.clear (start-up flag --test-procedures).
void add_test_procedures(ProcedureRegistry& registry);

}  // namespace packhouse::cypher
