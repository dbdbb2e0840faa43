#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "cypher/administration.hpp"

namespace packhouse::auth {

/// What a user may do: each role includes the ones before it.
enum class Role : std::uint8_t { reader, editor, admin };
std::string_view name(Role role);
std::optional<Role> role_of(std::string_view name);

/// A set of roles.
class Roles {
 public:
  bool has(Role r) const { return (bits_ >> static_cast<unsigned>(r) & 1U) != 0; }
  bool add(Role r);     ///< whether it was new
  bool remove(Role r);  ///< whether it was there
  bool permit(cypher::Privilege p) const;
  std::vector<std::string> names() const;  ///< in alphabetical order

 private:
  unsigned bits_ = 0;
};

struct User {
  std::optional<NodeId> node;  ///< in the system store; nothing until it is there
  std::string name;
  std::string hash;            ///< Argon2id, encoded
  Roles roles;
  bool change_required = false, suspended = false;
};

using UserPtr = std::shared_ptr<const User>;
/// All users by name (names are case-sensitive). Never changed once it is shared.
using UserTable = std::map<std::string, UserPtr, std::less<>>;

/// Null when there is none.
UserPtr find_user(const UserTable& table, std::string_view name);

}  // namespace packhouse::auth
