#include "cypher/procedures/apoc/meta_counts.hpp"

#include "cypher/exec/expressions/entity.hpp"

namespace packhouse::cypher::apoc {

using storage::Direction;

PatternCounts count_patterns(ExecContext& c, const MetaConfig& config) {
  PatternCounts counts;
  std::set<std::uint32_t> labels, types;
  for (const LabelId l : labels_in_use(c, config)) labels.insert(raw(l));
  for (const TypeId t : types_in_use(c, config)) types.insert(raw(t));
  if (types.empty()) return counts;
  std::vector<storage::Edge> edges;
  for (const std::uint32_t label : labels) {
    const std::uint64_t step = config.step(c.tx.node_count(LabelId{label}));
    sample_nodes(c, LabelId{label}, config, [&](NodeId id) {
      c.check();
      edges.clear();
      or_throw(c.tx.expand(id, Direction::out, {}, edges));
      for (const auto& e : edges) {
        if (!types.contains(raw(e.type))) continue;
        c.check();
        counts.out[{label, raw(e.type)}] += step;
        const auto end = node_view(c, e.neighbour);
        for (std::size_t i = 0; i < end.label_count(); ++i) {
          if (labels.contains(raw(end.label(i)))) counts.patterns[{label, raw(e.type), raw(end.label(i))}] += step;
        }
      }
      edges.clear();
      or_throw(c.tx.expand(id, Direction::in, {}, edges));
      for (const auto& e : edges) {
        if (types.contains(raw(e.type))) counts.in[{label, raw(e.type)}] += step;
      }
    });
  }
  return counts;
}

}  // namespace packhouse::cypher::apoc
