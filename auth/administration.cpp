#include "auth/administration.hpp"

#include <algorithm>

namespace packhouse::auth {
namespace {

using Arguments = std::span<const MapEntry>;

bool flag(Arguments arguments, std::string_view key) {
  const Value* v = packhouse::find(arguments, key);
  return v && v->is(Kind::boolean) && v->as_boolean();
}

/// A name or a password: texts, possibly from parameters.
Result<std::string> text(Arguments arguments, std::string_view key) {
  const Value* v = packhouse::find(arguments, key);
  if (v && v->is(Kind::string)) return std::string(v->as_string());
  return fail(Status::argument_error,
              "Expected the " + std::string(key) + " to be a string but it is " + std::string(v ? type_name(v->kind()) : "missing") + ".");
}

Result<std::vector<std::string>> texts(Arguments arguments, std::string_view key) {
  std::vector<std::string> out;
  const Value* v = packhouse::find(arguments, key);
  if (!v || !v->is(Kind::list)) return fail(Status::internal, "an administration command lacks its " + std::string(key));
  for (const Value& item : v->as_list()) {
    if (!item.is(Kind::string)) {
      return fail(Status::argument_error, "Expected the " + std::string(key) + " to be strings but one is " + std::string(type_name(item.kind())) + ".");
    }
    out.emplace_back(item.as_string());
  }
  return out;
}

tl::unexpected<Error> invalid(std::string message) { return fail(Status::invalid_arguments, std::move(message)); }

/// Names go through URLs and "user:password" headers.
Result<void> check_name(std::string_view name) {
  constexpr std::size_t longest = 255;
  if (name.empty()) return invalid("The provided username is empty.");
  if (name.size() > longest) return invalid("The provided username is too long: " + std::to_string(longest) + " characters are the most.");
  if (std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f' && c != ',' && c != ':'; })) return ok;
  return invalid("Username '" + std::string(name) + "' contains illegal characters. Use ascii characters that are not ',', ':' or whitespaces.");
}

tl::unexpected<Error> no_such_user(std::string_view doing, std::string_view name) {
  return invalid("Failed to " + std::string(doing) + " the specified user '" + std::string(name) + "': User does not exist.");
}

}  // namespace

UserPtr UserAdministration::find(std::string_view name) const {
  const auto changed = changes_.find(name);
  return changed == changes_.end() ? find_user(*base_, name) : changed->second;
}

void UserAdministration::put(User user) {
  const std::string name = user.name;
  changes_.insert_or_assign(name, std::make_shared<const User>(std::move(user)));
}

Result<std::int64_t> UserAdministration::run(const cypher::AdministrationCommand& command) {
  if (read_only_) return fail(Status::access_mode, "Changing users is not allowed in read access mode.");
  if (command.name == "CREATE USER") return create(command.arguments);
  if (command.name == "ALTER USER") return alter(command.arguments);
  if (command.name == "DROP USER") return drop(command.arguments);
  if (command.name == "RENAME USER") return rename(command.arguments);
  if (command.name == "ALTER CURRENT USER") return change_own_password(command.arguments);
  if (command.name == "GRANT ROLES") return change_roles(command.arguments, true);
  if (command.name == "REVOKE ROLES") return change_roles(command.arguments, false);
  return fail(Status::unsupported_administration_command, "Unsupported administration command: " + std::string(command.name));
}

Result<void> UserAdministration::set(User& user, Arguments arguments) const {
  if (packhouse::find(arguments, "home_database")) {
    return fail(Status::unsupported_administration_command, "Home databases are not supported: there is one database.");
  }
  if (flag(arguments, "encrypted")) {
    return fail(Status::unsupported_administration_command, "SET ENCRYPTED PASSWORD is not supported; use SET PASSWORD.");
  }
  if (packhouse::find(arguments, "password")) {
    PACKHOUSE_TRY(const std::string password, text(arguments, "password"));
    PACKHOUSE_CHECK(check_password(password, users_.options().minimum_password_length));
    PACKHOUSE_TRY(user.hash, hash_password(password, users_.options().cost));
  }
  if (packhouse::find(arguments, "change_required")) user.change_required = flag(arguments, "change_required");
  if (packhouse::find(arguments, "status")) {
    PACKHOUSE_TRY(const std::string status, text(arguments, "status"));
    if (user.name == user_) {
      return invalid("Failed to alter the specified user '" + user.name + "': Changing your own activation status is not allowed.");
    }
    user.suspended = status == "SUSPENDED";
  }
  return ok;
}

Result<std::int64_t> UserAdministration::create(Arguments arguments) {
  PACKHOUSE_TRY(const std::string name, text(arguments, "name"));
  PACKHOUSE_CHECK(check_name(name));
  const bool replace = flag(arguments, "or_replace"), lenient = flag(arguments, "if_not_exists");
  if (replace && lenient) {
    return fail(Status::syntax_error, "Failed to create the specified user '" + name + "': cannot have both `OR REPLACE` and `IF NOT EXISTS`.");
  }
  if (!packhouse::find(arguments, "password")) {
    return fail(Status::syntax_error, "Clause `SET PASSWORD` is mandatory for CREATE USER.");
  }
  if (find(name)) {
    if (lenient) return 0;
    if (!replace) return invalid("Failed to create the specified user '" + name + "': User already exists.");
    if (name == user_) return invalid("Failed to replace the specified user '" + name + "': Deleting yourself is not allowed.");
  }
  User user;
  user.name = name;
  user.change_required = true;  // unless the command says otherwise
  PACKHOUSE_CHECK(set(user, arguments));
  put(std::move(user));
  return 1;
}

Result<std::int64_t> UserAdministration::alter(Arguments arguments) {
  PACKHOUSE_TRY(const std::string name, text(arguments, "name"));
  const UserPtr before = find(name);
  if (!before) {
    if (flag(arguments, "if_exists")) return 0;
    return no_such_user("alter", name);
  }
  User user = *before;
  PACKHOUSE_CHECK(set(user, arguments));
  put(std::move(user));
  return 1;
}

Result<std::int64_t> UserAdministration::drop(Arguments arguments) {
  PACKHOUSE_TRY(const std::string name, text(arguments, "name"));
  if (!find(name)) {
    if (flag(arguments, "if_exists")) return 0;
    return no_such_user("delete", name);
  }
  if (name == user_) return invalid("Failed to delete the specified user '" + name + "': Deleting yourself is not allowed.");
  changes_.insert_or_assign(name, nullptr);
  return 1;
}

Result<std::int64_t> UserAdministration::rename(Arguments arguments) {
  PACKHOUSE_TRY(const std::string name, text(arguments, "name"));
  PACKHOUSE_TRY(const std::string to, text(arguments, "to"));
  PACKHOUSE_CHECK(check_name(to));
  const UserPtr before = find(name);
  if (!before) {
    if (flag(arguments, "if_exists")) return 0;
    return no_such_user("rename", name);
  }
  if (find(to)) {
    return invalid("Failed to rename the specified user '" + name + "' to '" + to + "': User '" + to + "' already exists.");
  }
  User user = *before;
  user.name = to;
  user.node.reset();
  changes_.insert_or_assign(name, nullptr);
  put(std::move(user));
  return 1;
}

Result<std::int64_t> UserAdministration::change_own_password(Arguments arguments) {
  PACKHOUSE_TRY(const std::string old_password, text(arguments, "old_password"));
  PACKHOUSE_TRY(const std::string password, text(arguments, "password"));
  const std::string context = "User '" + user_ + "' failed to alter their own password: ";
  const UserPtr before = find(user_);
  if (!before) return invalid(context + "User does not exist.");
  PACKHOUSE_TRY(const bool right, verify_password(old_password, before->hash));
  if (!right) return invalid(context + "Invalid principal or credentials.");
  if (old_password == password) return invalid(context + "Old password and new password cannot be the same.");
  PACKHOUSE_CHECK(check_password(password, users_.options().minimum_password_length));
  User user = *before;
  PACKHOUSE_TRY(user.hash, hash_password(password, users_.options().cost));
  user.change_required = false;
  put(std::move(user));
  return 1;
}

Result<std::int64_t> UserAdministration::change_roles(Arguments arguments, bool grant) {
  PACKHOUSE_TRY(const auto role_names, texts(arguments, "roles"));
  PACKHOUSE_TRY(const auto names, texts(arguments, "users"));
  std::int64_t changes = 0;
  for (const std::string& name : names) {
    const UserPtr before = find(name);
    const auto failed = [&](const std::string& role, const char* why) {
      return invalid((grant ? "Failed to grant role '" : "Failed to revoke role '") + role + (grant ? "' to user '" : "' from user '") + name +
                     "': " + why + " does not exist.");
    };
    if (!before) return failed(role_names.front(), "User");
    User user = *before;
    std::int64_t here = 0;
    for (const std::string& role_name : role_names) {
      const auto role = role_of(role_name);
      if (!role) return failed(role_name, "Role");
      here += (grant ? user.roles.add(*role) : user.roles.remove(*role)) ? 1 : 0;
    }
    if (here > 0) put(std::move(user));
    changes += here;
  }
  return changes;
}

std::vector<cypher::UserFacts> UserAdministration::users() const {
  std::map<std::string, cypher::UserFacts> all;
  const auto add = [&](const User& u) { all[u.name] = {u.name, u.roles.names(), u.change_required, u.suspended}; };
  for (const auto& [name, user] : *base_) {
    if (!changes_.contains(name)) add(*user);
  }
  for (const auto& [name, user] : changes_) {
    if (user) add(*user);
  }
  std::vector<cypher::UserFacts> out;
  for (auto& [name, facts] : all) out.push_back(std::move(facts));
  return out;
}

std::vector<std::string> UserAdministration::roles() const {
  Roles all;
  for (const Role r : {Role::reader, Role::editor, Role::admin}) all.add(r);
  return all.names();
}

}  // namespace packhouse::auth
