#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"
#include "cypher/procedures/users.hpp"

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;

/// The version that tools parse; Packhouse answers as a Neo4j 5.26 community server would (specs/CLIENTS.md).
constexpr std::string_view kernel_version = "5.26.0";

Rows components(ExecContext&, std::span<const Value>) {
  auto table = std::make_unique<Table>(3);
  const std::string_view versions[] = {kernel_version};
  table->add({table->text("Neo4j Kernel"), table->texts(versions), table->text("community")});
  return table;
}

Rows show_current_user(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(3);
  std::vector<std::string_view> roles, flags;
  const auto user = current_user(c);
  if (c.administration == nullptr) roles.push_back("admin");  // without authentication everybody may do everything
  if (user) roles.assign(user->roles.begin(), user->roles.end());
  if (user && user->password_change_required) flags.push_back("password_change_required");
  table->add({table->text(c.user), table->texts(roles), table->texts(flags)});
  return table;
}

/// The settings that clients ask for: few, since what a client may know isn't how the server is run.
Rows config(std::string_view containing) {
  auto table = std::make_unique<Table>(4);
  const auto add = [&](std::string_view name, std::string_view description, std::string_view value) {
    if (name.find(containing) != std::string_view::npos) table->add({table->text(name), table->text(description), table->text(value), Value::boolean(false)});
  };
  add("client.allow_telemetry", "Whether clients may send usage data.", "false");
  add("dbms.default_database", "Name of the default database.", "neo4j");
  add("server.bolt.enabled", "Whether the Bolt connector is on.", "true");
  return table;
}

Rows client_config(ExecContext&, std::span<const Value>) { return config(""); }

Rows list_config(ExecContext&, std::span<const Value> arguments) {
  return config(arguments[0].is(Kind::string) ? arguments[0].as_string() : std::string_view());
}

/// Id, name, and when it was created: which the store doesn't note.
Rows info(const ExecContext& c, std::string_view name) {
  auto table = std::make_unique<Table>(3);
  table->add({table->text(c.store.uuid()), table->text(name), Value()});
  return table;
}

Rows dbms_info(ExecContext& c, std::span<const Value>) { return info(c, "packhouse"); }
Rows db_info(ExecContext& c, std::span<const Value>) { return info(c, c.database); }

}  // namespace

void add_dbms_procedures(ProcedureRegistry& r) {
  const auto add = [&](std::string name, std::string description, std::vector<ProcedureColumn> columns,
                       Rows (*open)(ExecContext&, std::span<const Value>)) {
    r.add({.name = std::move(name), .description = std::move(description), .mode = ProcedureMode::dbms, .arguments = {},
           .columns = std::move(columns), .open = open});
  };
  add("dbms.components", "Names the server's components and their versions.",
      {{"name", Type::string}, {"versions", Type::list}, {"edition", Type::string}}, components);
  add("dbms.showCurrentUser", "Shows who is logged in.", {{"username", Type::string}, {"roles", Type::list}, {"flags", Type::list}},
      show_current_user);
  const std::vector<ProcedureColumn> settings{
      {"name", Type::string}, {"description", Type::string}, {"value", Type::string}, {"dynamic", Type::boolean}};
  add("dbms.clientConfig", "Settings that browser tools ask for.", settings, client_config);
  r.add({.name = "dbms.listConfig", .description = "Settings that clients ask for, whose name contains a text.",
         .mode = ProcedureMode::dbms,
         .arguments = {{.name = "searchString", .type = Type::string, .default_value = "\"\"", .has_default = true,
                        .fallback = Value::string("")}},
         .columns = settings, .open = list_config});
  const std::vector<ProcedureColumn> facts{{"id", Type::string}, {"name", Type::string}, {"creationDate", Type::string}};
  add("dbms.info", "Tells the server's id and name.", facts, dbms_info);
  r.add({.name = "db.info", .description = "Tells the database's id and name.", .arguments = {}, .columns = facts, .open = db_info});
}

}  // namespace packhouse::cypher
