#pragma once
#include <memory>
#include <optional>

#include "objects/registry.hpp"
#include "objects/unpackers/map.hpp"
#include "storage/cells.hpp"

namespace packhouse::objects {

/// The classes and declared unpackers that a store keeps, behind those of the registry, as one transaction sees them.
class Definitions {
 public:
  Definitions(storage::Cells& cells, const Registry& registry) : cells_(cells), registry_(registry) {}

  Result<std::optional<StorableClass>> find_class(const ClassId& id) const;
  /// By name; or by id, when it is a text that can only be one.
  Result<std::optional<StorableClass>> find_class(std::string_view name_or_id) const;
  /// The same; the error (procedure_call_failed) names what was not found.
  Result<StorableClass> storable_class(std::string_view name_or_id) const;
  Result<StorableClass> storable_class(const ClassId& id) const;

  /// Null when there is none.
  Result<std::shared_ptr<const Unpacker>> find_unpacker(std::string_view name) const;
  Result<std::shared_ptr<const Unpacker>> unpacker(std::string_view name) const;

  /// Declares an unpacker for good: a name that is there already is refused, unless it says the same. Serializers and
  /// storages that it names must be registered.
  Result<void> declare(const Declaration& declaration);
  /// A new class, or a new name or unpacker for one that is known. Those of the registry can't be changed.
  Result<void> put_class(const StorableClass& storable_class);

  Result<std::vector<StorableClass>> classes() const;
  Result<std::vector<std::shared_ptr<const Unpacker>>> unpackers() const;

 private:
  Result<void> check(const FieldRule& rule) const;

  storage::Cells& cells_;
  const Registry& registry_;
};

}  // namespace packhouse::objects
