#pragma once
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cypher/plan/plan.hpp"

namespace packhouse::cypher::plan {

/// Names, or all of them.
struct NameSet {
  bool all = false;
  std::vector<std::string_view> names;

  bool empty() const { return !all && names.empty(); }
  void add(std::string_view name);
  void add(const NameSet& other);
  bool meets(const NameSet& other) const;
};

/// What a step or a part of a plan reads from and writes to the graph. Two parts that conflict must not be interleaved
/// row by row: an Eager goes between them.
struct Effects {
  // reads
  bool scans_all = false;   ///< looks for nodes whatever their labels
  NameSet scans;            ///< looks for nodes of these labels
  NameSet tests;            ///< asks nodes for these labels
  NameSet expands;          ///< looks for relationships of these types
  NameSet keys;             ///< reads these properties
  // writes
  bool creates_nodes = false, deletes = false;
  NameSet new_labels;       ///< of created nodes
  NameSet set_labels;       ///< added to or removed from existing nodes
  NameSet new_types;        ///< of created relationships
  NameSet set_keys;         ///< of existing entities

  bool reads() const { return scans_all || !scans.empty() || !tests.empty() || !expands.empty() || !keys.empty(); }
  bool writes() const {
    return creates_nodes || deletes || !set_labels.empty() || !new_types.empty() || !set_keys.empty();
  }
  void add(const Effects& other);
};

/// Could what `writer` writes change what `reader` reads?
bool disturbs(const Effects& writer, const Effects& reader);
/// Does the order of the two writes matter?
bool collide(const Effects& a, const Effects& b);

using SubplanEffects = std::unordered_map<const Node*, Effects>;

/// Adds what evaluating an expression reads; sub-plans must be in `subplans`.
void add_reads(const ast::Expr& e, const SubplanEffects& subplans, Effects& to);
/// What one step does, without its children.
Effects effects_of(const Step& step, const SubplanEffects& subplans);

}  // namespace packhouse::cypher::plan
