#pragma once
#include "objects/storage.hpp"

namespace packhouse::objects {

/// Small JSON contents within the object's record: the JSON is the storage's config itself. No streams, nothing but JSON,
/// 100 KiB at most.
class RecordStorage final : public Storage {
 public:
  static constexpr std::size_t most_bytes = 102'400;

  std::string_view name() const override { return "packhouse.record@v1"; }
  Result<std::string> put(storage::Cells& cells, Bytes data, const Digest& hash, const ContentFacts& facts) const override;
  Result<std::string> put_stream(storage::Cells& cells, ByteSource& data, const std::function<StreamDigest()>& digest,
                                 const ContentFacts& facts) const override;
  Result<std::unique_ptr<ByteSource>> get(storage::Cells& cells, const ContentRecord& content) const override;
  Result<void> drop(storage::Cells&, const ContentRecord&) const override { return ok; }
};

}  // namespace packhouse::objects
