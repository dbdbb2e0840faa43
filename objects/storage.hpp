#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/sha256.hpp"
#include "objects/manifest.hpp"
#include "objects/streams.hpp"
#include "storage/cells.hpp"

namespace packhouse::objects {

/// What a storage is told about a content besides its bytes.
struct ContentFacts {
  std::string_view content_type, content_encoding, extension;
  const Tags& tags;
};

/// Digest and size of a stream, known when it was read to its end.
struct StreamDigest {
  Digest hash;
  std::uint64_t size = 0;
};

/// What collect() found without an owner and removed.
struct Collected {
  std::uint64_t pieces = 0, bytes = 0;
};

/// Keeps the bytes of contents. What it writes belongs to the transaction whose cells it gets: bytes that are kept elsewhere
/// must not be taken for stored until a cell of that transaction says so, and are collected when none does.
///
/// A storage is told the digest, so that equal contents can be kept once; it counts who refers to them: each put is one
/// reference, each drop gives one back. Used from any thread, with one transaction each.
/// Errors: storage_failed for what is damaged or can't be written; what the caller may not do is type_error.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual std::string_view name() const = 0;

  /// The answer is JSON text, kept with the content; it is all that the others get to find the bytes by.
  virtual Result<std::string> put(storage::Cells& cells, Bytes data, const Digest& hash, const ContentFacts& facts) const = 0;
  /// Reads `data` to its end, and only then asks for the digest.
  virtual Result<std::string> put_stream(storage::Cells& cells, ByteSource& data, const std::function<StreamDigest()>& digest,
                                         const ContentFacts& facts) const = 0;
  /// A stream that was gathered in a blob of this transaction. The blob is the storage's from then on.
  virtual Result<std::string> put_blob(storage::Cells& cells, storage::BlobId blob, const StreamDigest& digest,
                                       const ContentFacts& facts) const;

  /// The bytes again; the source is good as long as the transaction. What was changed on the way is the reader's to find.
  virtual Result<std::unique_ptr<ByteSource>> get(storage::Cells& cells, const ContentRecord& content) const = 0;
  /// Gives a reference back; the last one's bytes go, with the commit or later by collect().
  virtual Result<void> drop(storage::Cells& cells, const ContentRecord& content) const = 0;
  /// Removes what no transaction owns and nobody has touched for `age` seconds.
  virtual Result<Collected> collect(storage::Cells&, std::int64_t) const { return Collected{}; }
};

/// The bytes of a blob, chunk by chunk.
class BlobSource final : public ByteSource {
 public:
  BlobSource(storage::Cells& cells, storage::BlobId blob) : cells_(cells), blob_(blob) {}
  Result<std::optional<Bytes>> next() override { return cells_.blob_chunk(blob_, chunk_++); }

 private:
  storage::Cells& cells_;
  storage::BlobId blob_;
  std::uint32_t chunk_ = 0;
};

}  // namespace packhouse::objects
