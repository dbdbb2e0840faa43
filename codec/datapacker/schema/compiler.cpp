#include "codec/datapacker/schema/compiler.hpp"

#include <algorithm>
#include <charconv>

#include "codec/datapacker/schema/pattern.hpp"
#include "codec/datapacker/schema/unevaluated.hpp"
#include "codec/datapacker/schema/uri.hpp"

namespace packhouse::datapacker::schema {
namespace {

constexpr std::uint32_t most_levels = 500;  // of subschemas inside each other
constexpr std::size_t most_patterns = 1000;

constexpr std::string_view maps_of_schemas[] = {"properties", "patternProperties", "definitions",
                                                "$defs",      "dependencies",      "dependentSchemas"};
constexpr std::string_view lists_of_schemas[] = {"allOf", "anyOf", "oneOf", "prefixItems", "items"};
constexpr std::string_view single_schemas[] = {
    "not", "if", "then", "else", "items", "additionalItems", "additionalProperties", "contains", "propertyNames",
    "unevaluatedItems", "unevaluatedProperties"};
constexpr std::string_view unsupported[] = {"$dynamicRef", "$recursiveRef"};

bool is_schema(const Value& v) {
  return v.is(Kind::map) || v.is(Kind::boolean);
}

/// One step of a JSON pointer: "~1" is "/", "~0" is "~".
std::string unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1')) {
      out.push_back(step[++i] == '0' ? '~' : '/');
    } else {
      out.push_back(step[i]);
    }
  }
  return out;
}

const Value* child(const Value& v, const std::string& step) {
  if (v.is(Kind::map)) return find(v.as_map(), step);
  if (!v.is(Kind::list)) return nullptr;
  std::size_t i = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), i);
  if (error != std::errc() || end != step.data() + step.size() || i >= v.as_list().size()) return nullptr;
  return &v.as_list()[i];
}

}  // namespace

tl::unexpected<Error> Compiler::refuse(const std::string& why) const {
  return fail(Status::argument_error, "Schema compilation failed: " + why);
}

Result<Draft> Compiler::draft_of(const Value& schema) const {
  const Value* const named = schema.is(Kind::map) ? find(schema.as_map(), "$schema") : nullptr;
  if (!named) return Draft::open;
  if (!named->is(Kind::string)) return refuse("$schema must be a string");
  const std::string_view name = named->as_string();
  constexpr std::pair<std::string_view, Draft> drafts[] = {{"json-schema.org/draft-04/schema", Draft::d4},
                                                           {"json-schema.org/draft-06/schema", Draft::d6},
                                                           {"json-schema.org/draft-07/schema", Draft::d7},
                                                           {"json-schema.org/draft/2019-09/schema", Draft::d2019},
                                                           {"json-schema.org/draft/2020-12/schema", Draft::d2020}};
  for (const auto& [part, draft] : drafts) {
    if (name.find(part) != std::string_view::npos) return draft;
  }
  return refuse("unknown $schema " + show(*named) + ", known are drafts 4, 6, 7, 2019-09 and 2020-12");
}

Result<const Node*> Compiler::compile() {
  if (!is_schema(root_)) return refuse("a schema is a map or a boolean, found " + std::string(type_name(root_.kind())));
  PACKHOUSE_TRY(draft_, draft_of(root_));
  unevaluated_ = has(Draft::d2019) && mentions_unevaluated(root_);
  places_[""] = {&root_, base_of(root_, "")};
  index(root_, "", 0);
  return node(root_, "");
}

std::string Compiler::base_of(const Value& schema, const std::string& outer) const {
  if (!schema.is(Kind::map)) return outer;
  // Before 2019-09, nothing beside a $ref counts.
  if (draft_ < Draft::d2019 && find(schema.as_map(), "$ref")) return outer;
  const Value* const id = find(schema.as_map(), draft_ == Draft::d4 ? "id" : "$id");
  if (!id || !id->is(Kind::string) || id->as_string().starts_with('#')) return outer;
  return split_uri(resolve(outer, id->as_string())).document;
}

void Compiler::index(const Value& schema, const std::string& outer, std::uint32_t depth) {
  if (!schema.is(Kind::map) || schema.as_map().empty() || depth > most_levels) return;
  const std::string base = base_of(schema, outer);
  bases_.emplace(schema.as_map().data(), base);
  if (base != outer) places_.try_emplace(base, &schema, base);
  for (const std::string_view keyword : {"$anchor", "id", "$id"}) {
    const Value* const name = find(schema.as_map(), keyword);
    if (!name || !name->is(Kind::string)) continue;
    const std::string text =
        keyword == "$anchor" ? "#" + std::string(name->as_string()) : std::string(name->as_string());
    if (text.find('#') != std::string::npos && !text.ends_with('#'))
      places_.try_emplace(resolve(outer, text), &schema, base);
  }
  index_children(schema, base, depth);
}

void Compiler::index_children(const Value& schema, const std::string& base, std::uint32_t depth) {
  const auto members = schema.as_map();
  for (const std::string_view key : maps_of_schemas) {
    const Value* const found = find(members, key);
    if (!found || !found->is(Kind::map)) continue;
    for (const MapEntry& e : found->as_map()) index(e.value, base, depth + 1);
  }
  for (const std::string_view key : lists_of_schemas) {
    const Value* const found = find(members, key);
    if (!found || !found->is(Kind::list)) continue;
    for (const Value& item : found->as_list()) index(item, base, depth + 1);
  }
  for (const std::string_view key : single_schemas) {
    if (const Value* const found = find(members, key)) index(*found, base, depth + 1);
  }
}

