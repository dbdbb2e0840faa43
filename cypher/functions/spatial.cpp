#include <vector>

#include "cypher/functions/families.hpp"
#include "value/temporal/api.hpp"

namespace packhouse::cypher {
namespace {

using Arguments = std::span<const Value>;

Value make_point(CallContext& c, Arguments a) {
  if (!a[0].is(Kind::map)) wrong_argument("point", "a Map", a[0]);
  return or_throw(point_from_map(a[0].as_map(), c.arena));
}

Value distance(CallContext&, Arguments a) {
  if (!a[0].is(Kind::point) || !a[1].is(Kind::point)) return Value();
  const auto d = point_distance(a[0].as_point(), a[1].as_point());
  return d ? Value::real(*d) : Value();
}

Value within_box(CallContext&, Arguments a) {
  for (const Value& v : a) {
    if (!v.is(Kind::point)) return Value();
  }
  const auto inside = point_within_box(a[0].as_point(), a[1].as_point(), a[2].as_point());
  return inside ? Value::boolean(*inside) : Value();
}

}  // namespace

void add_spatial_functions(Functions& out) {
  const auto add = [&](std::string_view name, std::string_view display, std::string_view category, std::string_view description,
                       std::vector<Argument> arguments, Type result, Value (*call)(CallContext&, Arguments)) {
    const std::size_t required = arguments.size();
    out.push_back({.name = name, .display = display, .category = category, .description = description,
                   .arguments = std::move(arguments), .required = required, .result = result, .call = call});
  };
  add("point", "point", "Spatial", "Makes a point from coordinates.", {{"input", Type::map}}, Type::point, make_point);
  const std::vector<Argument> pair{{"from", Type::any}, {"to", Type::any}};
  add("point.distance", "point.distance", "Spatial", "The distance of two points: metres on the globe.", pair, Type::floating, distance);
  add("point.withinbbox", "point.withinBBox", "Spatial", "Tells whether a point lies in a box.",
      {{"point", Type::any}, {"lowerLeft", Type::any}, {"upperRight", Type::any}}, Type::boolean, within_box);
}

}  // namespace packhouse::cypher
