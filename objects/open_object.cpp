#include "objects/open_object.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

#include "codec/packos/codec.hpp"
#include "objects/keys.hpp"

namespace packhouse::objects {
namespace {

using keys::Table;

tl::unexpected<Error> damaged() { return fail(Status::storage_failed, "the record of an object that is being written is damaged"); }

bool has_kinds(const Value& v, std::initializer_list<Kind> kinds) {
  return v.is(Kind::list) && std::ranges::equal(v.as_list(), kinds, [](const Value& item, Kind k) { return item.is(k); });
}

std::string stream_key(const ObjectId& id, std::string_view field) { return keys::key(Table::open_stream, id, field); }

Value text_value(std::string_view s) { return Value::string(s); }

}  // namespace

Result<ObjectStore::OpenObject> ObjectStore::OpenObject::read(const ObjectId& id, Bytes cell) {
  Arena arena;
  PACKHOUSE_TRY(const Value v, packos::decode(cell, arena));
  if (!has_kinds(v, {Kind::bytes, Kind::integer, Kind::map, Kind::string, Kind::map})) return damaged();
  const auto items = v.as_list();
  OpenObject out;
  out.id = id;
  out.class_id.bytes = keys::object_of(items[0].as_bytes()).bytes;
  out.owner = static_cast<std::uint64_t>(items[1].as_integer());
  for (const auto& [key, value] : items[2].as_map()) out.options.save.tags.emplace_back(key, value.is(Kind::string) ? value.as_string() : "");
  out.options.save.storage = items[3].as_string();
  for (const auto& [field, wishes] : items[4].as_map()) {
    if (!has_kinds(wishes, {Kind::string, Kind::string})) return damaged();
    out.options.contents[std::string(field)] = {std::string(wishes.as_list()[0].as_string()), std::string(wishes.as_list()[1].as_string()), {}};
  }
  return out;
}

Result<void> ObjectStore::OpenObject::write(Buffer& out) const {
  Arena arena;
  std::vector<MapEntry> tags, contents;
  for (const auto& [key, value] : options.save.tags) tags.push_back({key, text_value(value)});
  for (const auto& [field, w] : options.contents) {
    const std::array<Value, 2> wishes{text_value(w.serializer), text_value(w.storage)};
    contents.push_back({field, deep_copy(Value::list(wishes), arena)});
  }
  const std::array<Value, 5> all{Value::bytes(class_id.view()), Value::integer(static_cast<std::int64_t>(owner)), Value::map(tags),
                                 text_value(options.save.storage), Value::map(contents)};
  return packos::encode(Value::list(all), out);
}

Result<ObjectStore::OpenStream> ObjectStore::OpenStream::read(Bytes cell) {
  Arena arena;
  PACKHOUSE_TRY(const Value v, packos::decode(cell, arena));
  if (!has_kinds(v, {Kind::integer, Kind::integer, Kind::integer, Kind::bytes, Kind::string, Kind::string})) return damaged();
  const auto items = v.as_list();
  OpenStream out;
  out.owner = static_cast<std::uint64_t>(items[0].as_integer());
  out.items = static_cast<std::uint64_t>(items[1].as_integer());
  out.blob = storage::BlobId{static_cast<std::uint64_t>(items[2].as_integer())};
  if (items[3].as_bytes().size() != sizeof out.hash) return damaged();
  std::memcpy(&out.hash, items[3].as_bytes().data(), sizeof out.hash);
  out.serializer = items[4].as_string();
  out.storage = items[5].as_string();
  return out;
}

Result<void> ObjectStore::OpenStream::write(Buffer& out) const {
  const std::array<Value, 6> all{Value::integer(static_cast<std::int64_t>(owner)), Value::integer(static_cast<std::int64_t>(items)),
                                 Value::integer(static_cast<std::int64_t>(raw(blob))), Value::bytes(std::as_bytes(std::span(&hash, 1))),
                                 text_value(serializer), text_value(storage)};
  return packos::encode(Value::list(all), out);
}

/// Transactions are numbered anew in each process. What one of an earlier process began and committed is not to be taken
/// for begun by the one that has its number now.
std::uint64_t ObjectStore::owner_of(std::uint64_t transaction) {
  static const std::uint64_t process = [] {
    std::random_device random;
    return std::uint64_t{random()} << 32 | random();
  }();
  return process ^ transaction;
}

Result<ObjectId> ObjectStore::create(const StorableClass& c, const OpenOptions& options) {
  OpenObject open;
  open.id = options.save.id ? *options.save.id : fresh_object_id(options.save.now);
  open.class_id = c.id;
  open.owner = owner_;
  open.options = options;
  PACKHOUSE_TRY(open.options.save.tags, checked_tags(options.save.tags));
  PACKHOUSE_CHECK(claim(open.id));
  PACKHOUSE_TRY(const auto there, find_open(open.id));
  if (there) return fail(Status::argument_error, "The object " + text(open.id) + " is being written already");
  for (const auto& [field, wishes] : options.contents) {
    if (!wishes.serializer.empty()) PACKHOUSE_CHECK(registry_.stream_serializer(wishes.serializer));
    if (!wishes.storage.empty()) PACKHOUSE_CHECK(registry_.storage(wishes.storage));
  }
  Buffer cell;
  PACKHOUSE_CHECK(open.write(cell));
  PACKHOUSE_CHECK(cells_.put_cell(as_bytes(keys::key(Table::open_object, open.id)), cell));
  return open.id;
}

Result<std::optional<ObjectStore::OpenObject>> ObjectStore::find_open(const ObjectId& id) {
  PACKHOUSE_TRY(const auto cell, cells_.cell(as_bytes(keys::key(Table::open_object, id))));
  if (!cell) return std::nullopt;
  PACKHOUSE_TRY(OpenObject open, OpenObject::read(id, *cell));
  return open;
}

Result<ObjectStore::OpenObject> ObjectStore::open_object(const ObjectId& id) {
  PACKHOUSE_TRY(auto open, find_open(id));
  if (!open) {
    return fail(Status::argument_error, "The object " + text(id) + " is not being written: object.create begins one, in the same transaction");
  }
  if (open->owner == owner_) return std::move(*open);
  return fail(Status::argument_error, "The object " + text(id) + " was begun in another transaction, which ended without finishing it");
}

Result<std::optional<ObjectStore::OpenStream>> ObjectStore::find_stream(const ObjectId& id, std::string_view field) {
  PACKHOUSE_TRY(const auto cell, cells_.cell(as_bytes(stream_key(id, field))));
  if (!cell) return std::nullopt;
  PACKHOUSE_TRY(OpenStream stream, OpenStream::read(*cell));
  return stream;
}

/// What was said of a stream when the object was created, or by the unpacker that was declared for its class.
Result<Wishes> ObjectStore::wishes_for(const OpenObject& open, std::string_view field) {
  Wishes w;
  PACKHOUSE_TRY(const StorableClass c, definitions_.storable_class(open.class_id));
  PACKHOUSE_TRY(const auto unpacker, definitions_.unpacker(c.unpacker));
  if (const auto* map = dynamic_cast<const MapUnpacker*>(unpacker.get())) {
    const FieldRule* rule = map->declaration().find(field);
    if (rule != nullptr && rule->stream) w = rule->wishes;
    if (rule == nullptr && map->declaration().strict) {
      return fail(Status::argument_error, "field '" + std::string(field) + "' is not declared by " + c.unpacker);
    }
  }
  if (const auto it = open.options.contents.find(std::string(field)); it != open.options.contents.end()) {
    if (!it->second.serializer.empty()) w.serializer = it->second.serializer;
    if (!it->second.storage.empty()) w.storage = it->second.storage;
  }
  return w;
}

Result<ObjectStore::OpenStream> ObjectStore::begin_stream(const OpenObject& open, std::string_view field, const Wishes& w, const Value* first) {
  OpenStream stream;
  stream.owner = owner_;
  const StreamSerializer* serializer = nullptr;
  if (!w.serializer.empty()) {
    PACKHOUSE_TRY(serializer, registry_.stream_serializer(w.serializer));
  } else if (first != nullptr) {
    PACKHOUSE_TRY(serializer, registry_.stream_serializer_for(*first));
  } else {
    return fail(Status::argument_error, "The stream '" + std::string(field) + "' is empty, so that no serializer can be chosen for it: name one");
  }
  PACKHOUSE_TRY(const Storage* storage, storage_of(w, open.options.save));
  stream.serializer = serializer->name();
  stream.storage = storage->name();
  PACKHOUSE_TRY(stream.blob, cells_.create_blob());
  Buffer start;
  PACKHOUSE_CHECK(serializer->begin(start));
  stream.hash.add(start);
  if (!start.empty()) PACKHOUSE_CHECK(cells_.append_blob(stream.blob, start));
  return stream;
}

Result<void> ObjectStore::keep(const ObjectId& id, std::string_view field, const OpenStream& stream) {
  Buffer cell;
  PACKHOUSE_CHECK(stream.write(cell));
  return cells_.put_cell(as_bytes(stream_key(id, field)), cell);
}

Result<std::uint64_t> ObjectStore::append(const ObjectId& id, std::string_view field, const Value& item) {
  constexpr std::size_t longest_field = 300;
  if (field.empty() || field.size() > longest_field) {
    return fail(Status::argument_error, "a stream's name has 1 to " + std::to_string(longest_field) + " bytes");
  }
  PACKHOUSE_TRY(const OpenObject open, open_object(id));
  PACKHOUSE_TRY(auto stream, find_stream(id, field));
  if (!stream) {
    PACKHOUSE_TRY(const Wishes w, wishes_for(open, field));
    PACKHOUSE_TRY(stream, begin_stream(open, field, w, &item));
  }
  PACKHOUSE_TRY(const StreamSerializer* serializer, registry_.stream_serializer(stream->serializer));
  Buffer bytes;
  PACKHOUSE_CHECK(serializer->item(item, stream->items, bytes));
  ++stream->items;
  stream->hash.add(bytes);
  PACKHOUSE_CHECK(cells_.append_blob(stream->blob, bytes));
  PACKHOUSE_CHECK(keep(id, field, *stream));
  return stream->hash.size();
}

Result<ContentRecord> ObjectStore::end_stream(OpenStream& stream, const OpenObject& open, const Expected& expected) {
  PACKHOUSE_TRY(const StreamSerializer* serializer, registry_.stream_serializer(stream.serializer));
  PACKHOUSE_TRY(const Storage* storage, registry_.storage(stream.storage));
  Buffer rest;
  PACKHOUSE_CHECK(serializer->end(stream.items, rest));
  stream.hash.add(rest);
  if (!rest.empty()) PACKHOUSE_CHECK(cells_.append_blob(stream.blob, rest));
  ContentRecord c;
  c.content_type = serializer->content_type();
  c.content_encoding = serializer->content_encoding();
  c.serializer = serializer->name();
  c.serializer_type = SerializerType::stream;
  c.storage = storage->name();
  c.hash = stream.hash.digest();
  c.size = stream.hash.size();
  if (expected.size && *expected.size != c.size) {
    return fail(Status::argument_error, "the stream ended after " + std::to_string(c.size) + " of " + std::to_string(*expected.size) + " bytes");
  }
  if (expected.hash && *expected.hash != c.hash) {
    return fail(Status::argument_error, "the stream's digest should be " + expected.hash->hex() + " and is " + c.hash.hex());
  }
  PACKHOUSE_TRY(c.storage_config, storage->put_blob(cells_, stream.blob, {c.hash, c.size},
                                                    {serializer->content_type(), serializer->content_encoding(), serializer->extension(),
                                                     open.options.save.tags}));
  return c;
}

Result<std::vector<std::pair<std::string, ObjectStore::OpenStream>>> ObjectStore::streams_of(const ObjectId& id) {
  std::vector<std::pair<std::string, OpenStream>> out;
  const std::string low = stream_key(id, {});
  PACKHOUSE_TRY(const auto cursor, cells_.scan_cells(as_bytes(low), as_bytes(keys::behind(low))));
  for (storage::kv::Entry entry;;) {
    PACKHOUSE_TRY(const bool more, cursor->next(entry));
    if (!more) return out;
    PACKHOUSE_TRY(OpenStream stream, OpenStream::read(entry.value));
    out.emplace_back(as_text(entry.key.subspan(low.size())), std::move(stream));
  }
}

Result<ManifestRecord> ObjectStore::finish(const ObjectId& id, const Value& value, const std::map<std::string, Expected>& expected, Instant now) {
  PACKHOUSE_TRY(const OpenObject open, open_object(id));
  PACKHOUSE_TRY(auto streams, streams_of(id));
  const auto begun = [&](std::string_view field) { return std::ranges::find(streams, field, [](const auto& s) -> std::string_view { return s.first; }); };
  for (const auto& [field, wishes] : open.options.contents) {  // those that were announced and got nothing
    if (begun(field) != streams.end()) continue;
    PACKHOUSE_TRY(const Wishes w, wishes_for(open, field));
    PACKHOUSE_TRY(OpenStream stream, begin_stream(open, field, w, nullptr));
    streams.emplace_back(field, std::move(stream));
  }
  for (const auto& [field, what] : expected) {
    if (begun(field) == streams.end()) return fail(Status::argument_error, "there is no stream '" + field + "'");
  }
  StorableValue object(open.class_id, value);
  for (auto& [field, stream] : streams) {
    const auto it = expected.find(field);
    auto content = end_stream(stream, open, it == expected.end() ? Expected{} : it->second);
    if (!content) return tl::make_unexpected(std::move(content).error().in("stream '" + field + "': "));
    object.streams.push_back({field, nullptr, std::make_shared<const ContentRecord>(std::move(*content))});
    PACKHOUSE_CHECK(cells_.erase_cell(as_bytes(stream_key(id, field))));
  }
  PACKHOUSE_CHECK(cells_.erase_cell(as_bytes(keys::key(Table::open_object, id))));
  SaveOptions options = open.options.save;
  options.id = id;
  options.now = now;
  return save(object, options);
}

}  // namespace packhouse::objects
