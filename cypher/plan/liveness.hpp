#pragma once
#include "cypher/plan/plan.hpp"

namespace packhouse::cypher::plan {

/// Works out which slots each step has to hand on (Node::kept), which of its own are ever read (Node::produced), and what
/// Argument leaves take from outside. `needed`: slots that whoever runs `root` reads. Returns the slots needed from
/// outside: of those, only what is in `available` exists there.
SlotSet annotate(Node& root, const SlotSet& needed, const SlotSet& available);

/// All slots that steps of this plan define.
SlotSet defined(const Node& root);

}  // namespace packhouse::cypher::plan
