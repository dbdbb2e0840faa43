#include <algorithm>

#include "cypher/procedures/apoc/apoc.hpp"
#include "cypher/procedures/later_rows.hpp"

namespace packhouse::cypher::apoc {
namespace {

std::string was(const Value& v) { return ", but was " + std::string(type_name(v.kind())); }

Procedure make(std::string_view name, std::string description, ProcedureMode mode, std::vector<ProcedureArgument> arguments,
               std::vector<ProcedureColumn> columns) {
  Procedure p;
  p.name = name;
  p.description = std::move(description);
  p.mode = mode;
  p.arguments = std::move(arguments);
  p.columns = std::move(columns);
  return p;
}

/// Entities given as themselves, by id, or in a list.
template <class Id, class Of>
std::vector<Id> entities(const Call& call, const Value& given, Kind kind, const Of& of) {
  std::vector<Id> out;
  const auto one = [&](const Value& v) {
    if (v.is_null()) return;
    if (!v.is(kind) && !v.is(Kind::integer))
      call.refuse("expected a " + std::string(type_name(kind)) + ", its id, or a list of these" + was(v));
    out.push_back(of(v));
  };
  if (!given.is(Kind::list)) {
    one(given);
  } else {
    for (const Value& v : given.as_list()) one(v);
  }
  return out;
}

}  // namespace

void failed(std::string_view procedure, const std::string& why) {
  throw QueryError(Status::procedure_call_failed, "Failed to invoke procedure `" + std::string(procedure) +
                                                      "`: Caused by: java.lang.RuntimeException: " + why);
}

std::string_view Call::text(std::size_t i, std::string_view what) const {
  if (!values_[i].is(Kind::string)) refuse("'" + std::string(what) + "' must be a STRING" + was(values_[i]));
  return values_[i].as_string();
}

std::vector<std::string_view> Call::texts(std::size_t i, std::string_view what) const {
  std::vector<std::string_view> out;
  if (values_[i].is(Kind::string)) return {values_[i].as_string()};
  for (const Value& v : list(i, what)) {
    if (v.is_null()) continue;
    if (!v.is(Kind::string)) refuse("'" + std::string(what) + "' must hold STRINGs only" + was(v));
    out.push_back(v.as_string());
  }
  return out;
}

std::span<const Value> Call::list(std::size_t i, std::string_view what) const {
  if (values_[i].is_null()) return {};
  if (!values_[i].is(Kind::list)) refuse("'" + std::string(what) + "' must be a LIST" + was(values_[i]));
  return values_[i].as_list();
}

std::span<const MapEntry> Call::map(std::size_t i, std::string_view what) const {
  if (values_[i].is_null()) return {};
  if (!values_[i].is(Kind::map)) refuse("'" + std::string(what) + "' must be a MAP" + was(values_[i]));
  return values_[i].as_map();
}

std::int64_t Call::integer(std::size_t i, std::string_view what) const {
  if (!values_[i].is(Kind::integer)) refuse("'" + std::string(what) + "' must be an INTEGER" + was(values_[i]));
  return values_[i].as_integer();
}

std::vector<NodeId> Call::nodes(ExecContext& c, std::size_t i) const {
  return entities<NodeId>(*this, values_[i], Kind::node, [&](const Value& v) {
    const NodeId id = v.is(Kind::node) ? v.as_node() : NodeId{static_cast<std::uint64_t>(v.as_integer())};
    if (!or_throw(c.tx.node(id))) throw QueryError(Status::entity_not_found, "Node " + std::to_string(raw(id)) + " not found");
    return id;
  });
}

std::vector<RelId> Call::relationships(ExecContext& c, std::size_t i) const {
  return entities<RelId>(*this, values_[i], Kind::relationship, [&](const Value& v) {
    const RelId id = v.is(Kind::relationship) ? v.as_relationship() : RelId{static_cast<std::uint64_t>(v.as_integer())};
    if (!or_throw(c.tx.relationship(id)))
      throw QueryError(Status::entity_not_found, "Relationship " + std::to_string(raw(id)) + " not found");
    return id;
  });
}

Config::Config(std::string_view procedure, const Value& map) : procedure_(procedure) {
  if (map.is_null()) return;
  if (!map.is(Kind::map)) refuse("the config must be a MAP" + was(map));
  for (const auto& [key, value] : map.as_map()) left_.emplace(key, value);
}

std::optional<Value> Config::take(std::string_view name) {
  const auto it = left_.find(name);
  if (it == left_.end()) return std::nullopt;
  const Value v = it->second;
  left_.erase(it);
  return v.is_null() ? std::nullopt : std::optional(v);
}

std::int64_t Config::integer(std::string_view name, std::int64_t fallback) {
  const auto v = take(name);
  if (!v) return fallback;
  if (!v->is(Kind::integer)) refuse("'" + std::string(name) + "' must be an INTEGER" + was(*v));
  return v->as_integer();
}

bool Config::flag(std::string_view name, bool fallback) {
  const auto v = take(name);
  if (!v) return fallback;
  if (!v->is(Kind::boolean)) refuse("'" + std::string(name) + "' must be a BOOLEAN" + was(*v));
  return v->is_true();
}

std::string Config::text(std::string_view name, std::string_view fallback) {
  const auto v = take(name);
  if (!v) return std::string(fallback);
  if (!v->is(Kind::string)) refuse("'" + std::string(name) + "' must be a STRING" + was(*v));
  return std::string(v->as_string());
}

std::vector<std::string> Config::texts(std::string_view name) {
  const auto v = take(name);
  if (!v) return {};
  const auto one = [&](const Value& item) {
    if (!item.is(Kind::string)) refuse("'" + std::string(name) + "' must hold STRINGs only" + was(item));
    return std::string(item.as_string());
  };
  if (!v->is(Kind::list)) return {one(*v)};
  std::vector<std::string> out;
  std::ranges::transform(v->as_list(), std::back_inserter(out), one);
  return out;
}

void Config::done() const {
  if (!left_.empty()) refuse("the config has an entry that is not supported here: '" + std::string(left_.begin()->first) + "'");
}

Value text(Arena& arena, std::string_view s) { return Value::string(arena.copy(s)); }

Value list(Arena& arena, std::span<const Value> items) {
  const auto out = arena.array<Value>(items.size());
  std::ranges::copy(items, out.begin());
  return Value::list(out);
}

Value map(Arena& arena, std::span<const MapEntry> entries) {
  const auto out = arena.array<MapEntry>(entries.size());
  std::ranges::copy(entries, out.begin());
  return Value::map(out);
}

Value texts(Arena& arena, std::span<const std::string> items) {
  const auto out = arena.array<Value>(items.size());
  std::ranges::transform(items, out.begin(), [&](const std::string& s) { return text(arena, s); });
  return Value::list(out);
}

ProcedureArgument optional_map(std::string name) {
  return {.name = std::move(name), .type = Type::map, .default_value = "{}", .has_default = true, .fallback = Value::map({})};
}
ProcedureArgument config_argument(std::string name) { return optional_map(std::move(name)); }

void Family::add(std::string_view name, std::string description, ProcedureMode mode, std::vector<ProcedureArgument> arguments,
                 std::vector<ProcedureColumn> columns, Open open) {
  Procedure p = make(name, std::move(description), mode, std::move(arguments), std::move(columns));
  p.open = [name = std::string(name), open](ExecContext& c, Arguments a) { return open(c, Call(name, a)); };
  registry_.add(std::move(p));
}

void Family::add_long(std::string_view name, std::string description, ProcedureMode mode,
                      std::vector<ProcedureArgument> arguments, std::vector<ProcedureColumn> columns, Open open) {
  Procedure p = make(name, std::move(description), mode, std::move(arguments), std::move(columns));
  p.open = [name = std::string(name), open](ExecContext&, Arguments a) -> Rows {
    // The arguments are the caller's, and stay as long as these rows.
    return std::make_unique<LaterRows>([name, open, a](ExecContext& later) { return open(later, Call(name, a)); });
  };
  p.alone = mode == ProcedureMode::write;  // a query given as text may do anything
  registry_.add(std::move(p));
}

}  // namespace packhouse::cypher::apoc

namespace packhouse::cypher {

void add_apoc_procedures(ProcedureRegistry& registry) {
  for (auto* add : {apoc::add_meta_tables, apoc::add_meta_schema, apoc::add_meta_graph, apoc::add_schema, apoc::add_merge,
                    apoc::add_create, apoc::add_util, apoc::add_refactor, apoc::add_path,
                    apoc::add_cypher}) {
    add(registry);
  }
}

}  // namespace packhouse::cypher
