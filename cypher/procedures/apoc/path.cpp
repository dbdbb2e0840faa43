#include <algorithm>
#include <deque>
#include <limits>
#include <unordered_set>

#include "cypher/exec/expressions/entity.hpp"
#include "cypher/procedures/apoc/path_filters.hpp"

// apoc.path.*: walks through the graph with filters.
namespace packhouse::cypher::apoc {
namespace {

enum class Uniqueness { none, node_global, node_path, relationship_global, relationship_path };

struct PathConfig {
  std::int64_t least = -1, most = -1, limit = -1;
  bool bfs = true, optional = false;
  std::string relationships, labels;
  bool filter_start = false, begin_at_start = true;
  Uniqueness uniqueness = Uniqueness::relationship_path;
  std::unordered_set<std::uint64_t> ends, stops, only, never;
};

Uniqueness uniqueness_of(Config& config) {
  const std::string name = config.text("uniqueness", "RELATIONSHIP_PATH");
  if (name == "NONE") return Uniqueness::none;
  if (name == "NODE_GLOBAL") return Uniqueness::node_global;
  if (name == "NODE_PATH") return Uniqueness::node_path;
  if (name == "RELATIONSHIP_GLOBAL") return Uniqueness::relationship_global;
  if (name == "RELATIONSHIP_PATH") return Uniqueness::relationship_path;
  config.refuse("the uniqueness '" + name + "' is not supported: NONE, NODE_GLOBAL, NODE_PATH, RELATIONSHIP_GLOBAL and RELATIONSHIP_PATH are");
}

std::unordered_set<std::uint64_t> nodes_of(Config& config, std::initializer_list<const char*> names) {
  std::unordered_set<std::uint64_t> out;
  for (const auto* name : names) {
    const auto v = config.take(name);
    if (!v) continue;
    const auto one = [&](const Value& node) {
      if (!node.is(Kind::node)) config.refuse("'" + std::string(name) + "' must hold NODEs only");
      out.insert(raw(node.as_node()));
    };
    if (v->is(Kind::list)) {
      std::ranges::for_each(v->as_list(), one);
    } else {
      one(*v);
    }
  }
  return out;
}

PathConfig path_config(const Call& call, const Value& map) {
  Config config(call.procedure(), map);
  PathConfig out;
  out.least = config.integer("minLevel", -1);
  out.most = config.integer("maxLevel", -1);
  out.limit = config.integer("limit", -1);
  out.bfs = config.flag("bfs", true);
  out.optional = config.flag("optional", false);
  out.relationships = config.text("relationshipFilter");
  out.labels = config.text("labelFilter");
  out.filter_start = config.flag("filterStartNode", false);
  out.begin_at_start = config.flag("beginSequenceAtStart", true);
  out.uniqueness = uniqueness_of(config);
  out.ends = nodes_of(config, {"endNodes"});
  out.stops = nodes_of(config, {"terminatorNodes"});
  out.only = nodes_of(config, {"allowlistNodes", "whitelistNodes"});
  out.never = nodes_of(config, {"denylistNodes", "blacklistNodes"});
  config.done();
  return out;
}

/// A walk of the graph from some nodes: a tree of all paths so far, of which each is given out or not, and followed or not.
class Walk {
 public:
  struct Step {
    NodeId node;
    RelId rel;
    std::uint32_t parent, depth;
  };
  static constexpr std::size_t step_bytes = sizeof(Step) + 24;
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  Walk(ExecContext& c, PathConfig config, std::span<const NodeId> starts)
      : context_(c), config_(std::move(config)), relationships_(c, config_.relationships),
        labels_(c, config_.labels, config_.filter_start, config_.begin_at_start) {
    for (const NodeId start : starts) offer(c, {start, RelId{}, none, 0});
    if (!config_.bfs) std::ranges::reverse(open_);
  }
  /// A walk may end early (LIMIT): what it kept is free then too.
  ~Walk() { context_.release(step_bytes * steps_.size()); }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  /// The next path that is a result; nothing at the end, or when others should have their turn (then again()).
  std::optional<std::uint32_t> next(ExecContext& c) {
    paused_ = false;
    while (!open_.empty() && given_ != config_.limit) {
      c.check();
      if (c.out_of_budget()) {
        paused_ = true;
        return std::nullopt;
      }
      const std::uint32_t at = config_.bfs ? open_.front() : open_.back();
      config_.bfs ? open_.pop_front() : open_.pop_back();
      const Verdict verdict = judge(c, steps_[at]);
      if (verdict.go_on) follow(c, at);
      if (!verdict.include) continue;
      ++given_;
      return at;
    }
    return std::nullopt;
  }
  bool again() const { return paused_; }
  const Step& step(std::uint32_t at) const { return steps_[at]; }
  const RelationshipFilter& relationships() const { return relationships_; }

