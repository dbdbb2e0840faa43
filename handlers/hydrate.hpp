#pragma once
#include <string>
#include <utility>
#include <vector>

#include "packstream/writer.hpp"
#include "storage/store.hpp"

namespace packhouse::handlers {

/// Writes result values as PackStream. Nodes, relationships and paths are read from the transaction and transcoded
/// from their records straight into the send buffer. One a result; used by one thread at a time.
class Hydrator {
 public:
  Hydrator(storage::Transaction& transaction, const packstream::Dialect& dialect);
  /// One value; on error the buffer behind it is undefined (RecordFrame takes it back).
  Result<void> write(const Value& v, packstream::Writer& out, int depth = 1000);

 private:
  Result<void> node(NodeId id, packstream::Writer& out);
  Result<void> relationship(RelId id, packstream::Writer& out);
  Result<void> unbound(RelId id, packstream::Writer& out);
  Result<void> path(const PathValue& p, packstream::Writer& out);
  Result<void> properties(packstream::Writer& out);
  void element_id(bool node, std::uint64_t id, packstream::Writer& out);

  storage::Transaction& tx_;
  storage::Store& store_;
  packstream::Dialect dialect_;
  std::string node_prefix_, relationship_prefix_;
  // Of the record at hand:
  std::vector<LabelId> labels_;
  std::vector<std::pair<KeyId, Value>> properties_;
  Arena scratch_{512};
};

}  // namespace packhouse::handlers
