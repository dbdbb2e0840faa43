#include <array>

#include "base/ascii.hpp"
#include "cypher/error.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"

// How clients before Bolt 4.3 ask for a routing table: one server in all three roles (BOLT.md section 14).

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;

Value role(Table& table, std::string_view address, std::string_view name) {
  const std::string_view addresses[] = {address};
  auto entries = table.arena().array<MapEntry>(2);
  entries[0] = {"addresses", table.texts(addresses)};
  entries[1] = {"role", table.text(name)};
  return Value::map(entries);
}

Rows routing_table(const std::string& advertised, std::span<const Value> arguments) {
  const Value& database = arguments.size() > 1 ? arguments[1] : Value();
  if (database.is(Kind::string) && !database.as_string().empty() && !same_ignoring_case(database.as_string(), "neo4j") &&
      !same_ignoring_case(database.as_string(), "system")) {
    throw QueryError(Status::database_not_found,
                     "Database does not exist. Database name: '" + std::string(database.as_string()) + "'.");
  }
  std::string_view address = advertised;
  if (arguments[0].is(Kind::map)) {
    const Value* given = find(arguments[0].as_map(), "address");
    if (given != nullptr && given->is(Kind::string)) address = given->as_string();
  }
  auto table = std::make_unique<Table>(2);
  auto servers = table->arena().array<Value>(3);
  servers[0] = role(*table, address, "WRITE");
  servers[1] = role(*table, address, "READ");
  servers[2] = role(*table, address, "ROUTE");
  constexpr std::int64_t time_to_live_s = 300;
  table->add({Value::integer(time_to_live_s), Value::list(servers)});
  return table;
}

}  // namespace

void add_routing_procedures(ProcedureRegistry& r, const std::string& address) {
  for (const char* name : {"dbms.routing.getRoutingTable", "dbms.cluster.routing.getRoutingTable"}) {
    r.add({.name = name,
           .description = "Tells clients before Bolt 4.3 where to read and where to write: here.",
           .mode = ProcedureMode::dbms,
           .arguments = {{"context", Type::map},
                         {.name = "database", .type = Type::string, .default_value = "null", .has_default = true, .fallback = Value()}},
           .columns = {{"ttl", Type::integer}, {"servers", Type::list}},
           .open = [address](ExecContext&, std::span<const Value> a) { return routing_table(address, a); }});
  }
}

}  // namespace packhouse::cypher
