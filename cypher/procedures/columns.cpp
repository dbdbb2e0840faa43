#include "cypher/procedures/columns.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "codec/datapacker/vector.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"

// column.*: creating and changing columns (docs/DATAPACKER.md).
namespace packhouse::cypher {

void ColumnArguments::refuse(const std::string& why) const {
  throw QueryError(Status::argument_error, std::string(procedure_) + ": " + why);
}

void ColumnArguments::wrong(std::string_view what, std::string_view expected, const Value& got) const {
  throw QueryError(Status::type_error,
                   fmt::format("{}: expected {} as {}, got {}", procedure_, what, expected, type_name(got.kind())));
}

std::string_view ColumnArguments::text(std::size_t i, std::string_view what) const {
  if (!values_[i].is(Kind::string)) wrong(what, "a STRING", values_[i]);
  return values_[i].as_string();
}
std::int64_t ColumnArguments::integer(std::size_t i, std::string_view what) const {
  if (!values_[i].is(Kind::integer)) wrong(what, "an INTEGER", values_[i]);
  return values_[i].as_integer();
}
std::optional<std::int64_t> ColumnArguments::optional_integer(std::size_t i, std::string_view what) const {
  if (values_[i].is_null()) return std::nullopt;
  return integer(i, what);
}
std::span<const Value> ColumnArguments::list(std::size_t i, std::string_view what) const {
  if (!values_[i].is(Kind::list)) wrong(what, "a LIST", values_[i]);
  return values_[i].as_list();
}

std::span<const MapEntry> ColumnArguments::options(std::size_t i, std::initializer_list<std::string_view> known) const {
  if (values_[i].is_null()) return {};
  if (!values_[i].is(Kind::map)) wrong("the options", "a MAP", values_[i]);
  for (const MapEntry& e : values_[i].as_map()) {
    if (std::ranges::find(known, e.key) != known.end()) continue;
    refuse(fmt::format("unknown option '{}', known are {}", e.key, fmt::join(known, ", ")));
  }
  return values_[i].as_map();
}
bool ColumnArguments::flag(std::span<const MapEntry> options, std::string_view name) const {
  const Value* const v = find(options, name);
  if (!v || v->is_null()) return false;
  if (!v->is(Kind::boolean)) wrong(fmt::format("option '{}'", name), "a BOOLEAN", *v);
  return v->is_true();
}
std::optional<std::string_view> ColumnArguments::word(std::span<const MapEntry> options, std::string_view name) const {
  const Value* const v = find(options, name);
  if (!v || v->is_null()) return std::nullopt;
  if (!v->is(Kind::string)) wrong(fmt::format("option '{}'", name), "a STRING", *v);
  return v->as_string();
}
std::optional<std::int64_t> ColumnArguments::number(std::span<const MapEntry> options, std::string_view name) const {
  const Value* const v = find(options, name);
  if (!v || v->is_null()) return std::nullopt;
  if (!v->is(Kind::integer)) wrong(fmt::format("option '{}'", name), "an INTEGER", *v);
  return v->as_integer();
}

void add_column_procedure(ProcedureRegistry& registry, std::string_view name, std::string description,
                          ProcedureMode mode, std::vector<ProcedureArgument> arguments,
                          std::vector<ProcedureColumn> columns, OpenRows open) {
  registry.add({.name = std::string(name),
                .description = std::move(description),
                .mode = mode,
                .arguments = std::move(arguments),
                .columns = std::move(columns),
                .alone = name == "column.export",
                .open = [name, open](ExecContext& c, std::span<const Value> values) {
                  return open(c, ColumnArguments(name, values));
                }});
}

namespace {

using Rows = std::unique_ptr<ProcedureRows>;
using storage::Column;

Rows nothing() {
  return std::make_unique<Table>(0);
}

Rows length_now(Column& column) {
  auto table = std::make_unique<Table>(1);
  table->add({Value::integer(static_cast<std::int64_t>(or_throw(column.length())))});
  return table;
}

Column opened(ExecContext& c, const ColumnArguments& a) {
  return or_throw(columns_of(c).open_to_write(a.text(0, "the column's name")));
}

Rows create(ExecContext& c, const ColumnArguments& a) {
  const bool fine = a.flag(a.options(2, {"ifNotExists"}), "ifNotExists");
  or_throw(columns_of(c).create(a.text(0, "the column's name"), a.text(1, "the dtype"), fine));
  return nothing();
}

Rows drop(ExecContext& c, const ColumnArguments& a) {
  const bool fine = a.flag(a.options(1, {"ifExists"}), "ifExists");
  or_throw(columns_of(c).drop(a.text(0, "the column's name"), fine));
  return nothing();
}

Rows append(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  or_throw(column.append(a.value(1)));
  return length_now(column);
}

/// A VECTOR as the array of its numbers.
datapacker::ArrayView array_of(const Value& v) {
  return {
      .element = datapacker::scalar_of(v.vector_element()), .shape = {v.vector_dimensions()}, .data = v.vector_data()};
}

Rows extend(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  const Value& values = a.value(1);
  if (values.is(Kind::bytes))
    or_throw(column.extend_packed(values.as_bytes()));
  else if (values.is(Kind::vector))
    or_throw(column.extend_rows(array_of(values)));
  else
    or_throw(column.extend(a.list(1, "the values")));
  return length_now(column);
}

Rows set(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  or_throw(column.set(a.integer(1, "the index"), a.value(2)));
  return nothing();
}

Rows set_many(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  const std::int64_t index = a.integer(1, "the index");
  if (a.value(2).is(Kind::bytes))
    or_throw(column.set_packed(index, a.value(2).as_bytes()));
  else
    or_throw(column.set_many(index, a.list(2, "the values")));
  return nothing();
}

Rows insert(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  or_throw(column.insert(a.integer(1, "the index"), {&a.value(2), 1}));
  return length_now(column);
}

Rows insert_many(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  or_throw(column.insert(a.integer(1, "the index"), a.list(2, "the values")));
  return length_now(column);
}

Rows erase(ExecContext& c, const ColumnArguments& a) {
  Column column = opened(c, a);
  const std::int64_t count = a.integer(2, "the count");
  if (count < 0) a.refuse("the count must be at least 0, got " + std::to_string(count));
  auto left = static_cast<std::uint64_t>(count);
  const auto at = static_cast<std::int64_t>(or_throw(column.position(a.integer(1, "the index"), left)));
  for (constexpr std::uint64_t most = std::uint64_t{1} << 20; left > 0;) {
    const std::uint64_t n = std::min(left, most);
    or_throw(column.erase(at, n));
    left -= n;
    c.check();
  }
  return length_now(column);
}

}  // namespace

void add_column_procedures(ProcedureRegistry& registry) {
  const auto add = [&](std::string_view name, std::string description, std::vector<ProcedureArgument> arguments,
                       bool length, OpenRows open) {
    std::vector<ProcedureColumn> columns;
    if (length) columns.push_back({"length", Type::integer});
    add_column_procedure(registry, name, std::move(description), ProcedureMode::write, std::move(arguments),
                         std::move(columns), open);
  };
  const ProcedureArgument name = column_name(), index{"index", Type::integer}, value{"value"};
  const ProcedureArgument list{"values", Type::list};
  add("column.create", "Creates a column of a DataPacker dtype. Option: ifNotExists.",
      {name, {"dtype", Type::string}, optional_argument("options", Type::map)}, false, create);
  add("column.drop", "Drops a column with its elements. Option: ifExists.",
      {name, optional_argument("options", Type::map)}, false, drop);
  add("column.append", "Adds an element at the end of a column; returns the new length.", {name, value}, true, append);
  add("column.extend",
      "Adds elements at the end of a column: a list, a vector's numbers, or packed bytes; returns the new length.",
      {name, {"values", Type::list | Type::vector | Type::bytes}}, true, extend);
  add("column.set", "Overwrites an element; indexes below 0 count from the end.", {name, index, value}, false, set);
  add("column.setMany", "Overwrites elements from an index on, with a list or packed bytes.",
      {name, index, {"values", Type::list | Type::bytes}}, false, set_many);
  add("column.insert", "Inserts an element before an index; returns the new length.", {name, index, value}, true,
      insert);
  add("column.insertMany", "Inserts the elements of a list before an index; returns the new length.",
      {name, index, list}, true, insert_many);
  add("column.delete", "Deletes elements from an index on, one by default; returns the new length.",
      {name,
       index,
       {.name = "count",
        .type = Type::integer,
        .default_value = "1",
        .has_default = true,
        .fallback = Value::integer(1)}},
      true, erase);
  add_column_reading(registry);
  add_column_transfer(registry);
}

}  // namespace packhouse::cypher
