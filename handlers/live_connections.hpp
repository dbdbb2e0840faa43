#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cypher/activity.hpp"

namespace packhouse::handlers {

/// What others may know of one connection and its open transaction, and how they end it. Its session writes it, any
/// thread reads it. Texts and values of a transaction are views of what the session keeps for as long as they are here:
/// noting a statement copies nothing.
class LiveConnection {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Phase : std::uint8_t { running, blocked, closing };

  /// `stop` interrupts what the session does, `close` ends the connection; both from any thread, and not after leave().
  LiveConnection(std::string id, std::function<void()> stop, std::function<void()> close);

  const std::string& id() const { return id_; }

  // For the session.
  void addresses(std::string server, std::string client);
  void agent(std::string_view user_agent);
  void user(std::string_view name);
  void begin(std::uint64_t number, std::string_view database, const Value& metadata, Instant now);
  void metadata(const Value& map);
  void statement(std::uint64_t number, std::string_view text, const Value& parameters, Instant now);
  /// Forgets the statement if it is the one of that number.
  void no_statement(std::uint64_t number);
  void phase(Phase p) { phase_.store(p, std::memory_order_relaxed); }
  /// The transaction is about to be committed, and can't be terminated any more; false: it has been already.
  bool closing();
  void end();
  /// The open transaction was ended from outside.
  bool terminated() const { return terminated_.load(); }
  /// The session goes: nobody reaches it through this any more.
  void leave();

  // For everybody.
  cypher::ConnectionFacts facts() const;
  /// Nothing when no transaction is open.
  std::optional<cypher::TransactionFacts> transaction(Arena& arena) const;
  std::string username() const;
  /// The number of the open transaction, if that is its id.
  std::optional<std::uint64_t> transaction_number(std::string_view id) const;
  /// Ends the transaction of that number if it is still open and not being committed.
  bool terminate(std::uint64_t number);
  void close();

 private:
  std::string transaction_id() const { return std::string(database_) + "-transaction-" + std::to_string(transaction_); }

  const std::string id_;
  const Instant connected_ = wall_clock();
  std::atomic<Phase> phase_{Phase::running};
  std::atomic<bool> terminated_{false};

  mutable std::mutex mutex_;  // what follows
  std::function<void()> stop_, close_;  // empty once the session has left
  std::string server_address_, client_address_, agent_, user_;
  std::uint64_t transaction_ = 0, statement_ = 0;  // 0: none
  std::string_view database_, text_;
  Value metadata_, parameters_;
  Instant began_, statement_began_;
  Clock::time_point began_at_, statement_began_at_;
};

/// All connections of a server, and through them all transactions. Thread-safe.
class LiveConnections {
 public:
  void add(std::shared_ptr<LiveConnection> connection);
  void remove(const std::string& id);
  /// A new number: unique, and larger than all before.
  std::uint64_t next_number() { return last_number_.fetch_add(1, std::memory_order_relaxed) + 1; }

  std::shared_ptr<LiveConnection> find(const std::string& id) const;
  /// In no order.
  std::vector<std::shared_ptr<LiveConnection>> all() const;
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<LiveConnection>> connections_;
  std::atomic<std::uint64_t> last_number_{0};
};

}  // namespace packhouse::handlers
