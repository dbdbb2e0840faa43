#pragma once
#include "objects/object_store.hpp"

// What is kept between the requests that write one object: cells of the transaction, so that its savepoints and its rollback
// hold for them too.
namespace packhouse::objects {

/// An object that was begun with create().
struct ObjectStore::OpenObject {
  ObjectId id;
  ClassId class_id;
  std::uint64_t owner = 0;
  OpenOptions options;

  static Result<OpenObject> read(const ObjectId& id, Bytes cell);
  Result<void> write(Buffer& out) const;
};

/// One of its streams, as far as it was written.
struct ObjectStore::OpenStream {
  std::uint64_t owner = 0, items = 0;
  storage::BlobId blob{};
  Sha256 hash;  ///< its state, good in this process only; another one can't go on with the transaction either
  std::string serializer, storage;

  static Result<OpenStream> read(Bytes cell);
  Result<void> write(Buffer& out) const;
};

}  // namespace packhouse::objects
