#include "auth/user.hpp"

#include <array>

namespace packhouse::auth {
namespace {
constexpr std::array all_roles{Role::admin, Role::editor, Role::reader};  // in alphabetical order
}

std::string_view name(Role role) {
  switch (role) {
    case Role::reader: return "reader";
    case Role::editor: return "editor";
    case Role::admin: return "admin";
  }
  return "";
}

std::optional<Role> role_of(std::string_view text) {
  for (const Role r : all_roles) {
    if (name(r) == text) return r;
  }
  return std::nullopt;
}

bool Roles::add(Role r) {
  const bool fresh = !has(r);
  bits_ |= 1U << static_cast<unsigned>(r);
  return fresh;
}

bool Roles::remove(Role r) {
  const bool there = has(r);
  bits_ &= ~(1U << static_cast<unsigned>(r));
  return there;
}

bool Roles::permit(cypher::Privilege p) const {
  switch (p) {
    case cypher::Privilege::own_password:
    case cypher::Privilege::own_account: return true;
    case cypher::Privilege::read: return bits_ != 0;
    case cypher::Privilege::write: return has(Role::editor) || has(Role::admin);
    case cypher::Privilege::schema:
    case cypher::Privilege::administration: return has(Role::admin);
  }
  return false;
}

std::vector<std::string> Roles::names() const {
  std::vector<std::string> out;
  for (const Role r : all_roles) {
    if (has(r)) out.emplace_back(name(r));
  }
  return out;
}

UserPtr find_user(const UserTable& table, std::string_view name) {
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

}  // namespace packhouse::auth
