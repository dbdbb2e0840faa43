#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cypher/procedures/registry.hpp"
#include "cypher/procedures/table.hpp"

// What the procedures apoc.* share (docs/APOC.md).
namespace packhouse::cypher::apoc {

using Rows = std::unique_ptr<ProcedureRows>;
using Arguments = std::span<const Value>;

/// ProcedureCallFailed, worded as APOC's errors reach clients.
[[noreturn]] void failed(std::string_view procedure, const std::string& why);

/// Where a procedure's arguments are checked: each access names the argument, so that errors can.
class Call {
 public:
  Call(std::string_view procedure, Arguments values) : procedure_(procedure), values_(values) {}

  std::string_view procedure() const { return procedure_; }
  const Value& operator[](std::size_t i) const { return values_[i]; }
  std::string_view text(std::size_t i, std::string_view what) const;
  /// The texts of a list, or the one text.
  std::vector<std::string_view> texts(std::size_t i, std::string_view what) const;
  std::span<const Value> list(std::size_t i, std::string_view what) const;  ///< empty for null
  std::span<const MapEntry> map(std::size_t i, std::string_view what) const;  ///< empty for null
  std::int64_t integer(std::size_t i, std::string_view what) const;
  /// Nodes (relationships) given as one, as ids, or as a list of these. Ids that lead nowhere are an error.
  std::vector<NodeId> nodes(ExecContext& c, std::size_t i) const;
  std::vector<RelId> relationships(ExecContext& c, std::size_t i) const;
  [[noreturn]] void refuse(const std::string& why) const { failed(procedure_, why); }

 private:
  std::string_view procedure_;
  Arguments values_;
};

/// A config map, each entry asked for by name; done() refuses what nobody asked for.
class Config {
 public:
  Config(std::string_view procedure, const Value& map);

  std::optional<Value> take(std::string_view name);  ///< nothing when it is not there, or null
  std::int64_t integer(std::string_view name, std::int64_t fallback);
  bool flag(std::string_view name, bool fallback);
  std::string text(std::string_view name, std::string_view fallback = {});
  std::vector<std::string> texts(std::string_view name);
  void done() const;
  [[noreturn]] void refuse(const std::string& why) const { failed(procedure_, why); }

 private:
  std::string procedure_;
  std::map<std::string_view, Value> left_;
};

inline Value number(std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); }
/// Copies into an arena.
Value text(Arena& arena, std::string_view s);
Value list(Arena& arena, std::span<const Value> items);
Value map(Arena& arena, std::span<const MapEntry> entries);
Value texts(Arena& arena, std::span<const std::string> items);

/// `config = {} :: MAP`
ProcedureArgument config_argument(std::string name = "config");
ProcedureArgument optional_map(std::string name);

/// What adds procedures of one kind, with their names kept.
class Family {
 public:
  using Open = Rows (*)(ExecContext&, const Call&);
  explicit Family(ProcedureRegistry& registry) : registry_(registry) {}
  void add(std::string_view name, std::string description, ProcedureMode mode, std::vector<ProcedureArgument> arguments,
           std::vector<ProcedureColumn> columns, Open open);
  /// The same for work that may take long: it is done on a thread of the worker pool.
  void add_long(std::string_view name, std::string description, ProcedureMode mode, std::vector<ProcedureArgument> arguments,
                std::vector<ProcedureColumn> columns, Open open);

 private:
  ProcedureRegistry& registry_;
};

void add_meta_tables(ProcedureRegistry& registry);  ///< apoc.meta.data, .nodeTypeProperties, .relTypeProperties
void add_meta_schema(ProcedureRegistry& registry);  ///< apoc.meta.schema
void add_meta_graph(ProcedureRegistry& registry);   ///< apoc.meta.graph, .subGraph, .stats
void add_schema(ProcedureRegistry& registry);       ///< apoc.schema.*
void add_schema_assert(ProcedureRegistry& registry);
void add_merge(ProcedureRegistry& registry);        ///< apoc.merge.*
void add_util(ProcedureRegistry& registry);         ///< apoc.util.validate and what gives rows of lists
void add_refactor(ProcedureRegistry& registry);     ///< apoc.refactor.*
void add_path(ProcedureRegistry& registry);         ///< apoc.path.*
void add_cypher(ProcedureRegistry& registry);       ///< apoc.cypher.run, apoc.do.when …
void add_create(ProcedureRegistry& registry);       ///< apoc.create.*

}  // namespace packhouse::cypher::apoc

namespace packhouse::cypher {
void add_apoc_procedures(ProcedureRegistry& registry);
}  // namespace packhouse::cypher
