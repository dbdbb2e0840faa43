#pragma once
#include <vector>

#include "cypher/exec/property_writer.hpp"

namespace packhouse::cypher {

/// The items of SET (also of MERGE … ON CREATE SET / ON MATCH SET), applied to one row after the other.
class Setter {
 public:
  Setter(const std::vector<const ast::SetItem*>& items, Builder& b);
  bool empty() const { return items_.empty(); }
  void apply(ExecContext& context, Batch& batch, RowIndex row);

 private:
  struct Item {
    ast::SetItem::Form form;
    ExpressionPtr entity, value, key;  ///< key: of entity[key]
    std::string_view name;             ///< otherwise the key's name
    std::optional<KeyId> id;
    NameWriter labels;
  };
  void property(ExecContext& context, Batch& batch, RowIndex row, Item& item);
  void properties(ExecContext& context, Batch& batch, RowIndex row, Item& item);

  std::vector<Item> items_;
  KeyIds keys_;
  PropertyList wanted_;
};

/// Sets (or with null removes) a property of a node or relationship; null is ignored, anything else a TypeError.
void set_property(ExecContext& context, const Value& entity, KeyId key, const Value& value);
/// The property keys an entity has now.
std::vector<KeyId> property_keys(ExecContext& context, const Value& entity);

}  // namespace packhouse::cypher
