#include "codec/datapacker/schema/unevaluated.hpp"

#include <algorithm>

// unevaluatedProperties and unevaluatedItems: what no other keyword has looked at, in this schema or in those that it
// applies to the same value. That is found out when the check runs, by going through these schemas a second time.
namespace packhouse::datapacker::schema {
namespace {

using Seen = std::vector<bool>;  // by the place of the entry or item

void own_properties(const Evaluated& e, const Value& v, Run& run, Seen& seen, bool outermost) {
  const auto entries = v.as_map();
  const bool all = e.all_properties || (e.rest_properties && !outermost);
  for (std::size_t i = 0; i < entries.size() && !run.exhausted(); ++i) {
    if (seen[i]) continue;
    const std::string_view name = entries[i].key;
    seen[i] = all || std::ranges::binary_search(e.names, name) || std::ranges::any_of(e.patterns, [&](const auto& p) { return found_in(*p, name, run); });
  }
}

void own_items(const Evaluated& e, const Value& v, Run& run, Seen& seen, bool outermost) {
  const auto items = v.as_list();
  const bool all = e.all_items || (e.rest_items && !outermost);
  for (std::size_t i = 0; i < items.size() && !run.exhausted(); ++i) {
    if (!seen[i]) seen[i] = all || i < e.items || (e.contains && e.contains->accepts(items[i], run));
  }
}

void collect(const Node& n, const Value& v, Run& run, Seen& seen, bool outermost) {
  if (!n.evaluated || !run.enter()) return;
  const Evaluated& e = *n.evaluated;
  if (v.is(Kind::map))
    own_properties(e, v, run, seen, outermost);
  else
    own_items(e, v, run, seen, outermost);
  for (const auto& part : e.parts) {
    if (run.exhausted()) break;
    if (part.property && !(v.is(Kind::map) && find(v.as_map(), part.name))) continue;
    if (part.node->accepts(v, run)) collect(*part.node, v, run, seen, false);
  }
  if (e.condition && !run.exhausted()) {
    const bool met = e.condition->accepts(v, run);
    if (met) collect(*e.condition, v, run, seen, false);
    const Node* const branch = met ? e.then : e.otherwise;
    if (branch && branch->accepts(v, run)) collect(*branch, v, run, seen, false);
  }
  run.leave();
}

/// The check of what is left over.
Check rest_check(const Node& self, const Node* node, Kind kind, bool none) {
  return [&self, node, kind, none](const Value& v, Run& run) {
    if (!v.is(kind)) return;
    const bool map = kind == Kind::map;
    const std::size_t n = map ? v.as_map().size() : v.as_list().size();
    Seen seen(n);
    collect(self, v, run, seen, true);
    std::string unexpected;
    for (std::size_t i = 0; i < n && !run.done(); ++i) {
      if (seen[i]) continue;
      if (none)
        unexpected += (unexpected.empty() ? "" : ", ") +
                      (map ? "'" + std::string(v.as_map()[i].key) + "'" : show(v.as_list()[i]));
      else if (map)
        run.at(v.as_map()[i].key, [&] { node->check(v.as_map()[i].value, run); });
      else
        run.at(i, [&] { node->check(v.as_list()[i], run); });
    }
    if (unexpected.empty()) return;
    run.fail([&] {
      return std::string("Unevaluated ") + (map ? "properties" : "items") + " are not allowed (" + unexpected +
             " unexpected)";
    });
  };
}

/// One schema as seen by its keywords.
class Noting {
 public:
  Noting(Compiler& c, std::span<const MapEntry> schema, const std::string& base)
      : c_(c), schema_(schema), base_(base) {}

