#pragma once
#include <memory>
#include <vector>

#include "cypher/exec/property_writer.hpp"

namespace packhouse::cypher {

/// Creates the entities of a CREATE or MERGE pattern, for a batch or for one row, and puts them in their slots.
class Creator {
 public:
  Creator(const plan::Create& step, Builder& b);

  void create(ExecContext& context, Batch& batch);
  void create(ExecContext& context, Batch& batch, RowIndex row);

  struct NodePart {
    const plan::NewNode* what;
    NameWriter labels;
    PropertyWriter properties;
  };
  struct RelationshipPart {
    const plan::NewRelationship* what;
    NameWriter type;
    PropertyWriter properties;
  };
  std::vector<NodePart>& nodes() { return nodes_; }
  std::vector<RelationshipPart>& relationships() { return relationships_; }

 private:
  void node(ExecContext& context, Batch& batch, RowIndex row, NodePart& part);
  void relationship(ExecContext& context, Batch& batch, RowIndex row, RelationshipPart& part);

  std::vector<NodePart> nodes_;
  std::vector<RelationshipPart> relationships_;
};

}  // namespace packhouse::cypher