 private:
  Verdict judge(ExecContext& c, const Step& s) const {
    const std::uint64_t id = raw(s.node);
    Verdict v = labels_.judge(c, s.node, s.depth, config_.least);
    if (config_.never.contains(id)) return {false, false};
    if (!config_.only.empty() && s.depth > 0 && !config_.only.contains(id) && !config_.ends.contains(id) && !config_.stops.contains(id))
      return {false, false};
    if (!config_.ends.empty() || !config_.stops.empty()) {
      const bool stop = config_.stops.contains(id) && static_cast<std::int64_t>(s.depth) >= config_.least;
      v.include = v.include && (stop || config_.ends.contains(id));
      v.go_on = v.go_on && !stop;
    }
    v.include = v.include && static_cast<std::int64_t>(s.depth) >= config_.least;
    v.go_on = v.go_on && (config_.most < 0 || static_cast<std::int64_t>(s.depth) < config_.most);
    return v;
  }

  void follow(ExecContext& c, std::uint32_t at) {
    edges_.clear();
    relationships_.expand(c, steps_[at].node, steps_[at].depth, edges_);
    c.db_hits += edges_.size();
    const std::uint32_t depth = steps_[at].depth + 1;
    const std::size_t first = open_.size();
    for (const auto& e : edges_) offer(c, {e.neighbour, e.rel, at, depth});
    if (!config_.bfs) std::reverse(open_.begin() + static_cast<std::ptrdiff_t>(first), open_.end());
  }

  void offer(ExecContext& c, const Step& s) {
    if (!is_new(s)) return;
    if (steps_.size() == none) throw QueryError(Status::out_of_memory, "a walk has more than four thousand million steps");
    c.keep(step_bytes);
    open_.push_back(static_cast<std::uint32_t>(steps_.size()));
    steps_.push_back(s);
  }

  bool is_new(const Step& s) {
    switch (config_.uniqueness) {
      case Uniqueness::none: return true;
      case Uniqueness::node_global: return seen_.insert(raw(s.node)).second;
      case Uniqueness::relationship_global: return s.parent == none || seen_.insert(raw(s.rel)).second;
      case Uniqueness::node_path:
        for (std::uint32_t at = s.parent; at != none; at = steps_[at].parent) {
          if (steps_[at].node == s.node) return false;
        }
        return true;
      case Uniqueness::relationship_path:
        for (std::uint32_t at = s.parent; at != none && steps_[at].parent != none; at = steps_[at].parent) {
          if (steps_[at].rel == s.rel) return false;
        }
        return true;
    }
    return true;
  }

  ExecContext& context_;
  PathConfig config_;
  RelationshipFilter relationships_;
  LabelFilter labels_;
  std::vector<Step> steps_;
  std::deque<std::uint32_t> open_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<storage::Edge> edges_;
  std::int64_t given_ = 0;
  bool paused_ = false;
};

enum class Give { paths, nodes, subgraph };

/// The results of a walk, as they are found; for a subgraph one row at the end.
template <Give give>
class WalkRows final : public ProcedureRows {
 public:
  WalkRows(ExecContext& c, const PathConfig& config, std::span<const NodeId> starts)
      : walk_(c, config, starts), optional_(config.optional) {}

  bool next(ExecContext& c, Arena& arena, std::span<Value> row) override {
    if (done_) return false;
    while (const auto at = walk_.next(c)) {
      any_ = true;
      if constexpr (give == Give::paths) row[0] = path(arena, *at);
      if constexpr (give == Give::nodes) row[0] = Value::node(walk_.step(*at).node);
      if constexpr (give != Give::subgraph) return true;
      nodes_.push_back(walk_.step(*at).node);
    }
    if (walk_.again()) return false;
    done_ = true;
    if constexpr (give == Give::subgraph) return subgraph(c, arena, row);
    if (any_ || !optional_) return false;
    row[0] = Value();
    return true;
  }
  bool paused() const override { return walk_.again(); }