Result<const Node*> Compiler::refer(std::string_view reference, const std::string& base) {
  const std::string whole = resolve(base, reference);
  const auto unknown = [&] {
    return refuse("the reference " + std::string(reference) +
                  " leads nowhere inside the schema, and nothing is fetched");
  };
  if (const auto named = places_.find(whole); named != places_.end())
    return node(*named->second.first, named->second.second);
  const SplitUri parts = split_uri(whole);
  const auto document = places_.find(parts.document);
  if (document == places_.end()) return unknown();
  const Value* at = document->second.first;
  std::string here = document->second.second;
  std::string_view rest = parts.fragment;
  if (!rest.empty() && !rest.starts_with('/')) return unknown();
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    at = child(*at, unescaped(rest.substr(0, slash)));
    if (!at) return unknown();
    rest.remove_prefix(slash);
    if (const auto known = at->is(Kind::map) ? bases_.find(at->as_map().data()) : bases_.end(); known != bases_.end())
      here = known->second;
  }
  return node(*at, here);
}

Result<Pattern> Compiler::pattern(std::string_view text) {
  if (const auto known = patterns_.find(text); known != patterns_.end()) return known->second;
  if (patterns_.size() == most_patterns) return refuse("more than " + std::to_string(most_patterns) + " patterns");
  PACKHOUSE_TRY(Pattern made, compile_pattern(*this, text));
  return patterns_.emplace(text, std::move(made)).first->second;
}

const Node* Compiler::constant(bool accepts) {
  Node& made = nodes_.emplace_back();
  if (!accepts) {
    made.checks.push_back(
        [](const Value& v, Run& run) { run.fail([&] { return "False schema does not allow " + show(v); }); });
  }
  return &made;
}

Result<const Node*> Compiler::node_or_flag(const Value& schema, const std::string& base) {
  if (schema.is(Kind::boolean)) return constant(schema.as_boolean());
  return node(schema, base);
}

Result<const Node*> Compiler::node(const Value& schema, const std::string& outer) {
  if (schema.is(Kind::boolean)) {
    if (!has(Draft::d6)) return refuse("true and false are schemas only from draft 6 on");
    return constant(schema.as_boolean());
  }
  if (!schema.is(Kind::map)) return refuse("a schema is a map or a boolean, found " + show(schema));
  if (schema.as_map().empty()) return &nodes_.emplace_back();
  const std::string base = base_of(schema, outer);
  const auto [known, is_new] = made_.try_emplace({schema.as_map().data(), base}, nullptr);
  if (!is_new) return known->second;
  if (depth_ >= most_levels) return refuse("subschemas are nested too deeply");
  Node& made = nodes_.emplace_back();
  known->second = &made;
  ++depth_;
  PACKHOUSE_CHECK(fill(made, schema, base));
  --depth_;
  return &made;
}

Result<std::vector<const Node*>> Compiler::nodes(std::string_view keyword, const Value& list, const std::string& base) {
  if (!list.is(Kind::list) || (list.as_list().empty() && keyword != "items"))
    return refuse(std::string(keyword) + " must be a list of schemas, found " + show(list));
  std::vector<const Node*> out;
  for (const Value& item : list.as_list()) {
    PACKHOUSE_TRY(const Node* const made, node(item, base));
    out.push_back(made);
  }
  return out;
}

Result<void> Compiler::fill(Node& made, const Value& schema, const std::string& base) {
  const auto members = schema.as_map();
  const Node* target = nullptr;
  if (const Value* const ref = find(members, "$ref")) {
    if (!ref->is(Kind::string)) return refuse("$ref must be a string, found " + show(*ref));
    PACKHOUSE_TRY(target, refer(ref->as_string(), base));
    made.checks.push_back([target](const Value& v, Run& run) { target->check(v, run); });
    if (draft_ < Draft::d2019)  // nothing beside a $ref counts
      return unevaluated_ ? add_unevaluated(*this, made, {}, base, target) : Result<void>();
  }
  std::vector<const MapEntry*> sorted;  // by name, so that messages come in one order
  for (const MapEntry& e : members) sorted.push_back(&e);
  std::ranges::sort(sorted, {}, [](const MapEntry* e) { return e->key; });
  for (const MapEntry* e : sorted) {
    if (std::ranges::find(unsupported, e->key) != std::end(unsupported))
      return refuse(std::string(e->key) + " is not supported");
    const Keyword keyword{e->key, e->value, members, base};
    for (auto* compile : {compile_number, compile_string, compile_list, compile_map, compile_logic}) {
      PACKHOUSE_TRY(std::optional<Check> check, compile(*this, keyword));
      if (check) made.checks.push_back(std::move(*check));
    }
  }
  if (unevaluated_) return add_unevaluated(*this, made, members, base, target);
  return {};
}

Result<std::uint64_t> size_limit(const Compiler& c, const Keyword& k) {
  if (!is_integer(k.value) || compare(k.value, Value::integer(0)) < 0) {
    return c.refuse(std::string(k.name) + " must be an integer of at least 0, found " + show(k.value));
  }
  if (k.value.is(Kind::integer)) return static_cast<std::uint64_t>(k.value.as_integer());
  return k.value.as_real() < 0x1p63 ? static_cast<std::uint64_t>(k.value.as_real()) : UINT64_MAX;
}

}  // namespace packhouse::datapacker::schema
