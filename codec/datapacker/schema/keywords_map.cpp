#include <algorithm>

#include "codec/datapacker/schema/pattern.hpp"

// Properties of maps.
namespace packhouse::datapacker::schema {
namespace {

using Named = std::vector<std::pair<std::string_view, const Node*>>;
using Patterned = std::vector<std::pair<Pattern, const Node*>>;
using Names = std::vector<std::string_view>;

Result<Named> named_nodes(Compiler& c, const Keyword& k) {
  if (!k.value.is(Kind::map))
    return c.refuse(std::string(k.name) + " must be a map of schemas, found " + show(k.value));
  Named out;
  for (const MapEntry& e : k.value.as_map()) {
    PACKHOUSE_TRY(const Node* const node, c.node(e.value, k.base));
    out.emplace_back(e.key, node);
  }
  std::ranges::sort(out, {}, &Named::value_type::first);
  return out;
}

Result<Patterned> patterned_nodes(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const Named named, named_nodes(c, k));
  Patterned out;
  for (const auto& [text, node] : named) {
    PACKHOUSE_TRY(Pattern pattern, c.pattern(text));
    out.emplace_back(std::move(pattern), node);
  }
  return out;
}

Result<Names> names_of(const Compiler& c, std::string_view keyword, const Value& list) {
  if (!list.is(Kind::list)) return c.refuse(std::string(keyword) + " must be a list of strings, found " + show(list));
  Names out;
  for (const Value& name : list.as_list()) {
    if (!name.is(Kind::string))
      return c.refuse(std::string(keyword) + " must be a list of strings, found " + show(name) + " in it");
    out.push_back(name.as_string());
  }
  return out;
}

void check_required(const Names& names, const Value& v, Run& run) {
  for (const std::string_view name : names) {
    if (!find(v.as_map(), name)) run.fail([&] { return show(Value::string(name)) + " is a required property"; });
  }
}

Compiled properties_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const Named named, named_nodes(c, k));
  return [named](const Value& v, Run& run) {
    if (!v.is(Kind::map)) return;
    for (const auto& [name, node] : named) {
      if (run.done()) return;
      if (const Value* const found = find(v.as_map(), name))
        run.at(name, [&, node = node] { node->check(*found, run); });
    }
  };
}

Compiled patterns_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const Patterned patterns, patterned_nodes(c, k));
  return [patterns](const Value& v, Run& run) {
    if (!v.is(Kind::map)) return;
    for (const auto& [pattern, node] : patterns) {
      for (const MapEntry& e : v.as_map()) {
        if (run.done()) return;
        if (found_in(*pattern, e.key, run)) run.at(e.key, [&, node = node] { node->check(e.value, run); });
      }
    }
  };
}

/// Those that neither `properties` nor `patternProperties` name.
Compiled additional_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const Node* const node, c.node_or_flag(k.value, k.base));
  Names known;
  if (const Value* const properties = k.other("properties"); properties && properties->is(Kind::map)) {
    for (const MapEntry& e : properties->as_map()) known.push_back(e.key);
  }
  std::ranges::sort(known);
  Patterned patterns;
  if (const Value* const list = k.other("patternProperties")) {
    PACKHOUSE_TRY(patterns, patterned_nodes(c, {"patternProperties", *list, k.schema, k.base}));
  }
  const bool none = k.value.is(Kind::boolean) && !k.value.is_true();
  return [node, known, patterns, none](const Value& v, Run& run) {
    if (!v.is(Kind::map)) return;
    std::string unexpected;
    for (const MapEntry& e : v.as_map()) {
      if (run.done()) return;
      const bool named = std::ranges::binary_search(known, e.key) ||
                         std::ranges::any_of(patterns, [&](const auto& p) { return found_in(*p.first, e.key, run); });
      if (named) continue;
      if (!none)
        run.at(e.key, [&] { node->check(e.value, run); });
      else
        unexpected += (unexpected.empty() ? "'" : ", '") + std::string(e.key) + "'";
    }
    if (!unexpected.empty()) {
      run.fail([&] {
        return "Additional properties are not allowed (" + unexpected +
               (unexpected.find(", '") != std::string::npos ? " were" : " was") + " unexpected)";
      });
    }
  };
}

Compiled size_check(Compiler& c, const Keyword& k, bool least) {
  PACKHOUSE_TRY(const std::uint64_t limit, size_limit(c, k));
  return [limit, least](const Value& v, Run& run) {
    if (!v.is(Kind::map)) return;
    if (least ? v.as_map().size() >= limit : v.as_map().size() <= limit) return;
    run.fail([&] {
      return show(v) + (least ? " has less than " : " has more than ") + std::to_string(limit) +
             (limit == 1 ? " property" : " properties");
    });
  };
}

Compiled names_check(Compiler& c, const Keyword& k) {
  PACKHOUSE_TRY(const Node* const node, c.node(k.value, k.base));
  return [node](const Value& v, Run& run) {
    if (!v.is(Kind::map)) return;
    for (const MapEntry& e : v.as_map()) {
      if (run.done()) return;
      node->check(Value::string(e.key), run);
    }
  };
}

struct Dependency {
  std::string_view name;
  Names required;
  const Node* node = nullptr;
};

/// `dependencies` takes both lists of names and schemas; later drafts have a keyword for each.
Compiled dependencies_check(Compiler& c, const Keyword& k, bool names, bool schemas) {
  if (!k.value.is(Kind::map)) return c.refuse(std::string(k.name) + " must be a map, found " + show(k.value));
  std::vector<Dependency> all;
  for (const MapEntry& e : k.value.as_map()) {
    Dependency d{e.key, {}, nullptr};
    if (names && (e.value.is(Kind::list) || !schemas)) {
      PACKHOUSE_TRY(d.required, names_of(c, k.name, e.value));
    } else {
      PACKHOUSE_TRY(d.node, c.node(e.value, k.base));
    }
    all.push_back(std::move(d));
  }
  return [all](const Value& v, Run& run) {
    if (!v.is(Kind::map)) return;
    for (const Dependency& d : all) {
      if (run.done()) return;
      if (!find(v.as_map(), d.name)) continue;
      if (d.node)
        d.node->check(v, run);
      else
        check_required(d.required, v, run);
    }
  };
}

}  // namespace

Compiled compile_map(Compiler& c, const Keyword& k) {
  if (k.name == "properties") return properties_check(c, k);
  if (k.name == "patternProperties") return patterns_check(c, k);
  if (k.name == "additionalProperties") return additional_check(c, k);
  if (k.name == "minProperties") return size_check(c, k, true);
  if (k.name == "maxProperties") return size_check(c, k, false);
  if (k.name == "propertyNames" && c.has(Draft::d6)) return names_check(c, k);
  if (k.name == "dependencies") return dependencies_check(c, k, true, true);
  if (k.name == "dependentRequired" && c.has(Draft::d2019)) return dependencies_check(c, k, true, false);
  if (k.name == "dependentSchemas" && c.has(Draft::d2019)) return dependencies_check(c, k, false, true);
  if (k.name == "required") {
    PACKHOUSE_TRY(const Names names, names_of(c, k.name, k.value));
    return [names](const Value& v, Run& run) {
      if (v.is(Kind::map)) check_required(names, v, run);
    };
  }
  return std::nullopt;
}

}  // namespace packhouse::datapacker::schema
