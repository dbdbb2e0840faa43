#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/import_folder.hpp"
#include "cypher/engine.hpp"
#include "storage/store.hpp"

namespace packhouse::tests {

/// Parameters as names and Cypher literals.
using Literals = std::vector<std::pair<std::string, std::string>>;

/// Everything that one statement gave, printed.
struct Outcome {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  storage::TransactionCounts counts;
  std::vector<cypher::Notification> notifications;
  std::unique_ptr<cypher::PlanDescription> plan;
  std::string plan_table;
};

/// A store with an engine for tests: each run() is a transaction of its own, committed when the statement succeeds.
/// One thread at a time.
class Database {
 public:
  Database();                                             ///< in memory
  explicit Database(std::unique_ptr<storage::Store> store);

  Result<Outcome> run(std::string_view text, const Literals& parameters = {});
  /// In a given transaction, which stays open.
  Result<Outcome> run(storage::Transaction& tx, std::string_view text, const Literals& parameters = {});

  storage::Store& store() { return *store_; }
  cypher::Engine& engine() { return *engine_; }
  /// The import folder from now on; tests/cypher/files at first.
  void use_files(const std::filesystem::path& folder) { files_ = ImportFolder(folder); }
  const ImportFolder& files() const { return files_; }
  /// The number of advance() calls of the last run.
  std::size_t slices() const { return slices_; }

 private:
  cypher::RunOptions options() const;
  Result<Value> parameter_map(const Literals& parameters, Arena& arena);

  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<cypher::Engine> engine_;
  ImportFolder files_;
  std::size_t slices_ = 0;
};

/// Commits and waits until it is durable.
Result<void> commit(storage::Transaction& tx);

/// A value as the scripts write it: (:A {x: 1}), [:T {x: 1}], <(…)-[…]->(…)>, otherwise as a literal.
std::string print_result(const Value& v, storage::Transaction& tx);

}  // namespace packhouse::tests
