#include "cypher/exec/expressions/entity.hpp"

#include <string>

#include "value/temporal/api.hpp"

namespace packhouse::cypher {
namespace {

[[noreturn, gnu::cold]] void gone(std::string_view what, std::uint64_t id, bool deleted_here) {
  throw QueryError(Status::entity_not_found, std::string(what) + " with id " + std::to_string(id) +
                                                 (deleted_here ? " has been deleted in this transaction" : " not found"));
}

template <class View>
Value all_properties(ExecContext& context, const View& view, Arena& arena) {
  const std::size_t n = view.property_count();
  const auto entries = arena.array<MapEntry>(n);
  for (std::size_t i = 0; i < n; ++i) {
    ::new (&entries[i]) MapEntry{context.store.name(view.property_key(i)), or_throw(view.property_value(i, arena))};
  }
  context.db_hits += n;
  return Value::map(entries);
}

template <class View>
Value one_property(ExecContext& context, const View& view, const KeyName& key, Arena& arena) {
  ++context.db_hits;
  const auto id = key.id(context);
  return id ? or_throw(view.property(*id, arena)) : Value();
}

}  // namespace

storage::NodeView node_view(ExecContext& context, NodeId id) {
  auto view = or_throw(context.tx.node(id));
  if (!view) gone("Node", raw(id), context.tx.deleted_here(id));
  return *view;
}

storage::RelView relationship_view(ExecContext& context, RelId id) {
  auto view = or_throw(context.tx.relationship(id));
  if (!view) gone("Relationship", raw(id), context.tx.deleted_here(id));
  return *view;
}

Value properties_of(ExecContext& context, const Value& v, Arena& arena) {
  switch (v.kind()) {
    case Kind::null:
    case Kind::map: return v;
    case Kind::node: return all_properties(context, node_view(context, v.as_node()), arena);
    case Kind::relationship: return all_properties(context, relationship_view(context, v.as_relationship()), arena);
    default:
      throw QueryError(Status::type_error,
                       "Type mismatch: expected Map, Node or Relationship but was " + std::string(type_name(v.kind())));
  }
}

Value member(ExecContext& context, const Value& object, const KeyName& key, Arena& arena) {
  switch (object.kind()) {
    case Kind::null: return object;
    case Kind::node: return one_property(context, node_view(context, object.as_node()), key, arena);
    case Kind::relationship:
      return one_property(context, relationship_view(context, object.as_relationship()), key, arena);
    case Kind::map: {
      const Value* found = find(object.as_map(), key.name());
      return found ? *found : Value();
    }
    case Kind::date:
    case Kind::local_time:
    case Kind::time:
    case Kind::local_datetime:
    case Kind::datetime:
    case Kind::duration:
    case Kind::point: {
      const auto component = object.is(Kind::point) ? point_component(object.as_point(), key.name())
                                                    : temporal_component(object, key.name(), arena);
      if (!component) {
        throw QueryError(Status::argument_error,
                         "No such field: " + std::string(key.name()) + " of " + std::string(type_name(object.kind())));
      }
      return *component;
    }
    default:
      throw QueryError(Status::type_error, "Type mismatch: expected a map but was " + std::string(type_name(object.kind())));
  }
}

}  // namespace packhouse::cypher
