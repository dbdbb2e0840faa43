#pragma once
#include <optional>

#include "objects/unpacker.hpp"

namespace packhouse::objects {

/// What an unpacker was told about one field.
struct FieldRule {
  std::string field;
  Wishes wishes;
  bool stream = false;            ///< a list's items, or bytes, become a stream
  std::optional<Value> fallback;  ///< of a field that is missing; memory is the declaration's
};

/// A declared unpacker: which fields go where. Fields that are not named follow the general rule (docs/OBJECTS.md).
struct Declaration {
  std::string name;
  std::vector<FieldRule> fields;
  bool strict = false;  ///< other fields than these are refused
  std::shared_ptr<const Arena> arena;

  const FieldRule* find(std::string_view field) const;
};

/// Takes maps apart field by field: small values stay together in the content `body`; bytes, vectors, long strings and long
/// lists, and what its declaration names, become contents `ref/field`. Without a declaration it is packhouse.map@v1.
class MapUnpacker final : public Unpacker {
 public:
  MapUnpacker();
  explicit MapUnpacker(Declaration declaration) : declaration_(std::move(declaration)) {}

  std::string_view name() const override { return declaration_.name; }
  Result<UnpackedObject> unpack_object(const Storable& object, const Registry& registry) const override;
  Result<std::unique_ptr<Storable>> repack_object(Repacking& from) const override;
  const Declaration& declaration() const { return declaration_; }

 private:
  Result<std::optional<UnpackedContent>> own_content(const MapEntry& field) const;
  Declaration declaration_;
};

/// An object that `before` wrote, as its class has it now: missing fields take their defaults, and `notes` gets what is
/// missing or unknown. Nothing is dropped.
Value evolve(const Value& object, const Declaration& before, const Declaration& now, Arena& arena, std::vector<std::string>& notes);

/// Whether JSON can carry it as it is: no bytes, no NaN, nothing but null, booleans, numbers, strings, lists and maps.
bool fits_json(const Value& v);

}  // namespace packhouse::objects
