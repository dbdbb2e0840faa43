#pragma once
#include <memory>
#include <optional>

#include "base/buffer.hpp"
#include "base/sha256.hpp"
#include "objects/manifest.hpp"
#include "objects/registry.hpp"

namespace packhouse::objects {

/// The bytes of a content, checked on the way: the last piece is held back until size and digest are known to be right, so
/// that a damaged content never comes to its end.
class CheckedSource final : public ByteSource {
 public:
  CheckedSource(std::unique_ptr<ByteSource> bytes, const ContentRecord& content) : bytes_(std::move(bytes)), hash_(content.hash), size_(content.size) {}
  Result<std::optional<Bytes>> next() override;

 private:
  Result<bool> read();

  std::unique_ptr<ByteSource> bytes_;
  Digest hash_;
  std::uint64_t size_;
  Sha256 seen_;
  Buffer now_, ahead_;
  bool started_ = false, ended_ = false;
};

/// One content of an object, item by item, at the pace of whoever asks. Values other than bytes and text are one item.
class ContentReader final : public ItemSource {
 public:
  static Result<std::unique_ptr<ContentReader>> open(storage::Cells& cells, const Registry& registry, const ObjectId& object,
                                                     const ContentRecord& content);
  Result<std::optional<Value>> next(Arena& arena) override;
  const ContentRecord& content() const { return content_; }
  /// Whether it never holds all of the content at once.
  bool in_pieces() const { return items_ != nullptr; }

 private:
  ContentReader(const ObjectId& object, const ContentRecord& content) : object_(object), content_(content) {}
  Result<std::optional<Value>> next_item(Arena& arena);
  Result<std::optional<Value>> whole(Arena& arena);

  ObjectId object_;
  ContentRecord content_;
  std::unique_ptr<CheckedSource> bytes_;
  std::unique_ptr<ItemDecoder> items_;      ///< of a stream, or of bytes and text
  const Serializer* serializer_ = nullptr;  ///< of another value
  bool done_ = false;
};

/// Looks whether the bytes of a content are what was saved, piece by piece, and keeps none of them.
class ContentCheck {
 public:
  ContentCheck(storage::Cells& cells, const Registry& registry, const ObjectId& object, const ContentRecord& content)
      : cells_(cells), registry_(registry), object_(object), content_(content) {}
  /// Reads a piece; false when that was the last, and all of them are right. Errors name object, content and storage.
  Result<bool> next();

 private:
  Result<bool> read();

  storage::Cells& cells_;
  const Registry& registry_;
  ObjectId object_;
  ContentRecord content_;
  std::unique_ptr<CheckedSource> bytes_;
};

/// The bytes of a content, from wherever they are kept.
Result<std::unique_ptr<CheckedSource>> open_bytes(storage::Cells& cells, const Registry& registry, const ContentRecord& content);
/// All bytes of a content, digest and size checked.
Result<void> read_whole(storage::Cells& cells, const Registry& registry, const ContentRecord& content, Buffer& out);

}  // namespace packhouse::objects
