#include <algorithm>

#include "cypher/procedures/object.hpp"
#include "objects/serializers/config.hpp"

namespace packhouse::cypher {

namespace {

/// Takes what a value holds off `room`, until that is not enough: however large the value is, it is soon known.
bool fits(const Value& v, std::uint64_t& room) {
  constexpr std::uint64_t each = 32;  // bytes that small values take, about
  std::uint64_t size = each;
  if (v.is(Kind::bytes)) size += v.as_bytes().size();
  if (v.is(Kind::string)) size += v.as_string().size();
  if (v.is(Kind::vector)) size += v.vector_data().size();
  if (size > room) return false;
  room -= size;
  if (v.is(Kind::list)) return std::ranges::all_of(v.as_list(), [&](const Value& item) { return fits(item, room); });
  return !v.is(Kind::map) || std::ranges::all_of(v.as_map(), [&](const MapEntry& e) { return fits(e.value, room); });
}

}  // namespace

bool is_large(const Value& v) {
  std::uint64_t room = most_at_once;
  return !fits(v, room);
}

ObjectOptions::ObjectOptions(std::string_view procedure, const Value& map) : procedure_(procedure) {
  if (map.is_null()) return;
  if (!map.is(Kind::map)) refuse("expected options as a map, found " + std::string(type_name(map.kind())));
  for (const auto& [key, value] : map.as_map()) left_[key] = value;
}

void ObjectOptions::refuse(const std::string& what) const { throw QueryError(Status::argument_error, procedure_ + ": " + what); }

std::optional<Value> ObjectOptions::take(std::string_view name, Kind kind) {
  const auto it = left_.find(name);
  if (it == left_.end()) return std::nullopt;
  const Value taken = it->second;
  left_.erase(it);
  if (taken.is_null()) return std::nullopt;
  if (!taken.is(kind)) {
    refuse("option '" + std::string(name) + "' is a " + std::string(type_name(kind)) + ", found " + std::string(type_name(taken.kind())));
  }
  return taken;
}

std::string ObjectOptions::text(std::string_view name) {
  const auto v = take(name, Kind::string);
  return v ? std::string(v->as_string()) : std::string();
}

bool ObjectOptions::flag(std::string_view name, bool fallback) {
  const auto v = take(name, Kind::boolean);
  return v ? v->is_true() : fallback;
}

std::optional<objects::ObjectId> ObjectOptions::id() {
  const auto v = take("id", Kind::string);
  if (!v) return std::nullopt;
  return object_id_argument(*v);
}

objects::Tags ObjectOptions::tags() {
  objects::Tags out;
  const auto map = take("tags", Kind::map);
  if (!map) return out;
  for (const auto& [key, value] : map->as_map()) {
    if (!value.is(Kind::string)) refuse("tag '" + std::string(key) + "' is a STRING, found " + std::string(type_name(value.kind())));
    out.emplace_back(key, value.as_string());
  }
  return or_throw(objects::checked_tags(std::move(out)));
}

void ObjectOptions::done() const {
  if (!left_.empty()) refuse("there is no option '" + std::string(left_.begin()->first) + "'");
}

objects::ObjectId object_id_argument(const Value& v) { return or_throw(objects::parse_object_id(text_argument("the id of an object", v))); }

std::string text_argument(std::string_view what, const Value& v) {
  if (v.is(Kind::string)) return std::string(v.as_string());
  throw QueryError(Status::type_error, "Expected " + std::string(what) + " as a STRING, but got " + std::string(type_name(v.kind())));
}

std::string config_argument(const std::optional<Value>& map) { return map ? or_throw(objects::config_text(*map)) : std::string(); }

ProcedureArgument options_argument(std::string name) {
  return {.name = std::move(name), .type = Type::map, .default_value = "{}", .has_default = true, .fallback = Value::map({})};
}

}  // namespace packhouse::cypher
