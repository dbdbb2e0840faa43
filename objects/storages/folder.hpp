#pragma once
#include <filesystem>

#include "base/output_file.hpp"
#include "objects/storage.hpp"

namespace packhouse::objects {

/// Files in one folder, named by digest and media type (`<sha256>.json`), each kept once however many refer to it. A file is
/// written under another name in `temp/`, synced and renamed, before the transaction commits; what makes it owned is a cell
/// that counts its references. A file that no transaction came to own, or whose last reference was dropped, stays until
/// collect() finds it untouched for long enough: deleting it at once could not be taken back.
class FolderStorage final : public Storage {
 public:
  explicit FolderStorage(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::string_view name() const override { return "packhouse.folder@v1"; }
  Result<std::string> put(storage::Cells& cells, Bytes data, const Digest& hash, const ContentFacts& facts) const override;
  Result<std::string> put_stream(storage::Cells& cells, ByteSource& data, const std::function<StreamDigest()>& digest,
                                 const ContentFacts& facts) const override;
  Result<std::unique_ptr<ByteSource>> get(storage::Cells& cells, const ContentRecord& content) const override;
  Result<void> drop(storage::Cells& cells, const ContentRecord& content) const override;
  Result<Collected> collect(storage::Cells& cells, std::int64_t age) const override;

 private:
  Result<std::string> keep(storage::Cells& cells, OutputFile& file, const StreamDigest& digest, const ContentFacts& facts) const;

  std::filesystem::path folder_;
};

}  // namespace packhouse::objects
