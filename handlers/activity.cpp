#include "handlers/activity.hpp"

#include <algorithm>

#include "handlers/live_connections.hpp"
#include "handlers/server_context.hpp"
#include "handlers/transaction.hpp"

namespace packhouse::handlers {

bool SessionActivity::sees_all() const {
  return server_.users == nullptr || server_.users->check(user_, cypher::Privilege::administration).has_value();
}

std::vector<cypher::ConnectionFacts> SessionActivity::connections() const {
  const bool all = sees_all();
  std::vector<cypher::ConnectionFacts> list;
  for (const auto& connection : server_.live->all()) {
    auto facts = connection->facts();
    if (all || facts.username == user_) list.push_back(std::move(facts));
  }
  std::ranges::sort(list, {}, [](const auto& f) { return std::tuple(f.connected.seconds, f.connected.nanos, f.id); });
  return list;
}

std::vector<cypher::TransactionFacts> SessionActivity::transactions(Arena& arena,
                                                                    const std::function<void()>& grown) const {
  const bool all = sees_all();
  std::vector<cypher::TransactionFacts> list;
  for (const auto& connection : server_.live->all()) {
    if (!all && connection->username() != user_) continue;
    if (auto facts = connection->transaction(arena)) list.push_back(std::move(*facts));
    grown();
  }
  std::ranges::sort(list, {}, &cypher::TransactionFacts::number);
  return list;
}

cypher::EndOutcome SessionActivity::terminate(std::string_view transaction_id) {
  for (const auto& connection : server_.live->all()) {
    const auto number = connection->transaction_number(transaction_id);
    if (!number) continue;
    const std::string whose = connection->username();
    if (sees(whose) && connection->terminate(*number)) return {true, whose};
  }
  return {};
}

std::uint64_t SessionActivity::next_number() {
  return server_.live->next_number();
}

cypher::EndOutcome SessionActivity::close_connection(std::string_view connection_id) {
  const auto connection = server_.live->find(std::string(connection_id));
  if (!connection) return {};
  const std::string whose = connection->username();
  if (!sees(whose)) return {};
  connection->close();
  return {true, whose};
}

bool SessionActivity::may_make_names() const {
  return !transaction_.read_only &&
         (server_.users == nullptr || server_.users->check(user_, cypher::Privilege::write).has_value());
}

Value SessionActivity::metadata() const { return transaction_.metadata.is(Kind::map) ? transaction_.metadata : Value::map({}); }

void SessionActivity::set_metadata(const Value& map) {
  auto kept = std::make_unique<Arena>();
  const Value copy = deep_copy(map, *kept);
  own_.metadata(copy);  // the old one is read no more
  transaction_.metadata = copy;
  transaction_.own_metadata = std::move(kept);
}

}  // namespace packhouse::handlers
