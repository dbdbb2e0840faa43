#include "cypher/exec/run/administration_run.hpp"

#include <algorithm>

#include "cypher/exec/build.hpp"

namespace packhouse::cypher {

bool is_user_command(std::string_view command) {
  static constexpr std::string_view known[] = {"CREATE USER", "ALTER USER",         "DROP USER",
                                               "RENAME USER", "ALTER CURRENT USER", "GRANT ROLES", "REVOKE ROLES"};
  return std::ranges::find(known, command) != std::end(known);
}

/// Hashing a password takes tens of milliseconds: the first slice, which may run on a thread that serves connections,
/// is given back untouched.
Run::State AdministrationRun::work() {
  if (explain_only()) return State::done;
  if (!std::exchange(on_worker_, true)) return State::yield;
  const auto& command = *std::get<ast::Administration*>(prepared_->statement.body);
  std::vector<MapEntry> arguments;
  Batch scratch(prepared_->statement.slots.size());
  for (const ast::Entry& e : command.arguments) {
    arguments.push_back({e.key, evaluate_alone(*compile(*e.value, context_), context_, scratch)});
  }
  updates_ = or_throw(context_.administration->run({command.command, arguments}));
  batch_.set_rows(0);
  return State::done;
}

}  // namespace packhouse::cypher
