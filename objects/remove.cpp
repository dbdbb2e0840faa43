#include "objects/keys.hpp"
#include "objects/object_store.hpp"
#include "objects/open_object.hpp"

namespace packhouse::objects {

using keys::Table;

Result<bool> ObjectStore::remove(const ObjectId& id) {
  const std::string key = keys::key(Table::manifest, id);
  PACKHOUSE_CHECK(cells_.lock_cell(as_bytes(key)));
  PACKHOUSE_TRY(const auto there, cells_.cell(as_bytes(key)));
  if (!there) return false;
  PACKHOUSE_TRY(const ManifestRecord m, manifest(id));
  for (const ContentRecord& content : m.contents) {
    if (auto dropped = drop(content); !dropped) return tl::make_unexpected(std::move(dropped).error().in(where(id, content)));
  }
  PACKHOUSE_CHECK(cells_.erase_cell(as_bytes(keys::key(Table::by_class, m.class_id, as_text(id.view())))));
  for (const auto& [tag, value] : m.tags) {
    PACKHOUSE_CHECK(cells_.erase_cell(as_bytes(keys::tagged(tag, value).append(as_text(id.view())))));
  }
  PACKHOUSE_CHECK(cells_.erase_cell(as_bytes(key)));
  return true;
}

/// What a transaction began, committed and never finished: nobody can go on with it.
Result<Collected> ObjectStore::collect_open() {
  Collected out;
  std::vector<std::string> gone;
  const std::string streams = keys::key(Table::open_stream), objects = keys::key(Table::open_object);
  PACKHOUSE_TRY(auto cursor, cells_.scan_cells(as_bytes(streams), as_bytes(keys::behind(streams))));
  std::vector<OpenStream> dead;
  for (storage::kv::Entry entry;;) {
    PACKHOUSE_TRY(const bool more, cursor->next(entry));
    if (!more) break;
    PACKHOUSE_TRY(OpenStream stream, OpenStream::read(entry.value));
    if (stream.owner == owner_) continue;
    gone.emplace_back(as_text(entry.key));
    dead.push_back(std::move(stream));
  }
  PACKHOUSE_TRY(cursor, cells_.scan_cells(as_bytes(objects), as_bytes(keys::behind(objects))));
  for (storage::kv::Entry entry;;) {
    PACKHOUSE_TRY(const bool more, cursor->next(entry));
    if (!more) break;
    PACKHOUSE_TRY(const OpenObject open, OpenObject::read(keys::object_of(entry.key), entry.value));
    if (open.owner != owner_) gone.emplace_back(as_text(entry.key));
  }
  for (const std::string& key : gone) {
    PACKHOUSE_CHECK(cells_.lock_cell(as_bytes(key)));
    PACKHOUSE_CHECK(cells_.erase_cell(as_bytes(key)));
  }
  for (const OpenStream& stream : dead) {
    PACKHOUSE_CHECK(cells_.drop_blob(stream.blob));
    out.bytes += stream.hash.size();
  }
  out.pieces = gone.size();
  return out;
}

Result<Collected> ObjectStore::collect(std::int64_t age) {
  PACKHOUSE_TRY(Collected out, collect_open());
  for (const Storage* storage : registry_.storages()) {
    PACKHOUSE_TRY(const Collected found, storage->collect(cells_, age));
    out.pieces += found.pieces;
    out.bytes += found.bytes;
  }
  return out;
}

}  // namespace packhouse::objects
