#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "auth/users.hpp"

namespace packhouse::auth {

/// Users and roles as one transaction sees and changes them: the table of when it began, and its own changes on top.
/// Used by one thread at a time; the Users outlive it.
class UserAdministration final : public cypher::Administration {
 public:
  UserAdministration(Users& users, std::string user, bool read_only)
      : users_(users), user_(std::move(user)), read_only_(read_only), base_(users.table()) {}

  std::string_view user() const override { return user_; }
  Result<std::int64_t> run(const cypher::AdministrationCommand& command) override;
  std::vector<cypher::UserFacts> users() const override;
  std::vector<std::string> roles() const override;
  bool changed() const override { return !changes_.empty(); }
  Result<void> commit() override { return users_.apply(*base_, changes_); }

 private:
  using Arguments = std::span<const MapEntry>;
  Result<std::int64_t> create(Arguments arguments);
  Result<std::int64_t> alter(Arguments arguments);
  Result<std::int64_t> drop(Arguments arguments);
  Result<std::int64_t> rename(Arguments arguments);
  Result<std::int64_t> change_own_password(Arguments arguments);
  Result<std::int64_t> change_roles(Arguments arguments, bool grant);

  UserPtr find(std::string_view name) const;
  /// Takes over what SET clauses say, the password among it.
  Result<void> set(User& user, Arguments arguments) const;
  void put(User user);

  Users& users_;
  const std::string user_;
  const bool read_only_;
  std::shared_ptr<const UserTable> base_;
  UserChanges changes_;
};

}  // namespace packhouse::auth
