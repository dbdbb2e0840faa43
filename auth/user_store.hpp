#pragma once
#include <map>
#include <memory>
#include <string>

#include "auth/user.hpp"
#include "base/error.hpp"
#include "storage/store.hpp"

namespace packhouse::auth {

/// Changes by name: the user as it is to be, or null when it goes.
using UserChanges = std::map<std::string, UserPtr, std::less<>>;

/// Keeps users as nodes (:User {name, hash, roles, change_required, suspended}) of a store of its own, the system
/// database. One caller at a time.
class UserStore {
 public:
  explicit UserStore(std::unique_ptr<storage::Store> store) : store_(std::move(store)) {}

  Result<UserTable> load();
  /// `table` with the changes, which are durable when this returns; on an error nothing has changed.
  Result<UserTable> apply(const UserTable& table, const UserChanges& changes);
  void close() { store_->close(); }

 private:
  Result<UserPtr> read(storage::Transaction& tx, NodeId id);
  Result<NodeId> write(storage::Transaction& tx, const User& user);

  std::unique_ptr<storage::Store> store_;
};

}  // namespace packhouse::auth
