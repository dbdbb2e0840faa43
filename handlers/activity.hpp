#pragma once
#include <memory>

#include "cypher/activity.hpp"

namespace packhouse::handlers {

class LiveConnection;
class Session;
struct OpenTransaction;
struct ServerContext;

/// The live connections as the user of one session may see and end them: administrators all, others their own.
class SessionActivity final : public cypher::Activity {
 public:
  /// `user` is empty where there is no authentication; then everybody may do everything.
  SessionActivity(ServerContext& server, LiveConnection& own, OpenTransaction& transaction, std::string user)
      : server_(server), own_(own), transaction_(transaction), user_(std::move(user)) {}

  std::vector<cypher::ConnectionFacts> connections() const override;
  std::vector<cypher::TransactionFacts> transactions(Arena& arena, const std::function<void()>& grown) const override;
  cypher::EndOutcome terminate(std::string_view transaction_id) override;
  cypher::EndOutcome close_connection(std::string_view connection_id) override;
  std::uint64_t next_number() override;
  Value metadata() const override;
  void set_metadata(const Value& map) override;
  bool may_make_names() const override;

 private:
  bool sees_all() const;
  bool sees(const std::string& username) const { return username == user_ || sees_all(); }

  ServerContext& server_;
  LiveConnection& own_;
  OpenTransaction& transaction_;
  const std::string user_;
};

}  // namespace packhouse::handlers
