#include <unordered_set>

#include "codec/datapacker/schema/compiler.hpp"

// Items of lists.
namespace packhouse::datapacker::schema {
namespace {

/// Checks the items from `first` on.
Check rest_check(const Node* node, std::size_t first) {
  return [node, first](const Value& v, Run& run) {
    if (!v.is(Kind::list)) return;
    const auto items = v.as_list();
    for (std::size_t i = first; i < items.size() && !run.done(); ++i) {
      run.at(i, [&] { node->check(items[i], run); });
    }
  };
}

Compiled tuple_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const auto nodes, c.nodes(k.name, k.value, k.base));
  return [nodes](const Value& v, Run& run) {
    if (!v.is(Kind::list)) return;
    const auto items = v.as_list();
    for (std::size_t i = 0; i < std::min(items.size(), nodes.size()); ++i) {
      run.at(i, [&] { nodes[i]->check(items[i], run); });
    }
  };
}

/// As a list: one schema an item (until 2019-09); otherwise for all items, or those behind prefixItems.
Compiled items_check(Compiler& c, const Keyword& k) {
  if (k.value.is(Kind::list)) {
    if (c.draft() == Draft::d2020) return c.refuse("items must be one schema in 2020-12; prefixItems takes a list");
    return tuple_check(c, k);
  }
  const Value* const prefix = c.has(Draft::d2020) ? k.other("prefixItems") : nullptr;
  PACKHOUSE_TRY(const Node* const node, c.node(k.value, k.base));
  return rest_check(node, prefix && prefix->is(Kind::list) ? prefix->as_list().size() : 0);
}

Compiled additional_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const Node* const node, c.node_or_flag(k.value, k.base));
  const Value* const items = k.other("items");
  if (!items || !items->is(Kind::list) || c.draft() == Draft::d2020) return std::nullopt;
  const std::size_t first = items->as_list().size();
  if (!k.value.is(Kind::boolean) || k.value.is_true()) return rest_check(node, first);
  return [first](const Value& v, Run& run) {
    if (!v.is(Kind::list) || v.as_list().size() <= first) return;
    run.fail([&] { return "Additional items are not allowed (" + show(v.as_list()[first]) + " was unexpected)"; });
  };
}

Compiled size_check(Compiler& c, const Keyword& k, bool least) {
  PACKHOUSE_TRY(const std::uint64_t limit, size_limit(c, k));
  return [limit, least](const Value& v, Run& run) {
    if (!v.is(Kind::list)) return;
    if (least ? v.as_list().size() >= limit : v.as_list().size() <= limit) return;
    run.fail([&] {
      return show(v) + (least ? " has less than " : " has more than ") + std::to_string(limit) +
             (limit == 1 ? " item" : " items");
    });
  };
}

Compiled unique_check(Compiler& c, const Keyword& k) {
  if (!k.value.is(Kind::boolean)) return c.refuse("uniqueItems must be a boolean, found " + show(k.value));
  if (!k.value.is_true()) return std::nullopt;
  return [](const Value& v, Run& run) {
    if (!v.is(Kind::list)) return;
    std::unordered_set<std::string> seen;
    for (const Value& item : v.as_list()) {
      if (!seen.insert(identity(item, run)).second)
        return run.fail([&] { return show(v) + " has non-unique elements"; });
    }
  };
}

Compiled contains_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const Node* const node, c.node(k.value, k.base));
  std::uint64_t least = 1, most = UINT64_MAX;
  const std::string_view names[] = {"minContains", "maxContains"};
  for (const std::string_view name : names) {
    const Value* const limit = c.has(Draft::d2019) ? k.other(name) : nullptr;
    if (!limit) continue;
    const Keyword bound{name, *limit, k.schema, k.base};
    PACKHOUSE_TRY((name == names[0] ? least : most), size_limit(c, bound));
  }
  return [node, least, most](const Value& v, Run& run) {
    if (!v.is(Kind::list)) return;
    std::uint64_t n = 0;
    for (const Value& item : v.as_list()) {
      if (run.exhausted()) return;
      n += node->accepts(item, run);
    }
    if (n >= least && n <= most) return;
    run.fail([&] {
      if (n == 0) return "None of " + show(v) + " are valid under the given schema";
      return std::to_string(n) + " of " + show(v) + " are valid under the given schema, expected " +
             std::to_string(least) + " to " + (most == UINT64_MAX ? "any number" : std::to_string(most));
    });
  };
}

}  // namespace

Compiled compile_list(Compiler& c, const Keyword& k) {
  if (k.name == "items") return items_check(c, k);
  if (k.name == "prefixItems" && c.has(Draft::d2020)) return tuple_check(c, k);
  if (k.name == "additionalItems") return additional_check(c, k);
  if (k.name == "minItems") return size_check(c, k, true);
  if (k.name == "maxItems") return size_check(c, k, false);
  if (k.name == "uniqueItems") return unique_check(c, k);
  if (k.name == "contains" && c.has(Draft::d6)) return contains_check(c, k);
  return std::nullopt;
}

}  // namespace packhouse::datapacker::schema
