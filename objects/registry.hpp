#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "objects/serializer.hpp"
#include "objects/storage.hpp"
#include "objects/unpacker.hpp"

namespace packhouse::objects {

/// The components that this process has, by name, and the classes that it knows without asking a store. Filled at start;
/// reading is safe from any thread afterwards. Names are unique among components of one sort: a second one is refused.
///
/// Later registration wins where a serializer is chosen by the kind of a value.
class Registry {
 public:
  Registry() = default;

  Result<void> add(std::shared_ptr<const Unpacker> unpacker);
  Result<void> add(std::shared_ptr<const Serializer> serializer);
  Result<void> add(std::shared_ptr<const StreamSerializer> serializer);
  Result<void> add(std::shared_ptr<const Storage> storage);
  /// Its unpacker must be here already.
  Result<void> add(StorableClass storable_class);
  /// Contents go there when nobody names a storage. It must be here already.
  Result<void> set_default_storage(std::string_view name);

  // By name; null when there is none.
  const Unpacker* find_unpacker(std::string_view name) const;
  const StorableClass* find_class(const ClassId& id) const;
  const StorableClass* find_class(std::string_view name) const;

  // By name; the error (procedure_call_failed) names what is missing.
  Result<const Unpacker*> unpacker(std::string_view name) const;
  Result<const Serializer*> serializer(std::string_view name) const;
  Result<const StreamSerializer*> stream_serializer(std::string_view name) const;
  Result<const Storage*> storage(std::string_view name) const;

  // By the kind of a value: type_error when nobody takes it.
  Result<const Serializer*> serializer_for(const Value& v) const;
  Result<const StreamSerializer*> stream_serializer_for(const Value& first) const;
  /// Argument_error when none was set.
  Result<const Storage*> default_storage() const;

  std::vector<const Unpacker*> unpackers() const;   ///< by name
  const std::vector<StorableClass>& classes() const { return classes_; }
  std::vector<const Storage*> storages() const;     ///< by name

 private:
  template <class C>
  struct Table {
    std::map<std::string, std::shared_ptr<const C>, std::less<>> by_name;
    std::vector<const C*> in_order;
  };
  template <class C>
  static Result<void> add_to(Table<C>& table, std::string_view what, std::shared_ptr<const C> component);
  template <class C>
  static Result<const C*> find_in(const Table<C>& table, std::string_view what, std::string_view name);

  Table<Unpacker> unpackers_;
  Table<Serializer> serializers_;
  Table<StreamSerializer> stream_serializers_;
  Table<Storage> storages_;
  std::vector<StorableClass> classes_;
  const Storage* default_storage_ = nullptr;
};

/// Everything that ships and needs no settings: serializers, unpackers, the embedded storage as the default, and their
/// classes packhouse.value, packhouse.stream and packhouse.map.
std::unique_ptr<Registry> built_in_registry();

}  // namespace packhouse::objects
