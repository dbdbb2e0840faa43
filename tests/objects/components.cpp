#include "tests/objects/components.hpp"

namespace packhouse::objects::test {

ClassId Attrs::class_id() const { return must(parse_class_id("abc12300")).id; }

Result<UnpackedObject> AttrsUnpacker::unpack_object(const Storable& object, const Registry&) const {
  const auto* attrs = dynamic_cast<const Attrs*>(&object);
  if (attrs == nullptr) return fail(Status::type_error, name_ + " takes Attrs only");
  const auto wishes = [&](std::string_view field) {
    const auto it = wishes_.find(std::string(field));
    return it == wishes_.end() ? Wishes{} : it->second;
  };
  UnpackedObject out;
  for (const auto& [key, value] : attrs->fields.as_map()) out.add(std::string(key), UnpackedValue{value, wishes(key)});
  for (const auto& [key, items] : attrs->streams) out.add(key, UnpackedValueStream{items, wishes(key), nullptr});
  return out;
}

Result<std::unique_ptr<Storable>> AttrsUnpacker::repack_object(Repacking& from) const {
  std::vector<MapEntry> fields;
  auto out = std::make_unique<Attrs>(Value::map({}));
  for (const LoadedContent& c : from.contents) {
    if (c.items) {
      out->streams.emplace_back(c.record->key, c.items);
    } else {
      fields.push_back({c.record->key, c.value});
    }
  }
  out->fields = deep_copy(Value::map(fields), from.arena);
  return out;
}

Result<std::string> OddStorage::put(storage::Cells&, Bytes, const Digest&, const ContentFacts& facts) const {
  if (oddity_ != Oddity::tells_tags) return fail(Status::storage_failed, "disk full");
  std::string seen = "\"";
  for (const auto& [key, value] : facts.tags) seen += key + "=" + value;
  return seen + '"';
}

Result<std::string> OddStorage::put_stream(storage::Cells&, ByteSource& data, const std::function<StreamDigest()>& digest,
                                           const ContentFacts&) const {
  if (oddity_ != Oddity::stops_early) return fail(Status::storage_failed, "disk full");
  PACKHOUSE_CHECK(data.next());
  return '"' + digest().hash.hex() + '"';
}

Result<std::unique_ptr<ByteSource>> OddStorage::get(storage::Cells&, const ContentRecord&) const {
  return fail(Status::storage_failed, "nothing is kept here");
}

std::unique_ptr<Registry> test_registry(std::string_view default_storage) {
  auto r = built_in_registry();
  must(r->add(std::shared_ptr<const Unpacker>(std::make_shared<AttrsUnpacker>())));
  must(r->add(StorableClass{Attrs(Value()).class_id(), "Attrs", "example.attrs@v1"}));
  const auto add = [&](std::string name, OddStorage::Oddity oddity) {
    must(r->add(std::shared_ptr<const Storage>(std::make_shared<OddStorage>(std::move(name), oddity))));
  };
  add("test.full@v1", OddStorage::Oddity::full_disk);
  add("test.partial-stream@v1", OddStorage::Oddity::stops_early);
  add("test.tagspy@v1", OddStorage::Oddity::tells_tags);
  if (default_storage != "packhouse.folder@v1") must(r->set_default_storage(default_storage));
  return r;
}

}  // namespace packhouse::objects::test
