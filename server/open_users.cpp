#include "server/open_users.hpp"

#include <cstdio>
#include <filesystem>

namespace packhouse::server {
namespace {

auth::Options options_of(const config::Settings& s) {
  auth::Options options;
  options.max_failed_attempts = s.auth_max_failed_attempts;
  options.lock_time = std::chrono::seconds(s.auth_lock_time_s);
  options.minimum_password_length = static_cast<std::size_t>(s.auth_minimum_password_length);
  return options;
}

Result<void> create_first(auth::Users& users, const config::Settings& settings) {
  if (!settings.initial_password.empty()) {
    auto made = users.create_first(settings.initial_password, settings.initial_password_change);
    if (!made) return tl::make_unexpected(std::move(made.error()).in("setting initial_password (or NEO4J_AUTH): "));
    return ok;
  }
  std::string password = auth::random_password();
  while (password.size() < static_cast<std::size_t>(settings.auth_minimum_password_length)) password += auth::random_password();
  PACKHOUSE_CHECK(users.create_first(password, true));
  std::fprintf(stderr,
               "packhouse: the first user is neo4j with the password %s\n"
               "packhouse: it is shown this once, and must be changed: ALTER CURRENT USER SET PASSWORD FROM '...' TO '...'\n",
               password.c_str());
  std::fflush(stderr);
  return ok;
}

}  // namespace

Result<std::unique_ptr<auth::Users>> open_users(const config::Settings& settings) {
  storage::StoreOptions options;  // always durable, whatever the data is: commits are rare
  options.map_size = std::uint64_t{1} << 30;
  PACKHOUSE_TRY(auto store, storage::Store::open(std::filesystem::path(settings.data) / "system", options));
  PACKHOUSE_TRY(auto users, auth::Users::open(std::move(store), options_of(settings)));
  if (users->empty()) PACKHOUSE_CHECK(create_first(*users, settings));
  return users;
}

}  // namespace packhouse::server
