#include "objects/storages/embedded.hpp"

#include <array>
#include <cstring>

#include "codec/json/typed.hpp"
#include "objects/keys.hpp"
#include "objects/serializers/config.hpp"

// The cell under a digest: version (1 byte), references, size, blob (8 bytes each, little-endian), then the bytes themselves
// when there is no blob.
namespace packhouse::objects {
namespace {

using storage::BlobId;
using storage::Cells;

constexpr std::uint8_t entry_version = 1;
constexpr std::size_t references_at = 1, entry_head = 25;

std::string key_of(const Digest& hash) { return keys::key(keys::Table::digest, hash.view()); }

std::uint64_t number_at(Bytes cell, std::size_t at) {
  std::uint64_t n;
  std::memcpy(&n, cell.data() + at, sizeof n);
  return n;
}

void put_number(Buffer& out, std::uint64_t n) { out.append(std::as_bytes(std::span(&n, 1))); }

/// One more reference to what is there already; false when nothing is.
Result<bool> share(Cells& cells, const std::string& key) {
  PACKHOUSE_CHECK(cells.lock_cell(as_bytes(key)));
  PACKHOUSE_TRY(const auto cell, cells.cell(as_bytes(key)));
  if (!cell) return false;
  PACKHOUSE_TRY(const DigestEntry entry, DigestEntry::read(*cell));
  const std::uint64_t references = entry.references + 1;
  PACKHOUSE_CHECK(cells.patch_cell(as_bytes(key), references_at, std::as_bytes(std::span(&references, 1))));
  return true;
}

Result<void> put_entry(Cells& cells, const std::string& key, std::uint64_t size, BlobId blob, Bytes data) {
  Buffer entry;
  entry.reserve(entry_head + data.size());
  entry.put(entry_version);
  put_number(entry, 1);
  put_number(entry, size);
  put_number(entry, raw(blob));
  entry.append(data);
  return cells.put_cell(as_bytes(key), entry);
}

std::string config_of(const Digest& hash) { return '"' + hash.hex() + '"'; }

Result<std::string> inline_config(Bytes data) {
  const std::string text = codec::json::base64(data);
  return config_text(Value::map(std::array{MapEntry{"inline", Value::string(text)}}));
}

/// Reads a stream: into `start` as long as it has no more than `most` bytes, otherwise into a new blob.
Result<void> gather(Cells& cells, ByteSource& data, std::size_t most, Buffer& start, BlobId& blob) {
  for (;;) {
    PACKHOUSE_TRY(const auto piece, data.next());
    if (!piece) return ok;
    if (raw(blob) == 0 && start.size() + piece->size() <= most) {
      start.append(*piece);
      continue;
    }
    if (raw(blob) == 0) {
      PACKHOUSE_TRY(blob, cells.create_blob());
      PACKHOUSE_CHECK(cells.append_blob(blob, start));
    }
    PACKHOUSE_CHECK(cells.append_blob(blob, *piece));
  }
}

/// Bytes of its own.
class OwnedSource final : public ByteSource {
 public:
  explicit OwnedSource(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::optional<Bytes>> next() override {
    if (std::exchange(done_, true)) return std::nullopt;
    return as_bytes(bytes_);
  }

 private:
  std::string bytes_;
  bool done_ = false;
};

}  // namespace

Result<DigestEntry> DigestEntry::read(Bytes cell) {
  if (cell.size() < entry_head || std::to_integer<std::uint8_t>(cell[0]) != entry_version) {
    return fail(Status::storage_failed, "the entry of a content is damaged");
  }
  DigestEntry e;
  e.references = number_at(cell, references_at);
  e.size = number_at(cell, 9);
  e.blob = BlobId{number_at(cell, 17)};
  e.data = cell.subspan(entry_head);
  return e;
}

Result<std::string> EmbeddedStorage::put(Cells& cells, Bytes data, const Digest& hash, const ContentFacts&) const {
  if (data.size() <= limits_.inline_limit) return inline_config(data);
  const std::string key = key_of(hash);
  PACKHOUSE_TRY(const bool there, share(cells, key));
  if (there) return config_of(hash);
  BlobId blob{};
  if (data.size() > limits_.cell_limit) {
    PACKHOUSE_TRY(blob, cells.create_blob());
    PACKHOUSE_CHECK(cells.append_blob(blob, data));
  }
  PACKHOUSE_CHECK(put_entry(cells, key, data.size(), blob, raw(blob) == 0 ? data : Bytes()));
  return config_of(hash);
}

Result<std::string> EmbeddedStorage::put_stream(Cells& cells, ByteSource& data, const std::function<StreamDigest()>& digest,
                                                const ContentFacts& facts) const {
  Buffer start;
  BlobId blob{};
  if (auto gathered = gather(cells, data, limits_.cell_limit, start, blob); !gathered) {
    if (raw(blob) != 0) PACKHOUSE_CHECK(cells.drop_blob(blob));  // the transaction may go on
    return tl::make_unexpected(std::move(gathered).error());
  }
  const StreamDigest whole = digest();
  if (raw(blob) == 0) return put(cells, start, whole.hash, facts);
  return put_blob(cells, blob, whole, facts);
}

Result<std::string> EmbeddedStorage::put_blob(Cells& cells, BlobId blob, const StreamDigest& digest, const ContentFacts& facts) const {
  if (digest.size <= limits_.cell_limit) {
    Buffer data;
    for (std::uint32_t i = 0;; ++i) {
      PACKHOUSE_TRY(const auto chunk, cells.blob_chunk(blob, i));
      if (!chunk) break;
      data.append(*chunk);
    }
    PACKHOUSE_CHECK(cells.drop_blob(blob));
    return put(cells, data, digest.hash, facts);
  }
  const std::string key = key_of(digest.hash);
  PACKHOUSE_TRY(const bool there, share(cells, key));
  if (there) {
    PACKHOUSE_CHECK(cells.drop_blob(blob));
  } else {
    PACKHOUSE_CHECK(put_entry(cells, key, digest.size, blob, {}));
  }
  return config_of(digest.hash);
}

Result<std::unique_ptr<ByteSource>> EmbeddedStorage::get(Cells& cells, const ContentRecord& content) const {
  if (content.storage_config.starts_with('{')) {
    Arena arena;
    PACKHOUSE_TRY(const Value config, config_map(content.storage_config, arena));
    const Value* text = find(config.as_map(), "inline");
    if (text == nullptr || !text->is(Kind::string)) return fail(Status::storage_failed, "its place is damaged");
    PACKHOUSE_TRY(std::string data, codec::json::from_base64(text->as_string()));
    return std::make_unique<OwnedSource>(std::move(data));
  }
  PACKHOUSE_TRY(const auto cell, cells.cell(as_bytes(key_of(content.hash))));
  if (!cell) return fail(Status::storage_failed, "its bytes are missing");
  PACKHOUSE_TRY(const DigestEntry entry, DigestEntry::read(*cell));
  if (raw(entry.blob) != 0) return std::make_unique<BlobSource>(cells, entry.blob);
  return std::make_unique<OwnedSource>(std::string(as_text(entry.data)));
}

Result<void> EmbeddedStorage::drop(Cells& cells, const ContentRecord& content) const {
  if (content.storage_config.starts_with('{')) return ok;
  const std::string key = key_of(content.hash);
  PACKHOUSE_CHECK(cells.lock_cell(as_bytes(key)));
  PACKHOUSE_TRY(const auto cell, cells.cell(as_bytes(key)));
  if (!cell) return ok;  // lost already: whoever deletes a damaged object must be able to
  PACKHOUSE_TRY(const DigestEntry entry, DigestEntry::read(*cell));
  if (entry.references > 1) {
    const std::uint64_t references = entry.references - 1;
    return cells.patch_cell(as_bytes(key), references_at, std::as_bytes(std::span(&references, 1)));
  }
  if (raw(entry.blob) != 0) PACKHOUSE_CHECK(cells.drop_blob(entry.blob));
  return cells.erase_cell(as_bytes(key));
}

}  // namespace packhouse::objects
