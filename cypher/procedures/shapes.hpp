#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/arena.hpp"
#include "base/ids.hpp"
#include "cypher/error.hpp"
#include "value/value.hpp"

namespace packhouse::cypher {

/// The names that Neo4j 5 gives types in db.schema.*, which tools look for.
std::string schema_type_name(const Value& v);

/// What db.schema.nodeTypeProperties and apoc.meta.nodeTypeProperties gather of one combination of labels (or one relationship type).
struct Shape {
  std::uint64_t count = 0;
  std::map<std::uint32_t, std::pair<std::uint64_t, std::set<std::string>>> keys;  // how many have it, of which types
};

template <class View>
void observe(Shape& shape, const View& view, Arena& arena) {
  ++shape.count;
  for (std::size_t i = 0; i < view.property_count(); ++i) {
    auto& [n, types] = shape.keys[raw(view.property_key(i))];
    ++n;
    types.insert(schema_type_name(or_throw(view.property_value(i, arena))));
  }
}

}  // namespace packhouse::cypher
