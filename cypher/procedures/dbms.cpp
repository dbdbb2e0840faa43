#include "cypher/administration.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"

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

Rows current_user(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(3);
  std::vector<std::string_view> roles, flags;
  std::vector<UserFacts> users;
  if (c.administration == nullptr) {  // without authentication everybody may do everything
    roles.push_back("admin");
  } else {
    users = c.administration->users();
  }
  for (const UserFacts& user : users) {
    if (user.name != c.administration->user()) continue;
    roles.assign(user.roles.begin(), user.roles.end());
    if (user.password_change_required) flags.push_back("password_change_required");
  }
  table->add({table->text(c.user), table->texts(roles), table->texts(flags)});
  return table;
}

Rows client_config(ExecContext&, std::span<const Value>) {
  auto table = std::make_unique<Table>(4);
  const auto add = [&](std::string_view name, std::string_view description, std::string_view value) {
    table->add({table->text(name), table->text(description), table->text(value), Value::boolean(false)});
  };
  add("client.allow_telemetry", "Whether clients may send usage data.", "false");
  add("dbms.default_database", "Name of the default database.", "neo4j");
  add("server.bolt.enabled", "Whether the Bolt connector is on.", "true");
  return table;
}

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
      current_user);
  const std::vector<ProcedureColumn> settings{
      {"name", Type::string}, {"description", Type::string}, {"value", Type::string}, {"dynamic", Type::boolean}};
  add("dbms.clientConfig", "Settings that browser tools ask for.", settings, client_config);
}

}  // namespace packhouse::cypher
