#include <cmath>
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

template <class T>
std::vector<double> widen(Bytes data) {
  std::vector<double> out(data.size() / sizeof(T));
  for (std::size_t i = 0; i < out.size(); ++i) {
    T x;
    std::memcpy(&x, data.data() + i * sizeof(T), sizeof(T));
    out[i] = static_cast<double>(x);
  }
  return out;
}

std::vector<double> numbers(std::string_view function, const Value& v) {
  if (v.is(Kind::vector)) {
    switch (v.vector_element()) {
      case Element::i8: return widen<std::int8_t>(v.vector_data());
      case Element::i16: return widen<std::int16_t>(v.vector_data());
      case Element::i32: return widen<std::int32_t>(v.vector_data());
      case Element::i64: return widen<std::int64_t>(v.vector_data());
      case Element::f32: return widen<float>(v.vector_data());
      case Element::f64: return widen<double>(v.vector_data());
    }
  }
  std::vector<double> out;
  for (const Value& x : list_argument(function, v)) out.push_back(number_argument(function, x));
  return out;
}

/// Both vectors, which must have the same number of dimensions, at least one.
std::pair<std::vector<double>, std::vector<double>> both(std::string_view function, Arguments a) {
  auto x = numbers(function, a[0]), y = numbers(function, a[1]);
  if (x.size() != y.size() || x.empty()) {
    throw QueryError(Status::argument_error, "Invalid input for '" + std::string(function) + "()': the vectors have " +
                                                 std::to_string(x.size()) + " and " + std::to_string(y.size()) +
                                                 " dimensions; expected the same number, at least 1");
  }
  return {std::move(x), std::move(y)};
}

/// As Neo4j scores it: (1 + cosine) / 2.
Value cosine(CallContext&, Arguments a) {
  const auto [x, y] = both("vector.similarity.cosine", a);
  double dot = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) dot += x[i] * y[i], xx += x[i] * x[i], yy += y[i] * y[i];
  if (!(xx > 0) || !(yy > 0) || !std::isfinite(xx) || !std::isfinite(yy)) {
    throw QueryError(Status::argument_error, "Cosine similarity needs finite vectors that are not zero");
  }
  return Value::real((1 + dot / (std::sqrt(xx) * std::sqrt(yy))) / 2);
}

/// As Neo4j scores it: 1 / (1 + squared distance).
Value euclidean(CallContext&, Arguments a) {
  const auto [x, y] = both("vector.similarity.euclidean", a);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return Value::real(1 / (1 + sum));
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
  const std::vector<Argument> vectors{{"a", Type::list | Type::vector}, {"b", Type::list | Type::vector}};
  add("vector.similarity.cosine", "vector.similarity.cosine", "Vector", "Similarity of two vectors by angle, 0 to 1.", vectors,
      Type::floating, cosine);
  add("vector.similarity.euclidean", "vector.similarity.euclidean", "Vector", "Similarity of two vectors by distance, 0 to 1.",
      vectors, Type::floating, euclidean);
}

}  // namespace packhouse::cypher
