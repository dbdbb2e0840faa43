#pragma once
#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "storage/graph.hpp"
#include "storage/store.hpp"

namespace packhouse::cypher::plan {

/// What the planner asks the store: counts, and guesses where nothing is counted.
class Statistics {
 public:
  explicit Statistics(storage::Transaction& tx) : tx_(tx), nodes_(static_cast<double>(tx.node_count())) {}

  storage::Store& store() const { return tx_.store(); }
  const storage::Schema& schema() const { return tx_.schema(); }

  double nodes() const { return std::max(1.0, nodes_); }
  double nodes(std::string_view label) const {
    const auto id = store().find_label(label);
    return id ? static_cast<double>(tx_.node_count(*id)) : 0;
  }
  double relationships() const { return static_cast<double>(tx_.relationship_count()); }
  /// Of any of the types; empty: all.
  double relationships(const std::vector<std::string_view>& types) const {
    if (types.empty()) return relationships();
    double sum = 0;
    for (const auto t : types) {
      if (const auto id = store().find_type(t)) sum += static_cast<double>(tx_.relationship_count(*id));
    }
    return sum;
  }
  /// Share of the nodes that have a label.
  double share(std::string_view label) const { return std::min(1.0, nodes(label) / nodes()); }
  /// Rows that equality on an index without uniqueness is expected to find.
  static double equal_rows(double count) { return std::max(1.0, std::pow(count, 0.3)); }

 private:
  storage::Transaction& tx_;
  double nodes_;
};

/// Costs in units of about 100 ns; only their ratios matter.
namespace cost {
inline constexpr double scan_row = 0.2, seek = 8, seek_row = 1, expand = 4, edge = 0.2, into = 5, property = 3, label = 2,
                        predicate = 2, row = 0.2;
}

}  // namespace packhouse::cypher::plan