 private:
  Value path(Arena& arena, std::uint32_t at) const {
    const std::size_t length = walk_.step(at).depth;
    const auto nodes = arena.array<NodeId>(length + 1);
    const auto rels = arena.array<RelId>(length);
    for (std::size_t i = length + 1; i-- > 0; at = walk_.step(at).parent) {
      nodes[i] = walk_.step(at).node;
      if (i > 0) rels[i - 1] = walk_.step(at).rel;
    }
    return Value::path(arena.make<PathValue>(PathValue{nodes, rels}));
  }

  /// The nodes, and all relationships between them that the filter lets through.
  bool subgraph(ExecContext& c, Arena& arena, std::span<Value> row) const {
    if (nodes_.empty() && optional_) {
      row[0] = row[1] = Value();
      return true;
    }
    std::unordered_set<std::uint64_t> in;
    for (const NodeId id : nodes_) in.insert(raw(id));
    std::vector<Value> nodes, relationships;
    std::vector<storage::Edge> edges;
    for (const NodeId id : nodes_) {
      c.check();
      nodes.push_back(Value::node(id));
      edges.clear();
      or_throw(c.tx.expand(id, storage::Direction::out, {}, edges));
      for (const auto& e : edges) {
        if (in.contains(raw(e.neighbour)) && walk_.relationships().lets(e.type)) relationships.push_back(Value::relationship(e.rel));
      }
    }
    row[0] = list(arena, nodes);
    row[1] = list(arena, relationships);
    return true;
  }

  Walk walk_;
  std::vector<NodeId> nodes_;
  bool optional_, any_ = false, done_ = false;
};

Rows expand(ExecContext& c, const Call& call) {
  PathConfig config;
  config.relationships = call[1].is_null() ? "" : call.text(1, "relFilter");
  config.labels = call[2].is_null() ? "" : call.text(2, "labelFilter");
  config.least = call.integer(3, "minDepth");
  config.most = call.integer(4, "maxDepth");
  return std::make_unique<WalkRows<Give::paths>>(c, config, call.nodes(c, 0));
}

Rows expand_config(ExecContext& c, const Call& call) {
  return std::make_unique<WalkRows<Give::paths>>(c, path_config(call, call[1]), call.nodes(c, 0));
}

/// Each node once, by the first path that leads to it.
template <Give give>
Rows each_node_once(ExecContext& c, const Call& call) {
  PathConfig config = path_config(call, call[1]);
  if (config.least > 1) call.refuse("minLevel can only be 0 or 1 in " + std::string(call.procedure()) + "()");
  config.uniqueness = Uniqueness::node_global;
  return std::make_unique<WalkRows<give>>(c, config, call.nodes(c, 0));
}

}  // namespace

void add_path(ProcedureRegistry& registry) {
  Family family(registry);
  const ProcedureArgument start{"startNode", Type::any}, config{"config", Type::map};
  const std::vector<ProcedureColumn> path{{"path", Type::path}};
  const auto add = [&](std::string_view name, std::string description, std::vector<ProcedureArgument> arguments,
                       std::vector<ProcedureColumn> columns, Family::Open open) {
    family.add("apoc.path." + std::string(name), std::move(description), ProcedureMode::read, std::move(arguments), std::move(columns), open);
  };
  add("expand", "Finds the paths from nodes that filters of types and labels let through.",
      {start, {"relFilter", Type::string}, {"labelFilter", Type::string}, {"minDepth", Type::integer}, {"maxDepth", Type::integer}}, path,
      expand);
  add("expandConfig", "Finds the paths from nodes that the config lets through.", {start, config}, path, expand_config);
  add("spanningTree", "Finds one path from a node to each other one that can be reached.", {start, config}, path,
      each_node_once<Give::paths>);
  add("subgraphNodes", "Finds the nodes that can be reached.", {start, config}, {{"node", Type::node}}, each_node_once<Give::nodes>);
  add("subgraphAll", "Finds the nodes that can be reached, and the relationships between them.", {start, config},
      {{"nodes", Type::list}, {"relationships", Type::list}}, each_node_once<Give::subgraph>);
}

}  // namespace packhouse::cypher::apoc
