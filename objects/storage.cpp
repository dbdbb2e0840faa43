#include "objects/storage.hpp"

namespace packhouse::objects {

Result<std::string> Storage::put_blob(storage::Cells& cells, storage::BlobId blob, const StreamDigest& digest,
                                      const ContentFacts& facts) const {
  BlobSource source(cells, blob);
  PACKHOUSE_TRY(std::string config, put_stream(cells, source, [&] { return digest; }, facts));
  PACKHOUSE_CHECK(cells.drop_blob(blob));
  return config;
}

}  // namespace packhouse::objects
