#include "objects/unpackers/map.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "objects/registry.hpp"
#include "objects/unpackers/single.hpp"

namespace packhouse::objects {
namespace {

constexpr std::string_view body_key = "body", prefix = "ref/";
constexpr std::size_t long_string = 1024, long_list = 4096;  // bytes
constexpr int most_levels = 500;

/// About how many bytes a value has when it is written, counted up to long_list.
std::size_t estimate(const Value& v, std::size_t sum = 0, int levels = most_levels) {
  sum += 4;
  if (sum > long_list || levels == 0) return sum;
  if (v.is(Kind::string)) sum += v.as_string().size();
  if (v.is(Kind::bytes)) sum += v.as_bytes().size();
  if (v.is(Kind::vector)) sum += v.vector_data().size();
  if (v.is(Kind::list)) {
    for (const Value& item : v.as_list()) {
      if (sum > long_list) return sum;
      sum = estimate(item, sum, levels - 1);
    }
  }
  if (v.is(Kind::map)) {
    for (const auto& [key, item] : v.as_map()) {
      if (sum > long_list) return sum;
      sum = estimate(item, sum + key.size(), levels - 1);
    }
  }
  return sum;
}

bool fits(const Value& v, int levels) {
  if (levels == 0) return false;
  switch (v.kind()) {
    case Kind::real: return std::isfinite(v.as_real());
    case Kind::list: return std::ranges::all_of(v.as_list(), [&](const Value& item) { return fits(item, levels - 1); });
    case Kind::map: return std::ranges::all_of(v.as_map(), [&](const MapEntry& e) { return fits(e.value, levels - 1); });
    default: return KindSet::json().has(v.kind());
  }
}

/// JSON where it can carry the value, otherwise PackStream.
std::string carrier(const Value& v) { return fits_json(v) ? "packhouse.json.value@v1" : "packhouse.packstream.value@v1"; }

tl::unexpected<Error> damaged(const Repacking& from, std::string_view what) {
  return fail(Status::storage_failed, "an object of class " + from.storable_class.name + " is damaged: " + std::string(what));
}

template <class T>
Value copied(std::vector<T>& items, Arena& arena, Value (*make)(std::span<const T>)) {
  const auto out = arena.array<T>(items.size());
  std::ranges::copy(items, out.begin());
  return make(out);
}

}  // namespace

bool fits_json(const Value& v) { return fits(v, most_levels); }

const FieldRule* Declaration::find(std::string_view field) const {
  const auto it = std::ranges::find(fields, field, &FieldRule::field);
  return it == fields.end() ? nullptr : &*it;
}

MapUnpacker::MapUnpacker() { declaration_.name = "packhouse.map@v1"; }

Result<std::optional<UnpackedContent>> MapUnpacker::own_content(const MapEntry& field) const {
  const FieldRule* rule = declaration_.find(field.key);
  const Value& v = field.value;
  if (rule == nullptr && declaration_.strict) {
    return fail(Status::argument_error, "field '" + std::string(field.key) + "' is not declared by " + declaration_.name);
  }
  Wishes wishes = rule != nullptr ? rule->wishes : Wishes{};
  if (rule != nullptr && rule->stream) return UnpackedValueStream{std::make_shared<ListSource>(v), std::move(wishes), nullptr};
  if (!wishes.serializer.empty() || !wishes.storage.empty()) {
    if (wishes.serializer.empty() && (v.is(Kind::list) || v.is(Kind::map))) wishes.serializer = carrier(v);
    return UnpackedValue{v, std::move(wishes)};
  }
  if (v.is(Kind::bytes) || v.is(Kind::vector)) return UnpackedValue{v, {}};
  if (v.is(Kind::string) && v.as_string().size() > long_string) return UnpackedValue{v, {.serializer = "packhouse.text@v1"}};
  if ((v.is(Kind::list) || v.is(Kind::map)) && estimate(v) > long_list) return UnpackedValue{v, {.serializer = carrier(v)}};
  return std::nullopt;
}

// The body is {"fields": {...}, "refs": {field: content}}: a field is either here or there.
Result<UnpackedObject> MapUnpacker::unpack_object(const Storable& object, const Registry&) const {
  const auto* map = dynamic_cast<const StorableValue*>(&object);
  if (map == nullptr || (!map->value.is(Kind::map) && !(map->value.is_null() && !map->streams.empty()))) {
    return fail(Status::type_error, declaration_.name + " takes maps" +
                                        (map != nullptr ? ", found " + std::string(type_name(map->value.kind())) : std::string()));
  }
  UnpackedObject out;
  std::vector<MapEntry> fields, refs;
  std::vector<std::pair<std::string, UnpackedContent>> contents;
  const auto refer = [&](std::string_view field, UnpackedContent content) {
    const std::string_view key = out.arena.copy(std::string(prefix).append(field));
    refs.push_back({out.arena.copy(field), Value::string(key)});
    contents.emplace_back(key, std::move(content));
  };
  if (map->value.is(Kind::map)) {
    for (const MapEntry& field : map->value.as_map()) {
      PACKHOUSE_TRY(auto content, own_content(field));
      if (content) {
        refer(field.key, std::move(*content));
      } else {
        fields.push_back(field);
      }
    }
  }
  for (const StreamField& s : map->streams) {
    if (map->value.is(Kind::map) && packhouse::find(map->value.as_map(), s.field) != nullptr) {
      return fail(Status::argument_error, "field '" + s.field + "' is there twice: as a stream and as a value");
    }
    if (declaration_.strict && declaration_.find(s.field) == nullptr) {
      return fail(Status::argument_error, "field '" + s.field + "' is not declared by " + declaration_.name);
    }
    const FieldRule* rule = declaration_.find(s.field);
    refer(s.field, UnpackedValueStream{s.items, rule != nullptr ? rule->wishes : Wishes{}, s.stored});
  }
  const std::array body{MapEntry{"fields", copied(fields, out.arena, &Value::map)}, MapEntry{"refs", copied(refs, out.arena, &Value::map)}};
  const auto entries = out.arena.array<MapEntry>(body.size());
  std::ranges::copy(body, entries.begin());
  const Value whole = Value::map(entries);
  out.add(std::string(body_key), UnpackedValue{whole, {.serializer = carrier(whole)}});
  std::ranges::move(contents, std::back_inserter(out.contents));
  return out;
}

Result<std::unique_ptr<Storable>> MapUnpacker::repack_object(Repacking& from) const {
  const LoadedContent* body = from.find(body_key);
  if (body == nullptr || !body->value.is(Kind::map)) return damaged(from, "it has no body");
  const Value *fields = packhouse::find(body->value.as_map(), "fields"), *refs = packhouse::find(body->value.as_map(), "refs");
  if (fields == nullptr || refs == nullptr || !fields->is(Kind::map) || !refs->is(Kind::map)) return damaged(from, "its body");
  auto out = std::make_unique<StorableValue>(from.storable_class.id, Value());
  std::vector<MapEntry> all(fields->as_map().begin(), fields->as_map().end());
  for (const auto& [field, key] : refs->as_map()) {
    const LoadedContent* content = key.is(Kind::string) ? from.find(key.as_string()) : nullptr;
    if (content == nullptr) return damaged(from, "field '" + std::string(field) + "' has no content");
    if (content->items != nullptr) {
      out->streams.push_back({std::string(field), content->items, nullptr});
    } else {
      all.push_back({field, content->record->serializer_type == SerializerType::stream ? describe_stream(*content->record, from.arena)
                                                                                      : content->value});
    }
  }
  out->value = copied(all, from.arena, &Value::map);
  return out;
}

Value evolve(const Value& object, const Declaration& before, const Declaration& now, Arena& arena, std::vector<std::string>& notes) {
  const bool changed = before.name != now.name;
  if (!object.is(Kind::map) || (!changed && !now.strict)) return object;
  std::vector<MapEntry> fields(object.as_map().begin(), object.as_map().end());
  for (const MapEntry& f : fields) {
    if (now.find(f.key) == nullptr && (now.strict || before.find(f.key) != nullptr)) {
      notes.push_back("field '" + std::string(f.key) + "', stored by " + before.name + ", is unknown to " + now.name);
    }
  }
  for (const FieldRule& rule : now.fields) {
    if (find(object.as_map(), rule.field) != nullptr) continue;
    notes.push_back("field '" + rule.field + "' of " + now.name + " is missing" + (rule.fallback ? ": it has its default" : ""));
    if (rule.fallback) fields.push_back({arena.copy(rule.field), deep_copy(*rule.fallback, arena)});
  }
  return copied(fields, arena, &Value::map);
}

}  // namespace packhouse::objects
