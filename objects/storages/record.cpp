#include "objects/storages/record.hpp"

namespace packhouse::objects {

Result<std::string> RecordStorage::put(storage::Cells&, Bytes data, const Digest&, const ContentFacts& facts) const {
  if (facts.content_type != "application/json") {
    return fail(Status::type_error,
                "packhouse.record@v1 only supports JSON content types, got '" + std::string(facts.content_type) + "'");
  }
  if (data.size() > most_bytes) {
    return fail(Status::argument_error, "packhouse.record@v1 supports a maximum size of " + std::to_string(most_bytes) +
                                            " bytes, got " + std::to_string(data.size()));
  }
  return std::string(as_text(data));
}

Result<std::string> RecordStorage::put_stream(storage::Cells&, ByteSource&, const std::function<StreamDigest()>&,
                                              const ContentFacts&) const {
  return fail(Status::type_error, "packhouse.record@v1 does not support streams");
}

Result<std::unique_ptr<ByteSource>> RecordStorage::get(storage::Cells&, const ContentRecord& content) const {
  return std::make_unique<SingleSource>(as_bytes(content.storage_config));
}

}  // namespace packhouse::objects
