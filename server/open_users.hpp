#pragma once
#include <memory>

#include "auth/users.hpp"
#include "config/settings.hpp"

namespace packhouse::server {

/// Opens the system database inside the data folder. When there is no user yet, "neo4j" is made with the initial
/// password of the settings, or with one that is made up, printed once on standard error, and must be changed.
Result<std::unique_ptr<auth::Users>> open_users(const config::Settings& settings);

}  // namespace packhouse::server
