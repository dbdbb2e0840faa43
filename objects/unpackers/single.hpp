#pragma once
#include "objects/unpacker.hpp"

namespace packhouse::objects {

/// Objects that are one value: the content `item`.
class ValueUnpacker final : public Unpacker {
 public:
  std::string_view name() const override { return "packhouse.value@v1"; }
  Result<UnpackedObject> unpack_object(const Storable& object, const Registry& registry) const override;
  Result<std::unique_ptr<Storable>> repack_object(Repacking& from) const override;
};

/// Objects that are one stream: the content `item`. A list stands for the stream of its items.
class StreamUnpacker final : public Unpacker {
 public:
  std::string_view name() const override { return "packhouse.stream@v1"; }
  Result<UnpackedObject> unpack_object(const Storable& object, const Registry& registry) const override;
  Result<std::unique_ptr<Storable>> repack_object(Repacking& from) const override;
};

/// What stands in an object for a stream that was not read: {content, type, size, serializer}.
Value describe_stream(const ContentRecord& content, Arena& arena);

}  // namespace packhouse::objects
