#pragma once
#include "codec/datapacker/schema/pattern.hpp"

namespace packhouse::datapacker::schema {

/// Which properties and items of a value a schema looks at by itself, and with which other schemas it goes on looking
/// at the same value: what unevaluatedProperties and unevaluatedItems need to know.
struct Evaluated {
  /// A schema for the same value. It counts if the value meets it, and, when it depends on a property, has that.
  struct Part {
    const Node* node;
    const Value* property = nullptr;
    std::string_view name;
  };

  bool all_properties = false, all_items = false;    ///< additionalProperties; items
  bool rest_properties = false, rest_items = false;  ///< the unevaluated… keywords themselves, seen from outside
  std::vector<std::string_view> names;               ///< sorted
  std::vector<std::shared_ptr<const RE2>> patterns;
  std::size_t items = 0;  ///< the first ones
  const Node* contains = nullptr;
  std::vector<Part> parts;
  const Node *condition = nullptr, *then = nullptr, *otherwise = nullptr;
};

/// Whether one of the two keywords stands anywhere in a schema.
bool mentions_unevaluated(const Value& schema);

/// Notes what `schema` evaluates in its node, and adds the checks of its unevaluatedProperties and unevaluatedItems.
/// `reference` is the node of its $ref, or null.
Result<void> add_unevaluated(Compiler& c, Node& made, std::span<const MapEntry> schema, const std::string& base,
                             const Node* reference);

}  // namespace packhouse::datapacker::schema
