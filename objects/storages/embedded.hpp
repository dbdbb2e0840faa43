#pragma once
#include "objects/storage.hpp"

namespace packhouse::objects {

/// The store itself, in the caller's transaction: equal contents are kept once and counted.
///
///   up to `inline_limit` bytes: within the object's record, not shared
///   up to `cell_limit` bytes:   one cell, under the digest
///   above:                      a blob, which is on disk before the commit; the cell under the digest names it
class EmbeddedStorage final : public Storage {
 public:
  struct Limits {
    std::size_t inline_limit = 128;
    std::size_t cell_limit = storage::blob_chunk_size;
  };
  EmbeddedStorage() = default;
  explicit EmbeddedStorage(Limits limits) : limits_(limits) {}

  std::string_view name() const override { return "packhouse.embedded@v1"; }
  Result<std::string> put(storage::Cells& cells, Bytes data, const Digest& hash, const ContentFacts& facts) const override;
  Result<std::string> put_stream(storage::Cells& cells, ByteSource& data, const std::function<StreamDigest()>& digest,
                                 const ContentFacts& facts) const override;
  Result<std::string> put_blob(storage::Cells& cells, storage::BlobId blob, const StreamDigest& digest,
                               const ContentFacts& facts) const override;
  Result<std::unique_ptr<ByteSource>> get(storage::Cells& cells, const ContentRecord& content) const override;
  Result<void> drop(storage::Cells& cells, const ContentRecord& content) const override;

 private:
  Limits limits_;
};

/// What the store keeps under a digest.
struct DigestEntry {
  std::uint64_t references = 0, size = 0;
  storage::BlobId blob{};  ///< 0: the bytes are in the cell
  Bytes data;              ///< a view of the cell

  static Result<DigestEntry> read(Bytes cell);
};

}  // namespace packhouse::objects
