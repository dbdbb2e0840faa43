#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "value/value.hpp"

namespace packhouse::cypher {

/// What somebody must be allowed to do to run a statement. Known from its text alone; EXPLAIN needs `read` only.
enum class Privilege : std::uint8_t {
  own_password,    ///< ALTER CURRENT USER SET PASSWORD: also for those whose password has expired
  own_account,     ///< SHOW CURRENT USER: for everybody who is logged in
  read,            ///< queries that change nothing, SHOW commands, procedures that read
  write,           ///< queries that change data
  schema,          ///< CREATE and DROP of indexes and constraints
  administration,  ///< commands on users and roles, SHOW USERS, SHOW ROLES
};

/// One command on users and roles, as the parser has named it and its arguments (ast::Administration), evaluated.
struct AdministrationCommand {
  std::string_view name;
  std::span<const MapEntry> arguments;
};

/// The commands that an Administration is asked to run. Others are refused before (unsupported_administration_command).
bool is_user_command(std::string_view command);

/// A user as SHOW USERS lists it.
struct UserFacts {
  std::string name;
  std::vector<std::string> roles;  ///< in alphabetical order
  bool password_change_required = false, suspended = false;
};

/// Users and roles as one transaction sees and changes them, for the user who runs it. Implemented outside of cypher/;
/// absent where there is no authentication. Used by one thread at a time.
class Administration {
 public:
  virtual ~Administration() = default;

  /// Who asks.
  virtual std::string_view user() const = 0;
  /// Carries out a command; the change is seen here at once, and by everybody after commit(). May take as long as
  /// hashing a password does. The result is the number of changes, for the summary (`system-updates`).
  virtual Result<std::int64_t> run(const AdministrationCommand& command) = 0;
  virtual std::vector<UserFacts> users() const = 0;  ///< by name
  virtual std::vector<std::string> roles() const = 0;

  virtual bool changed() const = 0;
  /// Makes the changes durable; blocks until they are. Status::conflict: somebody else has changed the same users
  /// meanwhile, and nothing was done.
  virtual Result<void> commit() = 0;
};

}  // namespace packhouse::cypher
