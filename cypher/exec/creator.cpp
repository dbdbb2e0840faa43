#include "cypher/exec/creator.hpp"

namespace packhouse::cypher {

Creator::Creator(const plan::Create& step, Builder& b) {
  for (const auto& n : step.nodes) nodes_.push_back({&n, NameWriter(n.labels, b), PropertyWriter(n.properties, b)});
  for (const auto& r : step.relationships) {
    relationships_.push_back({&r, NameWriter(r.type, b), PropertyWriter(r.properties, b)});
  }
}

void Creator::create(ExecContext& context, Batch& batch) {
  for (auto& part : nodes_) {
    part.properties.evaluate(context, batch);
    for (RowIndex i = 0, n = batch.size(); i < n; ++i) node(context, batch, batch.row(i), part);
  }
  for (auto& part : relationships_) {
    part.properties.evaluate(context, batch);
    for (RowIndex i = 0, n = batch.size(); i < n; ++i) relationship(context, batch, batch.row(i), part);
  }
}

void Creator::create(ExecContext& context, Batch& batch, RowIndex row) {
  for (auto& part : nodes_) {
    part.properties.evaluate(context, batch, row);
    node(context, batch, row, part);
  }
  for (auto& part : relationships_) {
    part.properties.evaluate(context, batch, row);
    relationship(context, batch, row, part);
  }
}

void Creator::node(ExecContext& context, Batch& batch, RowIndex row, NodePart& part) {
  const auto& properties = part.properties.list(context, row);
  const NodeId id = or_throw(context.tx.create_node(part.labels.labels(context, batch, row), properties));
  batch.column(part.what->slot)[row] = Value::node(id);
  context.db_hits += 1 + properties.size();
}

void Creator::relationship(ExecContext& context, Batch& batch, RowIndex row, RelationshipPart& part) {
  const auto end = [&](Slot slot, std::string_view which) {
    const Value& v = batch.at(slot, row);
    if (v.is(Kind::node)) return v.as_node();
    if (!v.is_null()) {
      throw QueryError(Status::type_error, "Type mismatch: expected Node but was " + std::string(type_name(v.kind())));
    }
    throw QueryError(Status::entity_not_found, "Failed to create a relationship: its " + std::string(which) + " node is missing (null)");
  };
  const NodeId start = end(part.what->start, "start"), stop = end(part.what->end, "end");
  const auto& properties = part.properties.list(context, row);
  const RelId id = or_throw(context.tx.create_relationship(start, stop, part.type.type(context, batch, row), properties));
  batch.column(part.what->slot)[row] = Value::relationship(id);
  context.db_hits += 1 + properties.size();
}

}  // namespace packhouse::cypher