  Result<void> properties(Evaluated& e) {
    for (const std::string_view keyword : {"properties", "patternProperties"}) {
      const Value* const found = find(schema_, keyword);
      if (!found || !found->is(Kind::map)) continue;
      for (const MapEntry& entry : found->as_map()) {
        if (keyword == "properties") {
          e.names.push_back(entry.key);
        } else {
          PACKHOUSE_TRY(auto pattern, c_.pattern(entry.key));
          e.patterns.push_back(std::move(pattern));
        }
      }
    }
    std::ranges::sort(e.names);
    e.all_properties = find(schema_, "additionalProperties") != nullptr;
    e.rest_properties = find(schema_, "unevaluatedProperties") != nullptr;
    return ok;
  }

  Result<void> items(Evaluated& e) {
    const Value* const items = find(schema_, "items");
    const bool tuple = items && items->is(Kind::list);
    if (const Value* const prefix = find(schema_, "prefixItems");
        prefix && prefix->is(Kind::list) && c_.has(Draft::d2020))
      e.items = prefix->as_list().size();
    if (tuple) e.items = items->as_list().size();
    e.all_items = (items && !tuple) || (tuple && find(schema_, "additionalItems"));
    e.rest_items = find(schema_, "unevaluatedItems") != nullptr;
    if (const Value* const contains = find(schema_, "contains"); contains && c_.has(Draft::d2020)) {
      PACKHOUSE_TRY(e.contains, c_.node(*contains, base_));
    }
    return ok;
  }

  Result<void> parts(Evaluated& e, const Node* reference) {
    if (reference) e.parts.push_back({reference});
    for (const std::string_view keyword : {"allOf", "anyOf", "oneOf"}) {
      const Value* const found = find(schema_, keyword);
      if (!found) continue;
      PACKHOUSE_TRY(const auto nodes, c_.nodes(keyword, *found, base_));
      for (const Node* n : nodes) e.parts.push_back({n});
    }
    for (const std::string_view keyword : {"dependentSchemas", "dependencies"}) {
      const Value* const found = find(schema_, keyword);
      if (!found || !found->is(Kind::map)) continue;
      for (const MapEntry& entry : found->as_map()) {
        if (entry.value.is(Kind::list)) continue;  // names
        PACKHOUSE_TRY(const Node* const n, c_.node(entry.value, base_));
        e.parts.push_back({n, &entry.value, entry.key});
      }
    }
    if (!find(schema_, "if")) return ok;
    for (const auto& [keyword, to] :
         {std::pair("if", &e.condition), std::pair("then", &e.then), std::pair("else", &e.otherwise)}) {
      if (const Value* const found = find(schema_, keyword)) {
        PACKHOUSE_TRY(*to, c_.node(*found, base_));
      }
    }
    return ok;
  }

 private:
  Compiler& c_;
  std::span<const MapEntry> schema_;
  const std::string& base_;
};

}  // namespace

bool mentions_unevaluated(const Value& schema) {
  if (schema.is(Kind::list)) return std::ranges::any_of(schema.as_list(), mentions_unevaluated);
  return schema.is(Kind::map) && std::ranges::any_of(schema.as_map(), [](const MapEntry& e) {
           return e.key == "unevaluatedProperties" || e.key == "unevaluatedItems" || mentions_unevaluated(e.value);
         });
}

Result<void> add_unevaluated(Compiler& c, Node& made, std::span<const MapEntry> schema, const std::string& base,
                             const Node* reference) {
  auto e = std::make_shared<Evaluated>();
  Noting noting(c, schema, base);
  PACKHOUSE_CHECK(noting.properties(*e));
  PACKHOUSE_CHECK(noting.items(*e));
  PACKHOUSE_CHECK(noting.parts(*e, reference));
  made.evaluated = std::move(e);
  for (const auto& [keyword, kind] :
       {std::pair("unevaluatedProperties", Kind::map), std::pair("unevaluatedItems", Kind::list)}) {
    const Value* const found = find(schema, keyword);
    if (!found) continue;
    PACKHOUSE_TRY(const Node* const node, c.node(*found, base));
    made.checks.push_back(rest_check(made, node, kind, found->is(Kind::boolean) && !found->is_true()));
  }
  return ok;
}

}  // namespace packhouse::datapacker::schema
