#include "objects/content_reader.hpp"

#include <utility>

#include "objects/object_store.hpp"

namespace packhouse::objects {
namespace {

/// Large bytes and text are given in pieces, though they were saved as one value.
std::string_view stream_form(std::string_view serializer) {
  if (serializer == "packhouse.bytes@v1") return "packhouse.bytes.stream@v1";
  if (serializer == "packhouse.text@v1") return "packhouse.text.stream@v1";
  return {};
}

}  // namespace

Result<std::unique_ptr<CheckedSource>> open_bytes(storage::Cells& cells, const Registry& registry, const ContentRecord& content) {
  if (content.hash_algorithm != "sha256") {
    return fail(Status::storage_failed, "its digest is of an unknown kind, '" + content.hash_algorithm + "'");
  }
  PACKHOUSE_TRY(const Storage* storage, registry.storage(content.storage));
  PACKHOUSE_TRY(auto bytes, storage->get(cells, content));
  return std::make_unique<CheckedSource>(std::move(bytes), content);
}

/// Fills ahead_; false when there is no more, everything checked.
Result<bool> CheckedSource::read() {
  ahead_.clear();
  PACKHOUSE_TRY(const auto piece, bytes_->next());
  if (piece) {
    seen_.add(*piece);
    if (seen_.size() > size_) return fail(Status::storage_failed, "it is longer than its record says, " + std::to_string(size_) + " bytes");
    ahead_.append(*piece);
    return true;
  }
  if (seen_.size() != size_) {
    return fail(Status::storage_failed, "it ends after " + std::to_string(seen_.size()) + " of " + std::to_string(size_) + " bytes");
  }
  if (seen_.digest() != hash_) {
    return fail(Status::storage_failed, "its bytes have changed: the digest should be " + hash_.hex() + " and is " + seen_.digest().hex());
  }
  return false;
}

Result<std::optional<Bytes>> CheckedSource::next() {
  if (!std::exchange(started_, true)) {
    PACKHOUSE_TRY(const bool any, read());
    ended_ = !any;
  }
  if (ended_) return std::nullopt;
  std::swap(now_, ahead_);
  PACKHOUSE_TRY(const bool more, read());
  ended_ = !more;
  return now_.view();
}

Result<std::unique_ptr<ContentReader>> ContentReader::open(storage::Cells& cells, const Registry& registry, const ObjectId& object,
                                                           const ContentRecord& content) {
  std::unique_ptr<ContentReader> r(new ContentReader(object, content));
  auto bytes = open_bytes(cells, registry, content);
  if (!bytes) return tl::make_unexpected(std::move(bytes).error().in(where(object, content)));
  r->bytes_ = std::move(*bytes);
  const std::string_view pieces = stream_form(content.serializer);
  if (content.serializer_type == SerializerType::stream || !pieces.empty()) {
    const std::string_view name = pieces.empty() ? content.serializer : pieces;
    auto serializer = registry.stream_serializer(name);
    if (!serializer) return tl::make_unexpected(std::move(serializer).error().in(where(object, content)));
    r->items_ = (*serializer)->decoder();
  } else {
    auto serializer = registry.serializer(content.serializer);
    if (!serializer) return tl::make_unexpected(std::move(serializer).error().in(where(object, content)));
    r->serializer_ = *serializer;
  }
  return r;
}

Result<std::optional<Value>> ContentReader::next(Arena& arena) {
  auto item = items_ ? next_item(arena) : whole(arena);
  if (!item) return tl::make_unexpected(std::move(item).error().in(where(object_, content_)));
  return item;
}

Result<std::optional<Value>> ContentReader::next_item(Arena& arena) {
  for (;;) {
    Value v;
    PACKHOUSE_TRY(const auto step, items_->next(arena, v));
    if (step == ItemDecoder::Step::item) return v;
    if (done_) return std::nullopt;
    PACKHOUSE_TRY(const auto piece, bytes_->next());
    if (piece) {
      items_->feed(*piece);
    } else {
      done_ = true;
      items_->finish();
    }
  }
}

Result<std::optional<Value>> ContentReader::whole(Arena& arena) {
  if (std::exchange(done_, true)) return std::nullopt;
  Buffer all;
  for (;;) {
    PACKHOUSE_TRY(const auto piece, bytes_->next());
    if (!piece) break;
    all.append(*piece);
  }
  PACKHOUSE_TRY(const Value v, serializer_->decode(arena.copy(all.view()), content_.serializer_config, arena));
  return v;
}

Result<void> read_whole(storage::Cells& cells, const Registry& registry, const ContentRecord& content, Buffer& out) {
  PACKHOUSE_TRY(const auto bytes, open_bytes(cells, registry, content));
  for (;;) {
    PACKHOUSE_TRY(const auto piece, bytes->next());
    if (!piece) return ok;
    out.append(*piece);
  }
}

Result<bool> ContentCheck::read() {
  if (!bytes_) {
    PACKHOUSE_TRY(bytes_, open_bytes(cells_, registry_, content_));
  }
  PACKHOUSE_TRY(const auto piece, bytes_->next());
  return piece.has_value();
}

Result<bool> ContentCheck::next() {
  auto more = read();
  if (!more) return tl::make_unexpected(std::move(more).error().in(where(object_, content_)));
  return more;
}

}  // namespace packhouse::objects
