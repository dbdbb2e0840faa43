#pragma once
#include <vector>

#include "cypher/exec/run/prepared.hpp"

namespace packhouse::cypher {

/// What the user should know about a planned query: names that the store still doesn't know, products, open patterns.
std::vector<Notification> notifications_of(const plan::Plan& plan, const ast::Statement& statement, const storage::Store& store);

/// CREATE … IF NOT EXISTS that had nothing to do, DROP … IF EXISTS that found nothing.
Notification already_exists(std::string command, std::string existing);
Notification does_not_exist(std::string command, std::string name);

}  // namespace packhouse::cypher
