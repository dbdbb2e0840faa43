#pragma once
#include <array>
#include <compare>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

namespace packhouse::objects {

/// 16 bytes written as a UUID. Classes and objects have ids of different types.
template <class Owner>
struct Uuid {
  std::array<std::byte, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;
  Bytes view() const { return bytes; }
};
/// What a class is for ever, whatever its name: see parse_class_id().
using ClassId = Uuid<struct ClassTag>;
using ObjectId = Uuid<struct ObjectTag>;

std::string uuid_text(Bytes sixteen);
template <class Owner>
std::string text(const Uuid<Owner>& id) {
  return uuid_text(id.view());
}

/// A class id as it was written, and what to say about it.
struct ParsedClassId {
  ClassId id;
  std::string warning;  ///< empty: fine
};
/// An even number of 8 to 32 hexadecimal digits in either case, filled with zero bytes on the right; or the UUID that
/// comes of it. Six digits, as the original's guide has them, are accepted with a warning. Others are an argument_error.
Result<ParsedClassId> parse_class_id(std::string_view text);
/// Whether a text could be meant as one: hexadecimal digits and dashes only.
bool looks_like_class_id(std::string_view text);

/// A UUID with or without dashes.
Result<ObjectId> parse_object_id(std::string_view text);
/// A new id: a version 7 UUID, so that ids ascend with the time of their making.
ObjectId fresh_object_id(Instant now);
ClassId fresh_class_id();

/// Names of unpackers, serializers and storages are for good and carry a version: they hold "@v" and a digit behind it
/// (`x@v1`). `what` is told in the error: "unpacker".
Result<void> check_component_name(std::string_view what, std::string_view name);

}  // namespace packhouse::objects
