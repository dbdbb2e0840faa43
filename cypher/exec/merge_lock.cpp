#include "cypher/exec/merge_lock.hpp"

#include <algorithm>

namespace packhouse::cypher {

void lock_constrained(ExecContext& context, std::span<const LabelId> labels, const PropertyList& properties,
                      std::vector<Value>& scratch) {
  for (const auto& c : context.tx.schema().constraints) {
    if (!c.index || c.entity != storage::EntityType::node) continue;
    if (std::find(labels.begin(), labels.end(), LabelId{c.token}) == labels.end()) continue;
    scratch.clear();
    for (const KeyId key : c.keys) {
      const auto p = std::find_if(properties.begin(), properties.end(), [&](const auto& x) { return x.first == key; });
      if (p != properties.end()) scratch.push_back(p->second);
    }
    if (scratch.size() == c.keys.size()) or_throw(context.tx.lock_index_entry(*c.index, scratch));
  }
}

}  // namespace packhouse::cypher
