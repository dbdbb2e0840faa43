#pragma once
#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "auth/login_guard.hpp"
#include "auth/password.hpp"
#include "auth/user.hpp"
#include "auth/user_store.hpp"
#include "base/error.hpp"
#include "cypher/administration.hpp"
#include "storage/store.hpp"

namespace packhouse::auth {

struct Options {
  HashCost cost;
  std::int64_t max_failed_attempts = 3;  ///< in a row, then the name is locked; 0: no limit
  std::chrono::milliseconds lock_time{5000};
  std::size_t minimum_password_length = 8;  ///< characters of new passwords
  LoginGuard::Clock clock = [] { return std::chrono::steady_clock::now(); };
};

/// What a client logs in with (BOLT.md section 12).
struct Token {
  std::optional<std::string_view> scheme, principal, credentials;
};

struct Login {
  std::string user;
  bool password_expired = false;  ///< nothing but a change of the password is allowed
};

/// The users of a server: who may log in, and who may do what. Thread-safe; one a server. Users are kept in the system
/// database and in memory; a change is durable first and seen by everybody then, also by those who are logged in.
class Users {
 public:
  /// Takes the system database. Errors: storage_failed.
  static Result<std::unique_ptr<Users>> open(std::unique_ptr<storage::Store> system, Options options = {});

  bool empty() const { return table()->empty(); }
  /// The first user, "neo4j" with the role admin. Errors: invalid_arguments for a password that is too short.
  Result<void> create_first(std::string_view password, bool change_required);

  /// Logs in who has logged in with the same password before: takes microseconds, so it may be asked anywhere. Nothing:
  /// ask log_in(), which knows why.
  std::optional<Login> recognise(const Token& token) const;
  /// Takes as long as Argon2id does. Errors: unauthorized, authentication_rate_limit.
  Result<Login> log_in(const Token& token);

  /// May `user` run a statement that needs `privilege`, as things are now? Errors: forbidden, credentials_expired,
  /// authorization_expired (the user has gone or was suspended).
  Result<void> check(std::string_view user, cypher::Privilege privilege) const;

  /// Users and roles for one transaction of `user`. `read_only`: changes are refused (access_mode).
  std::unique_ptr<cypher::Administration> begin(std::string user, bool read_only);

  /// Waits for what is being written.
  void close();

  // For the transactions of begin():
  std::shared_ptr<const UserTable> table() const;
  const Options& options() const { return options_; }
  /// Makes changes that were decided on what `base` shows. Errors: conflict, invalid_arguments when no admin who can
  /// log in would be left, storage_failed.
  Result<void> apply(const UserTable& base, const UserChanges& changes);

 private:
  Users(std::unique_ptr<storage::Store> system, Options options);
  Result<bool> verify(const UserPtr& user, const std::string& name, std::string_view password);

  const Options options_;
  mutable LoginGuard guard_;
  KnownPasswords known_;
  std::string nobody_;  // a hash to check against when there is no such user: that takes as long
  std::array<std::mutex, 16> verifying_;  // by name: guesses at one password wait for each other, and for the guard

  std::mutex writing_;
  UserStore store_;
  mutable std::shared_mutex table_mutex_;
  std::shared_ptr<const UserTable> table_;
};

/// Is it a password that may be set? Errors: invalid_arguments.
Result<void> check_password(std::string_view password, std::size_t minimum_length);

}  // namespace packhouse::auth
