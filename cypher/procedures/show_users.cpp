#include <algorithm>

#include "cypher/administration.hpp"
#include "cypher/error.hpp"
#include "cypher/procedures/families.hpp"
#include "cypher/procedures/table.hpp"
#include "cypher/procedures/users.hpp"

namespace packhouse::cypher {
namespace {

using Rows = std::unique_ptr<ProcedureRows>;

Administration& administration_of(ExecContext& c) {
  if (c.administration == nullptr) {
    throw QueryError(Status::unsupported_administration_command, "There are no users: authentication is off.");
  }
  return *c.administration;
}

void add(Table& table, const UserFacts& user) {
  const std::vector<std::string_view> roles(user.roles.begin(), user.roles.end());
  table.add({table.text(user.name), table.texts(roles), Value::boolean(user.password_change_required),
             Value::boolean(user.suspended), Value()});
}

Rows users(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(5);
  for (const UserFacts& user : administration_of(c).users()) add(*table, user);
  return table;
}

Rows show_current_user(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(5);
  if (const auto user = current_user(c)) add(*table, *user);
  return table;
}

Rows roles(ExecContext& c, std::span<const Value>) {
  auto table = std::make_unique<Table>(1);
  for (const std::string& role : administration_of(c).roles()) table->add({table->text(role)});
  return table;
}

const std::vector<ProcedureColumn> user_columns{{"user", Type::string},
                                                {"roles", Type::list},
                                                {"passwordChangeRequired", Type::boolean},
                                                {"suspended", Type::boolean},
                                                {"home", Type::string}};

}  // namespace

std::optional<UserFacts> current_user(const ExecContext& c) {
  if (c.administration == nullptr) return std::nullopt;
  const auto users = c.administration->users();
  const auto me = std::ranges::find(users, c.administration->user(), &UserFacts::name);
  return me == users.end() ? std::nullopt : std::optional(*me);
}

void add_current_user_table(ProcedureRegistry& r) {
  r.add({.name = "show.current_user", .description = "Shows who is logged in.", .arguments = show_arguments(), .columns = user_columns,
         .open = show_current_user});
}

void add_user_tables(ProcedureRegistry& r) {
  r.add({.name = "show.users", .description = "Lists the users.", .arguments = show_arguments(), .columns = user_columns, .open = users});
  r.add({.name = "show.roles", .description = "Lists the roles.", .arguments = show_arguments(), .columns = {{"role", Type::string}},
         .open = roles});
}

}  // namespace packhouse::cypher
