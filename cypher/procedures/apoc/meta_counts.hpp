#pragma once
#include <map>
#include <tuple>
#include <utility>

#include "cypher/procedures/apoc/meta_sample.hpp"

namespace packhouse::cypher::apoc {

/// How many relationships of each type leave and reach the nodes of each label. Exact when the config looks at all nodes;
/// otherwise what the sample has, times the step.
struct PatternCounts {
  using LabelAndType = std::pair<std::uint32_t, std::uint32_t>;
  std::map<LabelAndType, std::uint64_t> out, in;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::uint64_t> patterns;  ///< (label, type, label)
};
PatternCounts count_patterns(ExecContext& c, const MetaConfig& config);

}  // namespace packhouse::cypher::apoc
