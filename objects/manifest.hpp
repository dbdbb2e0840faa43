#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/arena.hpp"
#include "base/buffer.hpp"
#include "base/clock.hpp"
#include "base/sha256.hpp"
#include "objects/names.hpp"
#include "value/value.hpp"

namespace packhouse::objects {

/// Text to text, ascending by key; keys are unique.
using Tags = std::vector<std::pair<std::string, std::string>>;

enum class SerializerType : std::uint8_t { value = 1, stream = 2 };

/// Where one content of an object is, and what reads it.
struct ContentRecord {
  std::string key;               ///< unique in its manifest
  std::string content_type;
  std::string content_encoding;  ///< empty: none
  std::string hash_algorithm = "sha256";
  Digest hash;
  std::uint64_t size = 0;        ///< bytes
  std::string serializer;
  std::string serializer_config; ///< JSON text; empty: none
  SerializerType serializer_type = SerializerType::value;
  std::string storage;
  std::string storage_config;    ///< JSON text that the storage made
  bool operator==(const ContentRecord&) const = default;
};

/// How an object is put together again. Never changes once it is written.
struct ManifestRecord {
  ObjectId id;
  ClassId class_id;
  std::string unpacker;
  Tags tags;
  Instant created;
  std::vector<ContentRecord> contents;
  bool operator==(const ManifestRecord&) const = default;

  const ContentRecord* find(std::string_view key) const;
};

/// The record's stored form: a PackOS frame, docs/OBJECTS.md. The id is the cell's key and not in it.
Result<void> encode(const ManifestRecord& m, Buffer& out);
/// Bytes of the store; what does not fit together is Status::storage_failed.
Result<ManifestRecord> decode_manifest(const ObjectId& id, Bytes bytes);

}  // namespace packhouse::objects
