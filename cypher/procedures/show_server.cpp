#include <string>

#include "cypher/procedures/databases.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;

Rows functions(ExecContext&, std::span<const Value>) {
  auto table = std::make_unique<Table>(7);
  for (const Function& f : FunctionRegistry::instance().all()) {
    table->add({table->text(f.display), table->text(f.category), table->text(f.description), table->text(signature_of(f)),
                Value::boolean(true), Value::boolean(f.aggregating()), Value::boolean(f.deprecated)});
  }
  return table;
}

std::string_view mode_word(ProcedureMode m) {
  switch (m) {
    case ProcedureMode::read: return "READ";
    case ProcedureMode::write: return "WRITE";
    case ProcedureMode::schema: return "SCHEMA";
    case ProcedureMode::dbms: return "DBMS";
  }
  return "READ";
}

Rows databases(const std::string& address, std::span<const Value> arguments) {
  const bool only_home = !arguments[0].as_string().empty();  // SHOW HOME DATABASE, SHOW DEFAULT DATABASE
  const auto named = arguments[1].as_list();                 // SHOW DATABASE name
  auto table = std::make_unique<Table>(13);
  for (const std::string_view name : {std::string_view("neo4j"), std::string_view("system")}) {
    const bool home = name == "neo4j";
    const bool wanted = named.empty() || (named[0].is(Kind::string) && named[0].as_string() == name);
    if (!wanted || (only_home && !home)) continue;
    table->add({table->text(name), table->text(home ? "standard" : "system"), table->texts({}), table->text("read-write"),
                table->text(address), table->text("primary"), Value::boolean(true), table->text("online"),
                table->text("online"), table->text(""), Value::boolean(home), Value::boolean(home), table->texts({})});
  }
  return table;
}

}  // namespace

void add_server_tables(ProcedureRegistry& r) {
  r.add({.name = "show.functions", .description = "Lists the functions.", .arguments = show_arguments(),
         .columns = {{"name", Type::string}, {"category", Type::string}, {"description", Type::string},
                     {"signature", Type::string, false}, {"isBuiltIn", Type::boolean, false},
                     {"aggregating", Type::boolean, false}, {"isDeprecated", Type::boolean, false}},
         .open = functions});
  r.add({.name = "show.procedures", .description = "Lists the procedures.", .arguments = show_arguments(),
         .columns = {{"name", Type::string}, {"description", Type::string}, {"mode", Type::string},
                     {"worksOnSystem", Type::boolean}, {"signature", Type::string, false}, {"isDeprecated", Type::boolean, false}},
         .open = [&r](ExecContext&, std::span<const Value>) -> Rows {
           auto table = std::make_unique<Table>(6);
           for (const auto& p : r.all()) {
             if (is_show_table(p->name)) continue;
             table->add({table->text(p->name), table->text(p->description), table->text(mode_word(p->mode)),
                         Value::boolean(p->mode == ProcedureMode::dbms), table->text(signature_of(*p)), Value::boolean(false)});
           }
           return table;
         }});
  add_server_address(r, "");
}

void add_server_address(ProcedureRegistry& r, const std::string& address) {
  add_routing_procedures(r, address);
  r.add({.name = "show.databases", .description = "Lists the databases.",
         .arguments = show_arguments(),
         .columns = {{"name", Type::string}, {"type", Type::string}, {"aliases", Type::list}, {"access", Type::string},
                     {"address", Type::string}, {"role", Type::string}, {"writer", Type::boolean},
                     {"requestedStatus", Type::string}, {"currentStatus", Type::string}, {"statusMessage", Type::string},
                     {"default", Type::boolean}, {"home", Type::boolean}, {"constituents", Type::list}},
         .open = [address](ExecContext&, std::span<const Value> a) { return databases(address, a); }});
}

}  // namespace packhouse::cypher
