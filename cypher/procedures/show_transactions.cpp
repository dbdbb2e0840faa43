#include <algorithm>
#include <charconv>

#include "cypher/activity.hpp"
#include "cypher/error.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"

// The tables behind SHOW TRANSACTIONS and TERMINATE TRANSACTIONS.

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;

[[noreturn]] void bad_id(std::string_view id) {
  throw QueryError(Status::invalid_arguments, "Could not parse the transaction id \"" + std::string(id) +
                                                  "\": expected DATABASE-transaction-NUMBER, such as \"neo4j-transaction-17\"");
}

void check_id(std::string_view id) {
  constexpr std::string_view separator = "-transaction-";
  const auto at = id.rfind(separator);
  if (at == std::string_view::npos || at == 0) bad_id(id);
  const std::string_view digits = id.substr(at + separator.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) bad_id(id);
}

/// Ids as the command names them: texts, lists of texts, or a mixture.
void collect_ids(const Value& v, std::vector<std::string_view>& ids) {
  if (v.is(Kind::string)) {
    check_id(v.as_string());
    if (std::ranges::find(ids, v.as_string()) == ids.end()) ids.push_back(v.as_string());
  } else if (v.is(Kind::list)) {
    for (const Value& item : v.as_list()) {
      if (!item.is(Kind::string)) collect_ids(Value(), ids);
      collect_ids(item, ids);
    }
  } else {
    throw QueryError(Status::type_error, "Expected the id of a transaction as a STRING, or a LIST of them, but got " +
                                             std::string(type_name(v.kind())));
  }
}

std::vector<std::string_view> ids_of(const Value& arguments) {
  std::vector<std::string_view> ids;
  for (const Value& v : arguments.as_list()) collect_ids(v, ids);
  return ids;
}

Value duration(Arena& arena, std::chrono::nanoseconds d) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(d);
  return Value::duration(arena.make<Duration>(Duration{0, 0, seconds.count(), static_cast<std::int32_t>((d - seconds).count())}));
}

const std::vector<ProcedureColumn> columns{{"database", Type::string},
                                           {"transactionId", Type::string},
                                           {"currentQueryId", Type::string},
                                           {"outerTransactionId", Type::string, false},
                                           {"connectionId", Type::string},
                                           {"clientAddress", Type::string},
                                           {"username", Type::string},
                                           {"metaData", Type::map, false},
                                           {"currentQuery", Type::string},
                                           {"parameters", Type::map, false},
                                           {"planner", Type::string, false},
                                           {"runtime", Type::string, false},
                                           {"indexes", Type::list, false},
                                           {"startTime", Type::string},
                                           {"currentQueryStartTime", Type::string, false},
                                           {"protocol", Type::string, false},
                                           {"requestUri", Type::string, false},
                                           {"status", Type::string},
                                           {"currentQueryStatus", Type::string, false},
                                           {"statusDetails", Type::string, false},
                                           {"resourceInformation", Type::map, false},
                                           {"activeLockCount", Type::integer, false},
                                           {"currentQueryActiveLockCount", Type::integer, false},
                                           {"elapsedTime", Type::duration},
                                           {"cpuTime", Type::duration, false},
                                           {"waitTime", Type::duration, false},
                                           {"idleTime", Type::duration, false},
                                           {"currentQueryElapsedTime", Type::duration, false},
                                           {"currentQueryCpuTime", Type::duration, false},
                                           {"currentQueryWaitTime", Type::duration, false},
                                           {"currentQueryIdleTime", Type::duration, false},
                                           {"currentQueryAllocatedBytes", Type::integer, false},
                                           {"allocatedDirectBytes", Type::integer, false},
                                           {"estimatedUsedHeapMemory", Type::integer, false},
                                           {"pageHits", Type::integer, false},
                                           {"pageFaults", Type::integer, false},
                                           {"currentQueryPageHits", Type::integer, false},
                                           {"currentQueryPageFaults", Type::integer, false},
                                           {"initializationStackTrace", Type::string, false}};

/// What isn't measured is null, what there is none of is empty.
void add(Table& table, const TransactionFacts& t) {
  const bool busy = !t.query_id.empty();
  const std::pair<std::string_view, Value> known[] = {
      {"database", table.text(t.database)},
      {"transactionId", table.text(t.id)},
      {"currentQueryId", table.text(t.query_id)},
      {"outerTransactionId", table.text("")},
      {"connectionId", table.text(t.connection_id)},
      {"clientAddress", table.text(t.client_address)},
      {"username", table.text(t.username)},
      {"metaData", t.metadata},
      {"currentQuery", table.text(t.query)},
      {"parameters", t.parameters},
      {"planner", table.text("")},
      {"runtime", table.text("")},
      {"indexes", Value::list({})},
      {"startTime", table.text(instant_text(t.began))},
      {"currentQueryStartTime", table.text(busy ? instant_text(t.query_began) : "")},
      {"protocol", table.text("bolt")},
      {"requestUri", table.text("")},
      {"status", table.text(t.status)},
      {"currentQueryStatus", table.text(t.query_status)},
      {"statusDetails", table.text("")},
      {"resourceInformation", Value::map({})},
      {"elapsedTime", duration(table.arena(), t.elapsed)},
      {"currentQueryElapsedTime", busy ? duration(table.arena(), t.query_elapsed) : Value()},
      {"initializationStackTrace", table.text("")}};
  std::vector<Value> row(columns.size());
  for (const auto& [name, value] : known) {
    row[static_cast<std::size_t>(std::ranges::find(columns, name, &ProcedureColumn::name) - columns.begin())] = value;
  }
  table.add(row);
}

Rows transactions(ExecContext& c, std::span<const Value> arguments) {
  const auto ids = ids_of(arguments[1]);
  auto table = std::make_unique<Table>(columns.size());
  if (c.activity == nullptr) return table;
  Arena& arena = table->arena();
  for (const TransactionFacts& t : c.activity->transactions(arena, [&] { c.bound(arena.footprint()); })) {
    if (arguments[1].as_list().empty() || std::ranges::find(ids, t.id) != ids.end()) add(*table, t);
  }
  return table;
}

Rows terminate(ExecContext& c, std::span<const Value> arguments) {
  auto table = std::make_unique<Table>(3);
  for (const std::string_view id : ids_of(arguments[1])) {
    const EndOutcome outcome = c.activity != nullptr ? c.activity->terminate(id) : EndOutcome{};
    table->add({table->text(id), outcome.found ? table->text(outcome.username) : Value(),
                table->text(outcome.found ? "Transaction terminated." : "Transaction not found.")});
  }
  return table;
}

}  // namespace

void add_transaction_tables(ProcedureRegistry& r) {
  r.add({.name = "show.transactions", .description = "Lists the transactions.", .arguments = show_arguments(), .columns = columns,
         .open = transactions});
  r.add({.name = "show.terminate_transactions", .description = "Ends transactions.", .arguments = show_arguments(),
         .columns = {{"transactionId", Type::string}, {"username", Type::string}, {"message", Type::string}}, .open = terminate});
}

}  // namespace packhouse::cypher
