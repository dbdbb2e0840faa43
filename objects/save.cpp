#include <algorithm>
#include <set>

#include "objects/keys.hpp"
#include "objects/object_store.hpp"

namespace packhouse::objects {
namespace {

constexpr std::size_t piece_size = std::size_t{1} << 16, longest_key = 400, longest_tag = 1000, most_tags = 100;

/// The bytes of a stream as its items are asked for, about 64 KiB at a time.
class EncodedSource final : public ByteSource {
 public:
  EncodedSource(ItemSource& items, const StreamSerializer& serializer) : items_(items), serializer_(serializer) {}

  /// Before next(): the first item was taken out already, to see what it is.
  void begin_with(const Value& first) { first_ = first; }

  Result<std::optional<Bytes>> next() override {
    out_.clear();
    if (count_ == 0 && !began_) {
      began_ = true;
      PACKHOUSE_CHECK(serializer_.begin(out_));
      if (first_) PACKHOUSE_CHECK(serializer_.item(*first_, count_++, out_));
    }
    while (!ended_ && out_.size() < piece_size) {
      arena_.reset();
      PACKHOUSE_TRY(const auto item, items_.next(arena_));
      if (item) {
        PACKHOUSE_CHECK(serializer_.item(*item, count_++, out_));
      } else {
        ended_ = true;
        PACKHOUSE_CHECK(serializer_.end(count_, out_));
      }
    }
    if (out_.empty()) return std::nullopt;
    return out_.view();
  }

 private:
  ItemSource& items_;
  const StreamSerializer& serializer_;
  std::optional<Value> first_;
  std::uint64_t count_ = 0;
  bool began_ = false, ended_ = false;
  Arena arena_;
  Buffer out_;
};

/// Counts and hashes what passes.
class HashedSource final : public ByteSource {
 public:
  explicit HashedSource(ByteSource& bytes) : bytes_(bytes) {}
  Result<std::optional<Bytes>> next() override {
    PACKHOUSE_TRY(const auto piece, bytes_.next());
    if (piece) {
      hash_.add(*piece);
    } else {
      exhausted_ = true;
    }
    return piece;
  }
  bool exhausted() const { return exhausted_; }
  StreamDigest digest() const { return {hash_.digest(), hash_.size()}; }

 private:
  ByteSource& bytes_;
  Sha256 hash_;
  bool exhausted_ = false;
};

ContentRecord record_of(const SerializerFacts& serializer, SerializerType type, const Storage& storage) {
  ContentRecord c;
  c.content_type = serializer.content_type();
  c.content_encoding = serializer.content_encoding();
  c.serializer = serializer.name();
  c.serializer_type = type;
  c.storage = storage.name();
  return c;
}

ContentFacts facts_of(const SerializerFacts& s, const Tags& tags) {
  return {s.content_type(), s.content_encoding(), s.extension(), tags};
}

Result<void> check_names(const UnpackedObject& unpacked) {
  std::set<std::string_view> names;
  for (const auto& [name, content] : unpacked.contents) {
    if (name.empty() || name.size() > longest_key) {
      return fail(Status::argument_error, "a content's name has 1 to " + std::to_string(longest_key) + " bytes, found " +
                                              std::to_string(name.size()));
    }
    if (!names.insert(name).second) return fail(Status::argument_error, "The unpacker gave two contents the name '" + name + "'");
  }
  return ok;
}

}  // namespace

Result<Tags> checked_tags(Tags tags) {
  if (tags.size() > most_tags) return fail(Status::argument_error, "an object has " + std::to_string(most_tags) + " tags at most");
  std::ranges::sort(tags);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto& [key, value] = tags[i];
    const bool plain = !key.empty() && key.size() + value.size() <= longest_tag && key.find('\0') == std::string::npos;
    if (!plain || (i > 0 && tags[i - 1].first == key)) {
      return fail(Status::argument_error, "tag '" + key.substr(0, 100) + "' can't be kept: keys are unique, not empty, and with their values " +
                                              std::to_string(longest_tag) + " bytes at most");
    }
  }
  return tags;
}

std::string where(const ObjectId& id, const ContentRecord& content) {
  return "object " + text(id) + ", content '" + content.key + "', storage " + content.storage + ": ";
}

Result<const Storage*> ObjectStore::storage_of(const Wishes& wishes, const SaveOptions& options) const {
  if (!wishes.storage.empty()) return registry_.storage(wishes.storage);
  if (!options.storage.empty()) return registry_.storage(options.storage);
  return registry_.default_storage();
}

Result<ContentRecord> ObjectStore::put_value(const UnpackedValue& content, const SaveOptions& options) {
  const Wishes& w = content.wishes;
  PACKHOUSE_TRY(const Serializer* serializer,
                w.serializer.empty() ? registry_.serializer_for(content.value) : registry_.serializer(w.serializer));
  PACKHOUSE_TRY(const Storage* storage, storage_of(w, options));
  ContentRecord c = record_of(*serializer, SerializerType::value, *storage);
  Buffer bytes;
  PACKHOUSE_TRY(c.serializer_config, serializer->encode(content.value, w.config, bytes));
  c.hash = Sha256::of(bytes);
  c.size = bytes.size();
  PACKHOUSE_TRY(c.storage_config, storage->put(cells_, bytes, c.hash, facts_of(*serializer, options.tags)));
  return c;
}

