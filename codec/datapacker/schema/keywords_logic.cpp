#include "codec/datapacker/schema/compiler.hpp"

// allOf, anyOf, oneOf, not, if.
namespace packhouse::datapacker::schema {
namespace {

Compiled all_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const auto nodes, c.nodes(k.name, k.value, k.base));
  return [nodes](const Value& v, Run& run) {
    for (const Node* n : nodes) {
      if (run.done()) return;
      n->check(v, run);
    }
  };
}

Compiled any_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const auto nodes, c.nodes(k.name, k.value, k.base));
  return [nodes](const Value& v, Run& run) {
    for (const Node* n : nodes) {
      if (n->accepts(v, run)) return;
    }
    run.fail([&] { return show(v) + " is not valid under any of the schemas listed in the 'anyOf' keyword"; });
  };
}

Compiled one_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const auto nodes, c.nodes(k.name, k.value, k.base));
  return [nodes](const Value& v, Run& run) {
    std::size_t matches = 0;
    for (const Node* n : nodes) matches += n->accepts(v, run);
    if (matches == 1) return;
    run.fail([&] {
      return show(v) + (matches == 0 ? " is not valid under any of the schemas listed in the 'oneOf' keyword"
                                     : " is valid under more than one of the schemas listed in the 'oneOf' keyword");
    });
  };
}

Compiled not_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const Node* const node, c.node(k.value, k.base));
  return [node, &schema = k.value](const Value& v, Run& run) {
    // A run that was cut short says nothing about the value.
    if (node->accepts(v, run) && !run.exhausted())
      run.fail([&] { return show(schema) + " is not allowed for " + show(v); });
  };
}

Compiled if_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const Node* const condition, c.node(k.value, k.base));
  const Node* branches[] = {nullptr, nullptr};
  for (const bool yes : {false, true}) {
    if (const Value* const branch = k.other(yes ? "then" : "else")) {
      PACKHOUSE_TRY(branches[yes], c.node(*branch, k.base));
    }
  }
  return [condition, otherwise = branches[0], then = branches[1]](const Value& v, Run& run) {
    const Node* const branch = condition->accepts(v, run) ? then : otherwise;
    if (branch) branch->check(v, run);
  };
}

}  // namespace

Compiled compile_logic(Compiler& c, const Keyword& k) {
  if (k.name == "allOf") return all_check(c, k);
  if (k.name == "anyOf") return any_check(c, k);
  if (k.name == "oneOf") return one_check(c, k);
  if (k.name == "not") return not_check(c, k);
  if (k.name == "if" && c.has(Draft::d7)) return if_check(c, k);
  // Definitions are looked into where they are used; a wrong one is found all the same.
  if ((k.name == "definitions" || k.name == "$defs") && k.value.is(Kind::map)) {
    for (const MapEntry& e : k.value.as_map()) {
      if (e.value.is(Kind::map) || e.value.is(Kind::boolean)) PACKHOUSE_CHECK(c.node(e.value, k.base));
    }
  }
  return std::nullopt;
}

}  // namespace packhouse::datapacker::schema
