#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "objects/storable.hpp"

namespace packhouse::objects {

class Registry;

/// One content of an object that is a value.
struct UnpackedValue {
  Value value;
  Wishes wishes;
};

/// One content that is a stream. Naming the serializer is recommended: without it the first item decides, so that an empty
/// stream, or one whose first item no serializer takes, is an error only once the stream has been opened.
struct UnpackedValueStream {
  std::shared_ptr<ItemSource> items;
  Wishes wishes;
  std::shared_ptr<const ContentRecord> stored;  ///< in the store already: `items` and `wishes` don't matter
};

using UnpackedContent = std::variant<UnpackedValue, UnpackedValueStream>;

/// An object taken apart: contents by name, in order; names are unique.
struct UnpackedObject {
  std::vector<std::pair<std::string, UnpackedContent>> contents;
  Arena arena;  ///< for values that the unpacker makes

  void add(std::string name, UnpackedContent content) { contents.emplace_back(std::move(name), std::move(content)); }
};

/// One content as it was read back. A stream is null where nobody asked for streams: then it is only told of.
struct LoadedContent {
  const ContentRecord* record = nullptr;
  Value value;
  std::shared_ptr<ItemSource> items;
};

/// What repacking works with.
struct Repacking {
  const StorableClass& storable_class;
  std::vector<LoadedContent> contents;
  const Registry& registry;
  Arena& arena;                     ///< lives as long as the object
  std::vector<std::string>& notes;  ///< what the caller should be told: fields that are unknown or missing

  const LoadedContent* find(std::string_view name) const;
};

/// Takes the objects of a family of classes apart and puts them together again. Its name is for good, and so is what it can
/// read: another layout is another unpacker, `x@v2`, and `x@v1` stays registered for what it wrote. Immutable.
class Unpacker {
 public:
  virtual ~Unpacker() = default;
  virtual std::string_view name() const = 0;
  /// Type_error for an object that this unpacker does not know.
  virtual Result<UnpackedObject> unpack_object(const Storable& object, const Registry& registry) const = 0;
  virtual Result<std::unique_ptr<Storable>> repack_object(Repacking& from) const = 0;
};

}  // namespace packhouse::objects