Result<ContentRecord> ObjectStore::put_stream(std::string_view key, const UnpackedValueStream& content, const SaveOptions& options) {
  if (content.stored != nullptr) return *content.stored;
  const Wishes& w = content.wishes;
  PACKHOUSE_TRY(const Storage* storage, storage_of(w, options));
  const StreamSerializer* serializer = nullptr;
  std::optional<Value> first;
  Arena arena;
  if (!w.serializer.empty()) {
    PACKHOUSE_TRY(serializer, registry_.stream_serializer(w.serializer));
  } else {
    PACKHOUSE_TRY(first, content.items->next(arena));
    if (!first) {
      return fail(Status::argument_error, "The stream '" + std::string(key) +
                                              "' is empty, so that no serializer can be chosen for it: name one");
    }
    PACKHOUSE_TRY(serializer, registry_.stream_serializer_for(*first));
  }
  ContentRecord c = record_of(*serializer, SerializerType::stream, *storage);
  EncodedSource encoded(*content.items, *serializer);
  if (first) encoded.begin_with(*first);
  HashedSource hashed(encoded);
  PACKHOUSE_TRY(c.storage_config,
                storage->put_stream(cells_, hashed, [&] { return hashed.digest(); }, facts_of(*serializer, options.tags)));
  const StreamDigest digest = hashed.digest();
  c.hash = digest.hash;
  c.size = digest.size;
  if (hashed.exhausted()) return c;
  PACKHOUSE_CHECK(storage->drop(cells_, c));
  return fail(Status::storage_failed, "Storage '" + c.storage + "' did not fully consume the data stream");
}

Result<ContentRecord> ObjectStore::put(std::string_view key, const UnpackedContent& content, const SaveOptions& options) {
  auto record = std::holds_alternative<UnpackedValue>(content) ? put_value(std::get<UnpackedValue>(content), options)
                                                               : put_stream(key, std::get<UnpackedValueStream>(content), options);
  if (!record) return tl::make_unexpected(std::move(record).error().in("content '" + std::string(key) + "': "));
  record->key = key;
  return record;
}

Result<void> ObjectStore::put_contents(UnpackedObject& unpacked, const SaveOptions& options, std::vector<ContentRecord>& out) {
  PACKHOUSE_CHECK(check_names(unpacked));
  for (const auto& [key, content] : unpacked.contents) {
    PACKHOUSE_TRY(ContentRecord record, put(key, content, options));
    out.push_back(std::move(record));
  }
  return ok;
}

Result<void> ObjectStore::drop(const ContentRecord& content) {
  PACKHOUSE_TRY(const Storage* storage, registry_.storage(content.storage));
  return storage->drop(cells_, content);
}

Result<void> ObjectStore::claim(const ObjectId& id) {
  const std::string key = keys::key(keys::Table::manifest, id);
  PACKHOUSE_CHECK(cells_.lock_cell(as_bytes(key)));
  PACKHOUSE_TRY(const auto there, cells_.cell(as_bytes(key)));
  if (there) return fail(Status::argument_error, "There is already an object with the id " + text(id));
  return ok;
}

Result<void> ObjectStore::put_manifest(const ManifestRecord& m) {
  Buffer bytes;
  PACKHOUSE_CHECK(encode(m, bytes));
  if (bytes.size() > storage::max_cell_value) {
    return fail(Status::argument_error, "the object has too many contents: its record would have " + std::to_string(bytes.size()) + " bytes");
  }
  PACKHOUSE_CHECK(cells_.put_cell(as_bytes(keys::key(keys::Table::manifest, m.id)), bytes));
  PACKHOUSE_CHECK(cells_.put_cell(as_bytes(keys::key(keys::Table::by_class, m.class_id, as_text(m.id.view()))), {}));
  for (const auto& [tag, value] : m.tags) {
    PACKHOUSE_CHECK(cells_.put_cell(as_bytes(keys::tagged(tag, value).append(as_text(m.id.view()))), {}));
  }
  return ok;
}

Result<ManifestRecord> ObjectStore::save(const Storable& object, const SaveOptions& options) {
  PACKHOUSE_TRY(const StorableClass c, definitions_.storable_class(object.class_id()));
  PACKHOUSE_TRY(const auto unpacker, definitions_.unpacker(c.unpacker));
  ManifestRecord m;
  PACKHOUSE_TRY(m.tags, checked_tags(options.tags));
  m.id = options.id ? *options.id : fresh_object_id(options.now);
  if (options.id) PACKHOUSE_CHECK(claim(m.id));
  m.class_id = c.id;
  m.unpacker = c.unpacker;
  m.created = options.now;
  PACKHOUSE_TRY(UnpackedObject unpacked, unpacker->unpack_object(object, registry_));
  auto done = put_contents(unpacked, options, m.contents);
  if (done) done = put_manifest(m);
  if (done) return m;
  if (!done.error().retryable()) {  // else all of the statement is taken back
    for (const ContentRecord& content : m.contents) PACKHOUSE_CHECK(drop(content));
  }
  return tl::make_unexpected(std::move(done).error());
}

Result<std::vector<Result<ManifestRecord>>> ObjectStore::save_many(std::span<const Storable* const> objects, const SaveOptions& options) {
  std::vector<Result<ManifestRecord>> out;
  for (const Storable* object : objects) {
    auto saved = save(*object, options);
    if (!saved && saved.error().retryable()) return tl::make_unexpected(std::move(saved).error());
    out.push_back(std::move(saved));
  }
  return out;
}

}  // namespace packhouse::objects
