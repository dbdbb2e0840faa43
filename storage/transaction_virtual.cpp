#include <string>

#include "storage/transaction.hpp"

// Nodes and relationships that only results see: an overlay that is never committed.
namespace packhouse::storage {

Result<void> TransactionImpl::room_for_virtual() {
  PACKHOUSE_CHECK(reading());
  if (!virtual_) virtual_ = std::make_unique<Overlay>();
  if (virtual_->bytes() <= changes_limit_) return ok;
  return fail(Status::out_of_memory, "The virtual nodes and relationships of a transaction may not hold more than " +
                                         std::to_string(changes_limit_) + " bytes");
}

Result<NodeId> TransactionImpl::virtual_node(std::span<const LabelId> labels,
                                             std::span<const std::pair<KeyId, Value>> properties) {
  PACKHOUSE_CHECK(room_for_virtual());
  const NodeId id{next_virtual_id_--};
  PACKHOUSE_CHECK(virtual_->create(id, labels, properties));
  return id;
}

Result<RelId> TransactionImpl::virtual_relationship(NodeId start, NodeId end, TypeId type,
                                                    std::span<const std::pair<KeyId, Value>> properties) {
  PACKHOUSE_CHECK(room_for_virtual());
  const RelId id{next_virtual_id_--};
  PACKHOUSE_CHECK(virtual_->create(id, type, start, end, properties));
  return id;
}

}  // namespace packhouse::storage
