#pragma once
#include <list>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "cypher/engine.hpp"
#include "cypher/exec/run/prepared.hpp"

namespace packhouse::cypher {

/// Prepared statements by text, the least recently used dropped first. Thread-safe. A text holds one entry: what was
/// planned with another schema, other procedures or very different counts is replaced when it is met.
class PlanCache final : public QueryCompiler {
 public:
  PlanCache(storage::Store& store, ProcedureRegistry& procedures) : store_(store), procedures_(procedures) {}

  /// Parsed and analysed, with or without a plan.
  Result<PreparedPtr> prepare(std::string_view text);
  Result<PreparedPtr> prepare(std::string_view text, storage::Transaction& tx) override;
  PlanCacheStatistics statistics();

 private:
  static constexpr std::size_t most = 1000;
  struct Entry {
    PreparedPtr prepared;
    std::list<std::string_view>::iterator place;  // in recent_; the text is the statement's own
  };
  PreparedPtr find(std::string_view text);
  void drop(std::string_view text);
  void put(const PreparedPtr& prepared);
  Result<PreparedPtr> analysed(std::string_view text) const;

  storage::Store& store_;
  ProcedureRegistry& procedures_;
  std::mutex mutex_;  // what follows
  std::uint64_t hits_ = 0, misses_ = 0;
  std::unordered_map<std::string_view, Entry> entries_;
  std::list<std::string_view> recent_;  // the most recent in front
};

}  // namespace packhouse::cypher
