#pragma once
#include <map>
#include <random>
#include <set>

#include "support.hpp"
#include "value/compare.hpp"

namespace packhouse::storage {

/// The naive graph that the store is compared with.
struct ModelNode {
  std::set<LabelId> labels;
  std::map<KeyId, Value> properties;
};
struct ModelRel {
  TypeId type{};
  NodeId start{}, end{};
  std::map<KeyId, Value> properties;
};
struct Model {
  std::map<NodeId, ModelNode> nodes;
  std::map<RelId, ModelRel> rels;
  std::vector<Index> indexes;

};

/// Compares everything that a transaction shows with the model.
void check_same(Transaction& tx, const Model& model, std::mt19937& random, std::span<const Value> values);

}  // namespace packhouse::storage
