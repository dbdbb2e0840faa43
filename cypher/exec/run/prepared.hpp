#pragma once
#include <memory>
#include <mutex>
#include <string_view>

#include "cypher/engine.hpp"
#include "cypher/plan/plan.hpp"
#include "cypher/syntax/ast.hpp"

namespace packhouse::cypher {

/// A statement that was parsed and analysed, and its plan. Shared by runs; immutable once planned.
struct Prepared {
  ast::Statement statement;
  StatementType type = StatementType::read;
  Privilege privilege = Privilege::read;
  bool is_query = true;      ///< planned and run by operators; otherwise a command on the schema or on users
  bool writes = false;       ///< needs a transaction that may write
  std::uint64_t procedures = 0;  ///< version of the registry it was analysed with

  // The plan; null until the statement runs for the first time. Changed under the cache's lock only, and only once.
  std::unique_ptr<const plan::Plan> plan;
  std::uint64_t schema = 0;  ///< version of the schema it was planned with
  double node_count = 0, relationship_count = 0;
};
using PreparedPtr = std::shared_ptr<Prepared>;

/// Makes something that can be run of text. Thread-safe.
class QueryCompiler {
 public:
  virtual ~QueryCompiler() = default;
  /// With a plan that fits what `tx` sees.
  virtual Result<PreparedPtr> prepare(std::string_view text, storage::Transaction& tx) = 0;
};

}  // namespace packhouse::cypher
