#include "cypher/activity.hpp"

#include <vector>

#include "cypher/error.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"
#include "value/temporal/print.hpp"

// dbms.listConnections, dbms.killConnection(s), tx.getMetaData, tx.setMetaData.

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;

Rows connections(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(7);
  if (c.activity == nullptr) return table;
  for (const ConnectionFacts& f : c.activity->connections()) {
    table->add({table->text(f.id), table->text(instant_text(f.connected)), table->text("bolt"), table->text(f.username),
                table->text(f.user_agent), table->text(f.server_address), table->text(f.client_address)});
  }
  return table;
}

void close_connection(ExecContext& c, Table& table, const Value& id) {
  if (!id.is(Kind::string)) {
    throw QueryError(Status::type_error, "Expected the id of a connection as a STRING, but got " + std::string(type_name(id.kind())));
  }
  const EndOutcome outcome = c.activity != nullptr ? c.activity->close_connection(id.as_string()) : EndOutcome{};
  table.add({table.text(id.as_string()), table.text(outcome.found ? outcome.username : "n/a"),
             table.text(outcome.found ? "Connection found" : "No connection found with this id")});
}

Rows kill_connection(ExecContext& c, std::span<const Value> arguments) {
  auto table = std::make_unique<Table>(3);
  close_connection(c, *table, arguments[0]);
  return table;
}

Rows kill_connections(ExecContext& c, std::span<const Value> arguments) {
  auto table = std::make_unique<Table>(3);
  if (!arguments[0].is(Kind::list)) close_connection(c, *table, Value());
  for (const Value& id : arguments[0].as_list()) close_connection(c, *table, id);
  return table;
}

Rows metadata(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(1);
  table->add({c.activity != nullptr ? deep_copy(c.activity->metadata(), table->arena()) : Value::map({})});
  return table;
}

/// Neo4j's bound for what a query may set: characters of keys and values together.
constexpr std::size_t most_metadata = 2048;

std::size_t length_of(const Value& v, std::size_t depth = 0) {
  if (depth > most_metadata) return most_metadata;
  std::size_t n = v.is(Kind::string) ? v.as_string().size() : 8;
  if (v.is(Kind::list)) {
    for (const Value& item : v.as_list()) n += length_of(item, depth + 1);
  } else if (v.is(Kind::map)) {
    for (const MapEntry& e : v.as_map()) n += e.key.size() + length_of(e.value, depth + 1);
  }
  return n;
}

Rows set_metadata(ExecContext& c, std::span<const Value> arguments) {
  if (!arguments[0].is(Kind::map)) {
    throw QueryError(Status::type_error, "Expected the metadata as a MAP, but got " + std::string(type_name(arguments[0].kind())));
  }
  if (const std::size_t length = length_of(arguments[0]); length >= most_metadata) {
    throw QueryError(Status::procedure_call_failed, "Failed to invoke procedure `tx.setMetaData`: the metadata has " +
                                                        std::to_string(length) + " characters, but must have less than " +
                                                        std::to_string(most_metadata));
  }
  if (c.activity != nullptr) c.activity->set_metadata(arguments[0]);
  return std::make_unique<Table>(0);
}

}  // namespace

std::string instant_text(Instant t) {
  constexpr std::int64_t day = 86'400;
  const std::int64_t days = t.seconds >= 0 ? t.seconds / day : (t.seconds - day + 1) / day;
  std::string out;
  temporal::append_date(out, days);
  out += 'T';
  constexpr std::int64_t second = 1'000'000'000, millisecond = 1'000'000;
  temporal::append_time(out, (t.seconds - days * day) * second + t.nanos / millisecond * millisecond, false);
  return out + 'Z';
}

void add_activity_procedures(ProcedureRegistry& r) {
  const auto add = [&](std::string name, std::string description, std::vector<ProcedureArgument> arguments,
                       std::vector<ProcedureColumn> columns, Rows (*open)(ExecContext&, std::span<const Value>)) {
    r.add({.name = std::move(name), .description = std::move(description), .mode = ProcedureMode::dbms,
           .arguments = std::move(arguments), .columns = std::move(columns), .open = open});
  };
  add("dbms.listConnections", "Lists the connections: administrators see all, others their own.", {},
      {{"connectionId", Type::string}, {"connectTime", Type::string}, {"connector", Type::string}, {"username", Type::string},
       {"userAgent", Type::string}, {"serverAddress", Type::string}, {"clientAddress", Type::string}},
      connections);
  const std::vector<ProcedureColumn> killed{{"connectionId", Type::string}, {"username", Type::string}, {"message", Type::string}};
  add("dbms.killConnection", "Closes a connection; its transaction is rolled back.", {{"id", Type::string}}, killed, kill_connection);
  add("dbms.killConnections", "Closes connections; their transactions are rolled back.", {{"ids", Type::list}}, killed,
      kill_connections);
  add("tx.getMetaData", "Gives the metadata of the transaction.", {}, {{"metadata", Type::map}}, metadata);
  add("tx.setMetaData", "Replaces the metadata of the transaction, which SHOW TRANSACTIONS shows.", {{"data", Type::map}}, {},
      set_metadata);
}

}  // namespace packhouse::cypher
