#include "handlers/live_connections.hpp"

namespace packhouse::handlers {
namespace {

Value copy_of_map(const Value& v, Arena& arena) { return v.is(Kind::map) ? deep_copy(v, arena) : Value::map({}); }

}  // namespace

LiveConnection::LiveConnection(std::string id, std::function<void()> stop, std::function<void()> close)
    : id_(std::move(id)), stop_(std::move(stop)), close_(std::move(close)) {}

void LiveConnection::addresses(std::string server, std::string client) {
  const std::scoped_lock lock(mutex_);
  server_address_ = std::move(server);
  client_address_ = std::move(client);
}

void LiveConnection::agent(std::string_view user_agent) {
  const std::scoped_lock lock(mutex_);
  agent_ = user_agent;
}

void LiveConnection::user(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  user_ = name;
}

void LiveConnection::begin(std::uint64_t number, std::string_view database, const Value& metadata, Instant now) {
  const auto at = Clock::now();
  phase(Phase::running);
  const std::scoped_lock lock(mutex_);
  transaction_ = number;
  database_ = database;
  metadata_ = metadata;
  began_ = now;
  began_at_ = at;
}

void LiveConnection::metadata(const Value& map) {
  const std::scoped_lock lock(mutex_);
  metadata_ = map;
}

void LiveConnection::statement(std::uint64_t number, std::string_view text, const Value& parameters, Instant now) {
  const auto at = Clock::now();
  const std::scoped_lock lock(mutex_);
  statement_ = number;
  text_ = text;
  parameters_ = parameters;
  statement_began_ = now;
  statement_began_at_ = at;
}

void LiveConnection::no_statement(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  if (statement_ != number) return;
  statement_ = 0;
  text_ = {};
  parameters_ = {};
}

bool LiveConnection::closing() {
  const std::scoped_lock lock(mutex_);
  if (terminated_.load()) return false;
  phase(Phase::closing);
  return true;
}

void LiveConnection::end() {
  const std::scoped_lock lock(mutex_);
  transaction_ = statement_ = 0;
  database_ = text_ = {};
  metadata_ = parameters_ = {};
  terminated_.store(false);
}

void LiveConnection::leave() {
  const std::scoped_lock lock(mutex_);
  stop_ = close_ = nullptr;
}

cypher::ConnectionFacts LiveConnection::facts() const {
  const std::scoped_lock lock(mutex_);
  return {id_, user_, agent_, server_address_, client_address_, connected_};
}

std::string LiveConnection::username() const {
  const std::scoped_lock lock(mutex_);
  return user_;
}

std::optional<std::uint64_t> LiveConnection::transaction_number(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  if (transaction_ == 0 || transaction_id() != id) return std::nullopt;
  return transaction_;
}

std::optional<cypher::TransactionFacts> LiveConnection::transaction(Arena& arena) const {
  const auto now = Clock::now();
  const Phase phase = phase_.load(std::memory_order_relaxed);
  const std::scoped_lock lock(mutex_);
  if (transaction_ == 0) return std::nullopt;
  cypher::TransactionFacts f;
  f.number = transaction_;
  f.database = database_;
  f.id = transaction_id();
  f.connection_id = id_;
  f.client_address = client_address_;
  f.username = user_;
  f.status = terminated_.load()        ? "Terminated with reason: Status.Code[Neo.ClientError.Transaction.Terminated]"
             : phase == Phase::blocked ? "Blocked"
             : phase == Phase::closing ? "Closing"
                                       : "Running";
  f.metadata = copy_of_map(metadata_, arena);
  f.parameters = copy_of_map(parameters_, arena);
  f.began = began_;
  f.elapsed = now - began_at_;
  if (statement_ == 0) return f;
  f.query_id = "query-" + std::to_string(statement_);
  f.query = text_;
  f.query_status = phase == Phase::blocked ? "waiting" : "running";
  f.query_began = statement_began_;
  f.query_elapsed = now - statement_began_at_;
  return f;
}

bool LiveConnection::terminate(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  if (transaction_ != number || !stop_ || phase_.load() == Phase::closing) return false;
  terminated_.store(true);
  stop_();
  return true;
}

void LiveConnection::close() {
  const std::scoped_lock lock(mutex_);
  if (close_) close_();
}

void LiveConnections::add(std::shared_ptr<LiveConnection> connection) {
  const std::scoped_lock lock(mutex_);
  connections_.insert_or_assign(connection->id(), std::move(connection));
}

void LiveConnections::remove(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  connections_.erase(id);
}

std::shared_ptr<LiveConnection> LiveConnections::find(const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  const auto it = connections_.find(id);
  return it == connections_.end() ? nullptr : it->second;
}

std::vector<std::shared_ptr<LiveConnection>> LiveConnections::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<LiveConnection>> list;
  list.reserve(connections_.size());
  for (const auto& [id, connection] : connections_) list.push_back(connection);
  return list;
}

std::size_t LiveConnections::size() const {
  const std::scoped_lock lock(mutex_);
  return connections_.size();
}

}  // namespace packhouse::handlers
