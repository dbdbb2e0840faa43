#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cypher/procedures/apoc/apoc.hpp"

// What apoc.meta.* finds out about the graph, and how much of it is looked at.
namespace packhouse::cypher::apoc {

/// The config of all apoc.meta procedures.
struct MetaConfig {
  std::int64_t sample = 1000;  ///< about how many nodes of a label are looked at; -1: all
  std::set<std::string> labels, types;                    ///< only these, if there are any
  std::set<std::string> excluded_labels, excluded_types;

  static MetaConfig read(std::string_view procedure, const Value& map);
  bool wants_label(std::string_view name) const;
  bool wants_type(std::string_view name) const;
  /// Every how many-th node of a label is looked at.
  std::uint64_t step(std::uint64_t nodes) const;
};

/// The labels (types) that are in use and wanted.
std::vector<LabelId> labels_in_use(ExecContext& c, const MetaConfig& config);
std::vector<TypeId> types_in_use(ExecContext& c, const MetaConfig& config);

/// Calls `use` for the nodes of a label that the config has looked at; stops when the query is stopped.
template <class Use>
void sample_nodes(ExecContext& c, LabelId label, const MetaConfig& config, Use&& use) {
  const std::uint64_t step = config.step(c.tx.node_count(label));
  const auto cursor = or_throw(c.tx.scan_label(label));
  std::array<NodeId, 256> ids;
  std::uint64_t seen = 0;
  while (const std::size_t n = or_throw(cursor->next(ids))) {
    c.check();
    for (std::size_t i = 0; i < n; ++i) {
      if (++seen % step == 0) use(ids[i]);
    }
  }
}

/// One row of apoc.meta.data: a property of a label or type, or how a type leaves a label.
struct MetaItem {
  std::string property, type;
  bool unique = false, index = false, existence = false, array = false;
  std::int64_t count = 0, left_count = 0, right_count = 0;
  std::vector<std::string> other, other_labels;
  bool relationship() const { return type == "RELATIONSHIP"; }
};
/// The rows of one label or one type.
struct MetaGroup {
  std::string name;
  bool node = true;
  std::vector<MetaItem> items;
  std::map<std::pair<bool, std::string>, std::size_t, std::less<>> places;  ///< by (is a relationship, name)

  MetaItem& item(bool relationship, std::string_view name, bool& made);
};

/// Types first, then labels.
std::vector<MetaGroup> sample_graph(ExecContext& c, const MetaConfig& config);

}  // namespace packhouse::cypher::apoc
