#include "auth/users.hpp"

#include <algorithm>
#include <functional>

#include "auth/administration.hpp"

namespace packhouse::auth {
namespace {

tl::unexpected<Error> unauthorized(const char* why = "The client is unauthorized due to authentication failure.") {
  return fail(Status::unauthorized, why);
}

Result<void> check_token(const Token& token) {
  if (!token.scheme) return unauthorized("Unsupported authentication token: the key `scheme` is missing or not a string.");
  if (*token.scheme == "none") {
    return unauthorized("Unsupported authentication token: scheme 'none' is only allowed when authentication is off.");
  }
  if (*token.scheme != "basic") return unauthorized("Unsupported authentication token: the scheme must be 'basic'.");
  if (!token.principal) return unauthorized("Unsupported authentication token: the key `principal` is missing or not a string.");
  if (!token.credentials) {
    return unauthorized("Unsupported authentication token: the key `credentials` is missing or not a string.");
  }
  return ok;
}

bool can_administer(const UserTable& table) {
  return std::ranges::any_of(table, [](const auto& u) { return u.second->roles.has(Role::admin) && !u.second->suspended; });
}

std::string_view verb(cypher::Privilege p) {
  switch (p) {
    case cypher::Privilege::own_password: return "Changing the own password";
    case cypher::Privilege::own_account: return "Showing the own account";
    case cypher::Privilege::read: return "Reading";
    case cypher::Privilege::write: return "Writing";
    case cypher::Privilege::schema: return "Changing the schema";
    case cypher::Privilege::administration: return "Managing users";
  }
  return "This";
}

}  // namespace

Result<void> check_password(std::string_view password, std::size_t minimum_length) {
  if (password.empty()) return fail(Status::invalid_arguments, "A password cannot be empty.");
  const auto characters = std::ranges::count_if(password, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  if (static_cast<std::size_t>(characters) < minimum_length) {
    return fail(Status::invalid_arguments, "A password must be at least " + std::to_string(minimum_length) + " characters.");
  }
  return ok;
}

Users::Users(std::unique_ptr<storage::Store> system, Options options)
    : options_(std::move(options)), guard_(options_.max_failed_attempts, options_.lock_time, options_.clock),
      store_(std::move(system)) {}

Result<std::unique_ptr<Users>> Users::open(std::unique_ptr<storage::Store> system, Options options) {
  std::unique_ptr<Users> users(new Users(std::move(system), std::move(options)));
  PACKHOUSE_TRY(users->nobody_, hash_password(random_password(), users->options_.cost));
  PACKHOUSE_TRY(UserTable table, users->store_.load());
  users->table_ = std::make_shared<const UserTable>(std::move(table));
  return users;
}

Result<void> Users::create_first(std::string_view password, bool change_required) {
  PACKHOUSE_CHECK(check_password(password, options_.minimum_password_length));
  auto user = std::make_shared<User>();
  user->name = "neo4j";
  PACKHOUSE_TRY(user->hash, hash_password(password, options_.cost));
  user->roles.add(Role::admin);
  user->change_required = change_required;
  return apply(*table(), UserChanges{{user->name, user}});
}

std::optional<Login> Users::recognise(const Token& token) const {
  if (!check_token(token)) return std::nullopt;
  const UserPtr user = find_user(*table(), *token.principal);
  if (!user || user->suspended || !guard_.permitted(user->name)) return std::nullopt;
  if (!known_.knows(user->name, *token.credentials, user->hash)) return std::nullopt;
  guard_.succeeded(user->name);
  return Login{user->name, user->change_required};
}

Result<bool> Users::verify(const UserPtr& user, const std::string& name, std::string_view password) {
  if (user && known_.knows(name, password, user->hash)) return true;
  PACKHOUSE_TRY(const bool right, verify_password(password, user ? user->hash : nobody_));
  if (!user || !right) return false;
  known_.remember(name, password, user->hash);
  return true;
}

Result<Login> Users::log_in(const Token& token) {
  PACKHOUSE_CHECK(check_token(token));
  const std::string name(*token.principal);
  const std::scoped_lock one_at_a_time(verifying_[std::hash<std::string>()(name) % verifying_.size()]);
  if (!guard_.permitted(name)) {
    return fail(Status::authentication_rate_limit,
                "The client has provided incorrect authentication details too many times in a row.");
  }
  const UserPtr user = find_user(*table(), name);
  PACKHOUSE_TRY(const bool right, verify(user, name, *token.credentials));
  if (!right) {
    guard_.failed(name);
    return unauthorized();
  }
  guard_.succeeded(name);
  if (user->suspended) return unauthorized();
  return Login{name, user->change_required};
}

Result<void> Users::check(std::string_view name, cypher::Privilege privilege) const {
  const UserPtr user = find_user(*table(), name);
  if (!user || user->suspended) {
    return fail(Status::authorization_expired, "The user '" + std::string(name) + "' was changed or removed; please log in again.");
  }
  if (user->change_required && privilege != cypher::Privilege::own_password) {
    return fail(Status::credentials_expired,
                "The credentials you provided were valid, but must be changed before you can use this instance: run "
                "ALTER CURRENT USER SET PASSWORD FROM 'current password' TO 'new password'.");
  }
  if (user->roles.permit(privilege)) return ok;
  std::string roles;
  for (const std::string& r : user->roles.names()) roles += (roles.empty() ? "" : ", ") + r;
  return fail(Status::forbidden, std::string(verb(privilege)) + " is not allowed for user '" + std::string(name) + "' with roles [" +
                                     roles + "].");
}

std::unique_ptr<cypher::Administration> Users::begin(std::string user, bool read_only) {
  return std::make_unique<UserAdministration>(*this, std::move(user), read_only);
}

void Users::close() {
  const std::scoped_lock lock(writing_);
  store_.close();
}

std::shared_ptr<const UserTable> Users::table() const {
  const std::shared_lock lock(table_mutex_);
  return table_;
}

Result<void> Users::apply(const UserTable& base, const UserChanges& changes) {
  const std::scoped_lock lock(writing_);
  const auto current = table();
  for (const auto& [name, user] : changes) {
    if (find_user(base, name) == find_user(*current, name)) continue;
    return fail(Status::conflict, "The user '" + name + "' was changed by somebody else at the same time.");
  }
  UserTable expected = *current;
  for (const auto& [name, user] : changes) {
    if (user) {
      expected.insert_or_assign(name, user);
    } else {
      expected.erase(name);
    }
  }
  if (can_administer(*current) && !can_administer(expected)) {
    return fail(Status::invalid_arguments, "There must be at least one user with the role admin who is not suspended.");
  }
  PACKHOUSE_TRY(UserTable next, store_.apply(*current, changes));
  const std::unique_lock publish(table_mutex_);
  table_ = std::make_shared<const UserTable>(std::move(next));
  return ok;
}

}  // namespace packhouse::auth
