#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"
#include "value/compare.hpp"

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;

constexpr std::string_view hidden_prefix = "tck.";

/// The rows of one registered test procedure: inputs first, then outputs. Owns its values.
struct TestTable {
  Arena arena;
  std::size_t inputs = 0, columns = 0;
  std::vector<Value> cells;
};

std::string_view text_of(const Value& map, std::string_view key) {
  const Value* v = map.is(Kind::map) ? find(map.as_map(), key) : nullptr;
  if (!v || !v->is(Kind::string)) throw QueryError(Status::argument_error, "tck.register: a column needs a string `" + std::string(key) + "`");
  return v->as_string();
}

Type type_of(std::string_view name) {
  if (name.ends_with('?')) name.remove_suffix(1);
  if (name == "INTEGER") return Type::integer;
  if (name == "FLOAT") return Type::floating;
  if (name == "NUMBER") return Type::number;
  if (name == "STRING") return Type::string;
  if (name == "BOOLEAN") return Type::boolean;
  return Type::any;
}

bool same(const Value& a, const Value& b) { return (a.is_null() && b.is_null()) || equals(a, b) == Ternary::true_; }

Rows look_up(const TestTable& data, std::span<const Value> arguments) {
  const std::size_t outputs = data.columns - data.inputs;
  auto table = std::make_unique<Table>(outputs);
  for (std::size_t at = 0; at + data.columns <= data.cells.size() && data.columns > 0; at += data.columns) {
    const auto row = std::span(data.cells).subspan(at, data.columns);
    if (std::ranges::equal(arguments, row.first(data.inputs), same)) table->add(row.subspan(data.inputs));
  }
  return table;
}

void register_test(ProcedureRegistry& registry, std::vector<std::string>& names, std::span<const Value> a) {
  if (!a[0].is(Kind::string) || !a[1].is(Kind::list) || !a[2].is(Kind::list) || !a[3].is(Kind::list)) {
    throw QueryError(Status::argument_error, "tck.register(name, inputs, outputs, rows)");
  }
  auto data = std::make_shared<TestTable>();
  Procedure p{.name = std::string(a[0].as_string()), .description = "A test procedure.", .coerce_numbers = true};
  for (const Value& column : a[1].as_list()) {
    p.arguments.push_back({.name = std::string(text_of(column, "name")), .type = type_of(text_of(column, "type"))});
  }
  for (const Value& column : a[2].as_list()) {
    p.columns.push_back({std::string(text_of(column, "name")), type_of(text_of(column, "type"))});
  }
  data->inputs = p.arguments.size();
  data->columns = data->inputs + p.columns.size();
  for (const Value& row : a[3].as_list()) {
    for (const auto& argument : p.arguments) {
      const Value* v = row.is(Kind::map) ? find(row.as_map(), argument.name) : nullptr;
      data->cells.push_back(v ? deep_copy(*v, data->arena) : Value());
    }
    for (const auto& column : p.columns) {
      const Value* v = row.is(Kind::map) ? find(row.as_map(), column.name) : nullptr;
      data->cells.push_back(v ? deep_copy(*v, data->arena) : Value());
    }
  }
  p.open = [data](ExecContext&, std::span<const Value> arguments) { return look_up(*data, arguments); };
  names.push_back(p.name);
  registry.add(std::move(p));
}

}  // namespace

void add_test_procedures(ProcedureRegistry& registry) {
  auto names = std::make_shared<std::vector<std::string>>();
  registry.add({.name = std::string(hidden_prefix) + "register", .description = "Adds a test procedure.", .mode = ProcedureMode::dbms,
                .arguments = {{"name", Type::string}, {"inputs", Type::list}, {"outputs", Type::list}, {"rows", Type::list}},
                .columns = {},
                .open = [names, &registry](ExecContext&, std::span<const Value> a) -> Rows {
                  register_test(registry, *names, a);
                  return std::make_unique<Table>(0);
                }});
  registry.add({.name = std::string(hidden_prefix) + "clear", .description = "Removes all test procedures.",
                .mode = ProcedureMode::dbms, .arguments = {}, .columns = {},
                .open = [names, &registry](ExecContext&, std::span<const Value>) -> Rows {
                  for (const std::string& name : *names) registry.remove(name);
                  names->clear();
                  return std::make_unique<Table>(0);
                }});
}

}  // namespace packhouse::cypher
