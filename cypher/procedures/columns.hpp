#pragma once
#include <optional>
#include <string_view>

#include "cypher/procedures/registry.hpp"
#include "storage/columns/column.hpp"

// What the procedures column.* share.
namespace packhouse::cypher {

/// The arguments of one call, checked as they are taken.
class ColumnArguments {
 public:
  ColumnArguments(std::string_view procedure, std::span<const Value> values) : procedure_(procedure), values_(values) {}

  std::string_view text(std::size_t i, std::string_view what) const;
  std::int64_t integer(std::size_t i, std::string_view what) const;
  /// Nothing for null.
  std::optional<std::int64_t> optional_integer(std::size_t i, std::string_view what) const;
  std::span<const Value> list(std::size_t i, std::string_view what) const;
  const Value& value(std::size_t i) const { return values_[i]; }
  /// The entries of a map argument (null: none), of which all keys must be among `known`.
  std::span<const MapEntry> options(std::size_t i, std::initializer_list<std::string_view> known) const;
  /// A boolean option; false when it isn't there.
  bool flag(std::span<const MapEntry> options, std::string_view name) const;
  std::optional<std::string_view> word(std::span<const MapEntry> options, std::string_view name) const;
  std::optional<std::int64_t> number(std::span<const MapEntry> options, std::string_view name) const;
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  [[noreturn]] void wrong(std::string_view what, std::string_view expected, const Value& got) const;

  std::string_view procedure_;
  std::span<const Value> values_;
};

inline storage::Columns columns_of(ExecContext& c) {
  return storage::Columns(c.tx.cells());
}

inline ProcedureArgument column_name() {
  return {"name", Type::string};
}
/// An argument that may be left out and is null then.
inline ProcedureArgument optional_argument(std::string name, Type type) {
  return {.name = std::move(name), .type = type, .default_value = "null", .has_default = true, .fallback = Value()};
}

/// Adds one procedure of the family. The name lives as long as the registry.
using OpenRows = std::unique_ptr<ProcedureRows> (*)(ExecContext&, const ColumnArguments&);
void add_column_procedure(ProcedureRegistry& registry, std::string_view name, std::string description,
                          ProcedureMode mode, std::vector<ProcedureArgument> arguments,
                          std::vector<ProcedureColumn> columns, OpenRows open);

void add_column_reading(ProcedureRegistry& registry);   ///< column.get, .slice …
void add_column_transfer(ProcedureRegistry& registry);  ///< column.import, .export

}  // namespace packhouse::cypher
