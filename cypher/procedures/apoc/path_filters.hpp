#pragma once
#include <string_view>
#include <vector>

#include "cypher/procedures/apoc/apoc.hpp"

// relationshipFilter and labelFilter of apoc.path.*
namespace packhouse::cypher::apoc {

/// "KNOWS>|<LIKES|HAS": what may be followed from a node; one list for each step of a sequence ("A>,<B").
class RelationshipFilter {
 public:
  RelationshipFilter(ExecContext& c, std::string_view text);
  /// Appends the edges that may be followed `depth` steps from the start.
  void expand(ExecContext& c, NodeId node, std::size_t depth, std::vector<storage::Edge>& out) const;
  /// Whether a relationship of this type may be part of the subgraph at all.
  bool lets(TypeId type) const;

 private:
  struct Way {
    std::optional<TypeId> type;
    bool any_type = false;
    storage::Direction direction = storage::Direction::both;
  };
  std::vector<std::vector<Way>> steps_;
};

/// What a path that ends at a node is good for.
struct Verdict {
  bool include = true, go_on = true;
};

/// "+Person|-Movie|>End|/Stop": + only over these, - never over these, > paths end here and go on, / paths end here.
/// One list for each step of a sequence, from the start node or the first one after it.
class LabelFilter {
 public:
  LabelFilter(ExecContext& c, std::string_view text, bool filter_start, bool begin_at_start);
  Verdict judge(ExecContext& c, NodeId node, std::size_t depth, std::int64_t least) const;

 private:
  struct Group {
    std::vector<LabelId> only, never, ends, stops;
    bool restricted = false;  ///< there is a + (perhaps of a label that nothing has)
  };
  std::vector<Group> steps_;
  bool filter_start_, begin_at_start_, ends_only_ = false;
};

}  // namespace packhouse::cypher::apoc
