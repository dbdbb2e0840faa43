#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "objects/content_reader.hpp"
#include "objects/definitions.hpp"
#include "objects/manifest.hpp"
#include "objects/registry.hpp"

namespace packhouse::objects {

struct SaveOptions {
  Tags tags;
  std::optional<ObjectId> id;  ///< one that is there already is refused
  std::string storage;         ///< for contents that name none; empty: the registry's default
  Instant now;
};

struct LoadOptions {
  std::string expected_class;                ///< name or id; empty: any
  bool streams = false;                      ///< false: streams are only told of, see LoadedContent
  std::size_t most_bytes = ~std::size_t{0};  ///< of all contents together and of their values; more is out_of_memory
};

/// An object that was read, and all that it refers to.
struct LoadedObject {
  ManifestRecord manifest;
  StorableClass storable_class;
  std::unique_ptr<Storable> object;
  std::vector<std::string> notes;  ///< what changed since it was saved: fields that are unknown or missing (U4)
  std::vector<Buffer> bytes;
  std::shared_ptr<Arena> arena = std::make_shared<Arena>();
};

/// What list() looks for; empty members match all.
struct ObjectFilter {
  std::optional<ClassId> class_id;
  Tags tags;
};

/// Walks over objects in the order of their ids, which is that of their making.
class ObjectCursor {
 public:
  ObjectCursor(storage::Cells& cells, ObjectFilter filter, std::unique_ptr<storage::CellCursor> cursor)
      : cells_(cells), filter_(std::move(filter)), cursor_(std::move(cursor)) {}
  Result<std::optional<ManifestRecord>> next();
  /// Looks at one object more, for callers that want to pause: found when it is wanted, and `out` has it.
  enum class Step : std::uint8_t { found, passed, end };
  Result<Step> step(ManifestRecord& out);

 private:
  bool matches(const ManifestRecord& m) const;
  storage::Cells& cells_;
  ObjectFilter filter_;
  std::unique_ptr<storage::CellCursor> cursor_;
};

/// Saves, loads and deletes objects within one transaction: nothing of it is seen by others, or kept, unless that commits (U2).
/// Cheap to make; used by one thread, as the transaction.
class ObjectStore {
 public:
  /// `transaction` tells the transactions of this process apart.
  ObjectStore(storage::Cells& cells, const Registry& registry, std::uint64_t transaction)
      : cells_(cells), registry_(registry), definitions_(cells, registry), owner_(owner_of(transaction)) {}

  Definitions& definitions() { return definitions_; }

  // ---- save.cpp ----
  /// Takes the object apart and writes its contents and its manifest. An error leaves nothing behind.
  Result<ManifestRecord> save(const Storable& object, const SaveOptions& options);
  /// Each by itself, in the order given: those that fail leave nothing, the others are saved. Undoing all of them is for the
  /// caller, who has the transaction. An error that only a repetition can mend ends it at once.
  Result<std::vector<Result<ManifestRecord>>> save_many(std::span<const Storable* const> objects, const SaveOptions& options);

  // ---- load.cpp ----
  Result<ManifestRecord> manifest(const ObjectId& id);
  /// Digests are checked: contents that changed or are missing are an error that names object, content and storage (U1).
  Result<LoadedObject> load(ManifestRecord manifest, const LoadOptions& options);
  Result<LoadedObject> load(const ObjectId& id, const LoadOptions& options);
  /// One content, item by item or, when it is a value, as one item; bytes and text come in pieces.
  Result<std::unique_ptr<ContentReader>> open_content(const ObjectId& id, std::string_view content);
  Result<std::unique_ptr<ObjectCursor>> list(const ObjectFilter& filter);

  // ---- remove.cpp ----
  /// False when there is no such object. Its contents go with their last reference (U6).
  Result<bool> remove(const ObjectId& id);
  /// Removes what nobody owns: streams that were begun and never finished, and what storages find untouched for `age` seconds.
  Result<Collected> collect(std::int64_t age);

  // ---- written over many calls: open_object.cpp ----
  struct OpenOptions {
    SaveOptions save;
    std::map<std::string, Wishes> contents;  ///< of streams, by field
  };
  /// Begins an object whose streams come later. Only this transaction can go on with it.
  Result<ObjectId> create(const StorableClass& storable_class, const OpenOptions& options);
  /// Adds an item (for streams of bytes or text: a piece) to one of its streams; returns the stream's size in bytes so far.
  Result<std::uint64_t> append(const ObjectId& id, std::string_view field, const Value& item);
  /// What the streams must have come to; others are an error.
  struct Expected {
    std::optional<std::uint64_t> size;
    std::optional<Digest> hash;
  };
  /// Saves it, with the fields of `value` besides the streams.
  Result<ManifestRecord> finish(const ObjectId& id, const Value& value, const std::map<std::string, Expected>& expected, Instant now);

 private:
  struct OpenObject;
  struct OpenStream;
  struct Content;

  static std::uint64_t owner_of(std::uint64_t transaction);

  Result<ContentRecord> put(std::string_view key, const UnpackedContent& content, const SaveOptions& options);
  Result<ContentRecord> put_value(const UnpackedValue& content, const SaveOptions& options);
  Result<ContentRecord> put_stream(std::string_view key, const UnpackedValueStream& content, const SaveOptions& options);
  Result<void> put_contents(UnpackedObject& unpacked, const SaveOptions& options, std::vector<ContentRecord>& out);
  Result<void> put_manifest(const ManifestRecord& m);
  Result<const Storage*> storage_of(const Wishes& wishes, const SaveOptions& options) const;
  Result<void> drop(const ContentRecord& content);
  Result<void> claim(const ObjectId& id);
  Result<LoadedContent> load_content(const ContentRecord& content, const LoadOptions& options, LoadedObject& out, std::size_t& room);

  Result<std::optional<OpenObject>> find_open(const ObjectId& id);
  Result<OpenObject> open_object(const ObjectId& id);
  Result<std::optional<OpenStream>> find_stream(const ObjectId& id, std::string_view field);
  Result<OpenStream> begin_stream(const OpenObject& open, std::string_view field, const Wishes& given, const Value* first);
  Result<Wishes> wishes_for(const OpenObject& open, std::string_view field);
  Result<void> keep(const ObjectId& id, std::string_view field, const OpenStream& stream);
  Result<ContentRecord> end_stream(OpenStream& stream, const OpenObject& open, const Expected& expected);
  Result<std::vector<std::pair<std::string, OpenStream>>> streams_of(const ObjectId& id);
  Result<Collected> collect_open();

  storage::Cells& cells_;
  const Registry& registry_;
  Definitions definitions_;
  std::uint64_t owner_;  ///< of objects that are being written: this transaction of this process
};

/// What an error within one content is about: "object …, content 'x', storage y: ".
std::string where(const ObjectId& id, const ContentRecord& content);

/// Tags as they are kept: ascending, unique, no empty keys. Argument_error for others.
Result<Tags> checked_tags(Tags tags);

}  // namespace packhouse::objects
