#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "handlers/activity.hpp"
#include "handlers/result.hpp"
#include "handlers/shared_commit.hpp"
#include "storage/graph.hpp"

namespace packhouse::handlers {

inline Error no_impersonation() { return Error(Status::argument_error, "Impersonation is not supported.").with_gql("51N30"); }

/// The transaction a session has open, auto-commit or explicit, with its results. Members are in the order in which
/// they may be destroyed last: results before the transaction they read from.
struct OpenTransaction {
  std::unique_ptr<storage::Transaction> storage;
  std::unique_ptr<cypher::Administration> administration;  ///< made by the first statement; null without authentication
  bool explicit_ = false;
  bool read_only = false;      ///< the client said so
  bool committed = false;
  bool changes_data = false, changes_users = false;  ///< one transaction can't do both
  bool home_database = false;  ///< the client named no database
  std::string database;
  cypher::StatementClock clock;
  protocol::MessagePtr message;  ///< of BEGIN: `metadata` points into it
  std::unique_ptr<Arena> own_metadata;  ///< what tx.setMetaData has put in its place
  Value metadata;
  std::unique_ptr<SessionActivity> activity;  ///< made by the first statement
  protocol::NotificationFilter filter;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::vector<std::unique_ptr<OpenResult>> results;  ///< by qid
  std::unique_ptr<SharedCommit> shared;  ///< null: other statements have no part in it

  std::uint32_t open_results() const {
    std::uint32_t n = 0;
    for (const auto& r : results) {
      if (r->open()) ++n;
    }
    return n;
  }
};

}  // namespace packhouse::handlers
