#include "auth/user_store.hpp"

#include <array>

#include "storage/commit_and_wait.hpp"

namespace packhouse::auth {
namespace {

constexpr std::string_view label = "User", name_key = "name", hash_key = "hash", roles_key = "roles",
                           change_key = "change_required", suspended_key = "suspended";

tl::unexpected<Error> damaged(NodeId id, const std::string& what) {
  return fail(Status::storage_failed, "the system database is damaged: user node " + std::to_string(raw(id)) + " " + what);
}

}  // namespace

Result<UserTable> UserStore::load() {
  UserTable table;
  const auto id = store_->find_label(label);
  if (!id) return table;
  PACKHOUSE_TRY(const auto tx, store_->begin(storage::AccessMode::read));
  PACKHOUSE_TRY(const auto cursor, tx->scan_label(*id));
  std::array<NodeId, 256> ids;
  for (;;) {
    PACKHOUSE_TRY(const std::size_t n, cursor->next(ids));
    if (n == 0) return table;
    for (std::size_t i = 0; i < n; ++i) {
      PACKHOUSE_TRY(UserPtr user, read(*tx, ids[i]));
      if (!table.emplace(user->name, user).second) return damaged(ids[i], "has the name of another");
    }
  }
}

Result<UserPtr> UserStore::read(storage::Transaction& tx, NodeId id) {
  PACKHOUSE_TRY(const auto view, tx.node(id));
  if (!view) return damaged(id, "is in the index only");
  Arena arena(512);
  const auto property = [&](std::string_view key) -> Result<Value> {
    const auto token = store_->find_key(key);
    return token ? view->property(*token, arena) : Result<Value>(Value());
  };
  auto user = std::make_shared<User>();
  user->node = id;
  PACKHOUSE_TRY(const Value user_name, property(name_key));
  PACKHOUSE_TRY(const Value hash, property(hash_key));
  PACKHOUSE_TRY(const Value roles, property(roles_key));
  PACKHOUSE_TRY(const Value change, property(change_key));
  PACKHOUSE_TRY(const Value suspended, property(suspended_key));
  if (!user_name.is(Kind::string) || !hash.is(Kind::string)) return damaged(id, "has no name or no hash");
  if (!roles.is(Kind::list) || !change.is(Kind::boolean) || !suspended.is(Kind::boolean)) return damaged(id, "lacks properties");
  user->name = user_name.as_string();
  user->hash = hash.as_string();
  for (const Value& r : roles.as_list()) {
    const auto role = r.is(Kind::string) ? role_of(r.as_string()) : std::nullopt;
    if (!role) return damaged(id, "has a role that does not exist");
    user->roles.add(*role);
  }
  user->change_required = change.as_boolean();
  user->suspended = suspended.as_boolean();
  return user;
}

Result<NodeId> UserStore::write(storage::Transaction& tx, const User& user) {
  const auto role_names = user.roles.names();
  std::vector<Value> roles;
  for (const std::string& r : role_names) roles.push_back(Value::string(r));
  std::vector<std::pair<KeyId, Value>> properties;
  for (const auto& [key, value] :
       {std::pair{name_key, Value::string(user.name)}, {hash_key, Value::string(user.hash)}, {roles_key, Value::list(roles)},
        {change_key, Value::boolean(user.change_required)}, {suspended_key, Value::boolean(user.suspended)}}) {
    PACKHOUSE_TRY(const KeyId id, store_->key(key));
    properties.emplace_back(id, value);
  }
  if (!user.node) {
    PACKHOUSE_TRY(const LabelId id, store_->label(label));
    return tx.create_node(std::span(&id, 1), properties);
  }
  for (const auto& [key, value] : properties) {
    if (auto set = tx.set_property(*user.node, key, value); !set) return tl::make_unexpected(std::move(set).error());
  }
  return *user.node;
}

Result<UserTable> UserStore::apply(const UserTable& table, const UserChanges& changes) {
  UserTable next = table;
  PACKHOUSE_TRY(const auto tx, store_->begin(storage::AccessMode::write));
  for (const auto& [name, user] : changes) {
    const UserPtr before = find_user(table, name);
    if (!user) {
      next.erase(name);
      if (!before || !before->node) continue;
      if (auto gone = tx->delete_node(*before->node); !gone) return tl::make_unexpected(std::move(gone).error());
      continue;
    }
    auto kept = std::make_shared<User>(*user);
    kept->node = before ? before->node : std::nullopt;
    PACKHOUSE_TRY(const NodeId id, write(*tx, *kept));
    kept->node = id;
    next.insert_or_assign(name, std::move(kept));
  }
  PACKHOUSE_CHECK(storage::commit_and_wait(*tx));
  return next;
}

}  // namespace packhouse::auth
