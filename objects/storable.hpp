#pragma once
#include <memory>
#include <string>
#include <vector>

#include "objects/manifest.hpp"
#include "objects/names.hpp"
#include "objects/streams.hpp"
#include "value/value.hpp"

namespace packhouse::objects {

/// A class whose objects can be saved.
struct StorableClass {
  ClassId id;            ///< its identity for ever
  std::string name;      ///< may change
  std::string unpacker;  ///< name of the one that takes its objects apart from now on
};

/// What can be saved. C++ programs derive from it and bring an Unpacker that knows the derived class; what comes over Bolt is
/// a StorableValue.
class Storable {
 public:
  virtual ~Storable() = default;
  virtual ClassId class_id() const = 0;
};

/// How a content is written; what is left empty is chosen: the serializer by the value, the storage is the default one.
struct Wishes {
  std::string serializer, storage;
  std::string config;  ///< of the serializer, as JSON text
};

/// A stream within a StorableValue: still to be read, or in the store already.
struct StreamField {
  std::string field;
  std::shared_ptr<ItemSource> items;
  std::shared_ptr<const ContentRecord> stored;
};

/// An object without a C++ class: a value, a map mostly, and streams, which are fields beside those of the map.
class StorableValue final : public Storable {
 public:
  StorableValue(ClassId id, const Value& v) : value(v), id_(id) {}
  ClassId class_id() const override { return id_; }

  Value value;  ///< memory is the caller's
  std::vector<StreamField> streams;
  Wishes wishes;  ///< for an object that is one content

 private:
  ClassId id_;
};

}  // namespace packhouse::objects
