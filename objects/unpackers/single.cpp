#include "objects/unpackers/single.hpp"

#include "objects/registry.hpp"

namespace packhouse::objects {
namespace {

constexpr std::string_view item = "item";

Result<const StorableValue*> value_of(const Storable& object, std::string_view unpacker) {
  if (const auto* v = dynamic_cast<const StorableValue*>(&object)) return v;
  return fail(Status::type_error, std::string(unpacker) + " does not know objects of this class");
}

Result<const LoadedContent*> item_of(const Repacking& from) {
  if (const LoadedContent* content = from.find(item)) return content;
  return fail(Status::storage_failed, "an object of class " + from.storable_class.name + " is damaged: it has no content 'item'");
}

}  // namespace

Value describe_stream(const ContentRecord& content, Arena& arena) {
  const auto out = arena.array<MapEntry>(4);
  ::new (&out[0]) MapEntry{"content", Value::string(arena.copy(content.key))};
  ::new (&out[1]) MapEntry{"type", Value::string(arena.copy(content.content_type))};
  ::new (&out[2]) MapEntry{"size", Value::integer(static_cast<std::int64_t>(content.size))};
  ::new (&out[3]) MapEntry{"serializer", Value::string(arena.copy(content.serializer))};
  return Value::map(out);
}

Result<UnpackedObject> ValueUnpacker::unpack_object(const Storable& object, const Registry&) const {
  PACKHOUSE_TRY(const StorableValue* v, value_of(object, name()));
  if (!v->streams.empty()) return fail(Status::type_error, "packhouse.value@v1 takes a value, found a stream");
  UnpackedObject out;
  out.add(std::string(item), UnpackedValue{v->value, v->wishes});
  return out;
}

Result<std::unique_ptr<Storable>> ValueUnpacker::repack_object(Repacking& from) const {
  PACKHOUSE_TRY(const LoadedContent* content, item_of(from));
  return std::make_unique<StorableValue>(from.storable_class.id, content->value);
}

Result<UnpackedObject> StreamUnpacker::unpack_object(const Storable& object, const Registry&) const {
  PACKHOUSE_TRY(const StorableValue* v, value_of(object, name()));
  UnpackedObject out;
  if (v->streams.empty()) {
    if (!v->value.is(Kind::list)) {
      return fail(Status::type_error, "packhouse.stream@v1 takes a list of items, found " + std::string(type_name(v->value.kind())));
    }
    out.add(std::string(item), UnpackedValueStream{std::make_shared<ListSource>(v->value), v->wishes, nullptr});
    return out;
  }
  const StreamField& s = v->streams.front();
  if (v->streams.size() > 1 || s.field != item) {
    return fail(Status::argument_error, "packhouse.stream@v1 takes one stream, named 'item', found '" + v->streams.back().field + "'");
  }
  out.add(std::string(item), UnpackedValueStream{s.items, v->wishes, s.stored});
  return out;
}

Result<std::unique_ptr<Storable>> StreamUnpacker::repack_object(Repacking& from) const {
  PACKHOUSE_TRY(const LoadedContent* content, item_of(from));
  auto out = std::make_unique<StorableValue>(from.storable_class.id, Value());
  if (content->items != nullptr) {
    out->streams.push_back({std::string(item), content->items, nullptr});
  } else {
    out->value = describe_stream(*content->record, from.arena);
  }
  return out;
}

}  // namespace packhouse::objects
