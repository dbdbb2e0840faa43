#include <algorithm>

#include "objects/keys.hpp"
#include "objects/object_store.hpp"

namespace packhouse::objects {
namespace {

using keys::Table;

tl::unexpected<Error> no_object(const ObjectId& id) {
  return fail(Status::entity_not_found, "There is no object with the id " + text(id));
}

const Declaration* declaration_of(const Unpacker& u) {
  const auto* map = dynamic_cast<const MapUnpacker*>(&u);
  return map != nullptr ? &map->declaration() : nullptr;
}

}  // namespace

Result<ManifestRecord> ObjectStore::manifest(const ObjectId& id) {
  PACKHOUSE_TRY(const auto cell, cells_.cell(as_bytes(keys::key(Table::manifest, id))));
  if (!cell) return no_object(id);
  auto m = decode_manifest(id, *cell);
  if (!m) return tl::make_unexpected(std::move(m).error().in("object " + text(id) + ": "));
  return m;
}

Result<LoadedContent> ObjectStore::load_content(const ContentRecord& content, const LoadOptions& options, LoadedObject& out,
                                                std::size_t& room) {
  LoadedContent loaded;
  loaded.record = &content;
  if (content.serializer_type == SerializerType::stream) {
    PACKHOUSE_CHECK(registry_.stream_serializer(content.serializer));
    if (!options.streams) return loaded;
    PACKHOUSE_TRY(loaded.items, ContentReader::open(cells_, registry_, out.manifest.id, content));
    return loaded;
  }
  const auto take = [&](std::uint64_t bytes) -> Result<void> {
    if (bytes > room) {
      return fail(Status::out_of_memory, "it has " + std::to_string(content.size) + " bytes, which is more than may be read at once: open it");
    }
    room -= bytes;
    return ok;
  };
  PACKHOUSE_CHECK(take(content.size));
  const std::size_t before = out.arena->footprint();
  PACKHOUSE_TRY(const Serializer* serializer, registry_.serializer(content.serializer));
  Buffer bytes;
  PACKHOUSE_CHECK(read_whole(cells_, registry_, content, bytes));
  PACKHOUSE_TRY(loaded.value, serializer->decode(bytes, content.serializer_config, *out.arena));
  PACKHOUSE_CHECK(take(out.arena->footprint() - before));
  out.bytes.push_back(std::move(bytes));
  return loaded;
}

Result<LoadedObject> ObjectStore::load(const ObjectId& id, const LoadOptions& options) {
  PACKHOUSE_TRY(ManifestRecord m, manifest(id));
  return load(std::move(m), options);
}

Result<LoadedObject> ObjectStore::load(ManifestRecord manifest, const LoadOptions& options) {
  LoadedObject out;
  out.manifest = std::move(manifest);
  const ManifestRecord& m = out.manifest;
  const ObjectId& id = m.id;
  PACKHOUSE_TRY(out.storable_class, definitions_.storable_class(m.class_id));
  if (!options.expected_class.empty()) {
    PACKHOUSE_TRY(const StorableClass expected, definitions_.storable_class(options.expected_class));
    if (expected.id != m.class_id) {
      return fail(Status::type_error, "Expected an object of class " + expected.name + ", but " + text(id) + " is of class " +
                                          out.storable_class.name);
    }
  }
  PACKHOUSE_TRY(const auto unpacker, definitions_.unpacker(m.unpacker));
  Repacking from{out.storable_class, {}, registry_, *out.arena, out.notes};
  std::size_t room = options.most_bytes;
  for (const ContentRecord& content : m.contents) {
    auto loaded = load_content(content, options, out, room);
    if (!loaded) {
      const std::string place = where(id, content);
      const bool told = loaded.error().message().starts_with(place);
      return tl::make_unexpected(told ? std::move(loaded).error() : std::move(loaded).error().in(place));
    }
    from.contents.push_back(std::move(*loaded));
  }
  PACKHOUSE_TRY(out.object, unpacker->repack_object(from));
  auto* value = dynamic_cast<StorableValue*>(out.object.get());
  const Declaration* before = declaration_of(*unpacker);
  if (value == nullptr || before == nullptr) return out;
  PACKHOUSE_TRY(const auto current, definitions_.unpacker(out.storable_class.unpacker));
  const Declaration* now = declaration_of(*current);
  if (now != nullptr) value->value = evolve(value->value, *before, *now, *out.arena, out.notes);
  return out;
}

Result<std::unique_ptr<ContentReader>> ObjectStore::open_content(const ObjectId& id, std::string_view content) {
  PACKHOUSE_TRY(const ManifestRecord m, manifest(id));
  const ContentRecord* record = m.find(content);
  if (record == nullptr) record = m.find("ref/" + std::string(content));
  if (record == nullptr) {
    return fail(Status::entity_not_found, "object " + text(id) + " has no content '" + std::string(content) + "'");
  }
  return ContentReader::open(cells_, registry_, id, *record);
}

Result<std::unique_ptr<ObjectCursor>> ObjectStore::list(const ObjectFilter& filter) {
  std::string low = keys::key(Table::manifest);
  if (!filter.tags.empty()) {
    low = keys::tagged(filter.tags.front().first, filter.tags.front().second);
  } else if (filter.class_id) {
    low = keys::key(Table::by_class, *filter.class_id);
  }
  PACKHOUSE_TRY(auto cursor, cells_.scan_cells(as_bytes(low), as_bytes(keys::behind(low))));
  return std::make_unique<ObjectCursor>(cells_, filter, std::move(cursor));
}

Result<ObjectCursor::Step> ObjectCursor::step(ManifestRecord& out) {
  storage::kv::Entry entry;
  PACKHOUSE_TRY(const bool more, cursor_->next(entry));
  if (!more) return Step::end;
  const ObjectId id = keys::object_of(entry.key);
  PACKHOUSE_TRY(const auto cell, cells_.cell(as_bytes(keys::key(Table::manifest, id))));
  if (!cell) return Step::passed;  // removed since by this transaction
  auto m = decode_manifest(id, *cell);
  if (!m) return tl::make_unexpected(std::move(m).error().in("object " + text(id) + ": "));
  if (!matches(*m)) return Step::passed;
  out = std::move(*m);
  return Step::found;
}

Result<std::optional<ManifestRecord>> ObjectCursor::next() {
  for (ManifestRecord m;;) {
    PACKHOUSE_TRY(const Step step, this->step(m));
    if (step == Step::end) return std::nullopt;
    if (step == Step::found) return m;
  }
}

bool ObjectCursor::matches(const ManifestRecord& m) const {
  if (filter_.class_id && m.class_id != *filter_.class_id) return false;
  return std::ranges::all_of(filter_.tags, [&](const auto& tag) { return std::ranges::find(m.tags, tag) != m.tags.end(); });
}

}  // namespace packhouse::objects
