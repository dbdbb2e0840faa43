#pragma once
#include "cypher/exec/property_writer.hpp"
#include "cypher/procedures/apoc/apoc.hpp"

// What apoc.create, apoc.merge and apoc.refactor share: names and properties that are written.
namespace packhouse::cypher::apoc {

/// The labels of a list, made when they are new. Null and "" are refused, as APOC does.
std::vector<LabelId> labels_to_write(ExecContext& c, const Call& call, std::size_t i);
TypeId type_to_write(ExecContext& c, const Call& call, std::size_t i);
/// The entries of a map, checked to be storable and copied to `arena`; nulls stay.
PropertyList properties_to_write(ExecContext& c, std::span<const MapEntry> map, Arena& arena);
/// The same without nulls, for something new.
PropertyList properties_to_create(ExecContext& c, std::span<const MapEntry> map, Arena& arena);
/// SET entity += properties.
void add_properties(ExecContext& c, const Value& entity, const PropertyList& properties);

}  // namespace packhouse::cypher::apoc
