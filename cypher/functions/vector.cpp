#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

#include "base/ascii_upper.hpp"
#include "cypher/functions/families.hpp"
#include "storage/schema.hpp"
#include "value/vector_math.hpp"

// Functions on vectors: VECTOR values, or lists of numbers (docs/VECTORS.md).
namespace packhouse::cypher {
namespace {

using Arguments = std::span<const Value>;
constexpr std::int64_t most_dimensions = storage::max_vector_dimensions;

[[noreturn, gnu::cold]] void bad_input(std::string_view function, const std::string& what) {
  throw QueryError(Status::argument_error, "Invalid input for '" + std::string(function) + "()': " + what);
}

std::vector<double> numbers(std::string_view function, const Value& v) {
  std::vector<double> out;
  if (!vectors::read(v, out)) wrong_argument(function, "a Vector or a List of numbers", v);
  return out;
}

/// Both vectors, which must have the same number of dimensions, at least one.
struct Both {
  Both(std::string_view function, Arguments a) : x(numbers(function, a[0])), y(numbers(function, a[1])) {
    if (x.size() != y.size() || x.empty()) {
      bad_input(function, "the vectors have " + std::to_string(x.size()) + " and " + std::to_string(y.size()) +
                              " dimensions; expected the same number, at least 1");
    }
  }
  std::vector<double> x, y;
};

double cosine_of(const Both& v) {
  const double xx = vectors::exact_dot(v.x, v.x), yy = vectors::exact_dot(v.y, v.y);
  if (!(xx > 0) || !(yy > 0) || !std::isfinite(xx) || !std::isfinite(yy)) {
    throw QueryError(Status::argument_error, "Cosine similarity needs finite vectors that are not zero");
  }
  return std::clamp(vectors::exact_dot(v.x, v.y) / (std::sqrt(xx) * std::sqrt(yy)), -1.0, 1.0);
}

/// As Neo4j scores it: (1 + cosine) / 2.
Value cosine(CallContext&, Arguments a) {
  return Value::real((1 + cosine_of(Both("vector.similarity.cosine", a))) / 2);
}

/// As Neo4j scores it: 1 / (1 + squared distance).
Value euclidean(CallContext&, Arguments a) {
  const Both v("vector.similarity.euclidean", a);
  return Value::real(1 / (1 + vectors::exact_squared_distance(v.x, v.y)));
}

double manhattan(const Both& v) {
  double sum = 0;
  for (std::size_t i = 0; i < v.x.size(); ++i) sum += std::fabs(v.x[i] - v.y[i]);
  return sum;
}

double hamming(const Both& v) {
  double sum = 0;
  for (std::size_t i = 0; i < v.x.size(); ++i) sum += v.x[i] != v.y[i] ? 1 : 0;
  return sum;
}

Value distance(CallContext&, Arguments a) {
  constexpr std::string_view name = "vector_distance";
  const Both v(name, a);
  const std::string metric = ascii_upper(string_argument(name, a[2]));
  if (metric == "EUCLIDEAN") return Value::real(std::sqrt(vectors::exact_squared_distance(v.x, v.y)));
  if (metric == "EUCLIDEAN_SQUARED") return Value::real(vectors::exact_squared_distance(v.x, v.y));
  if (metric == "MANHATTAN") return Value::real(manhattan(v));
  if (metric == "COSINE") return Value::real(1 - cosine_of(v));
  if (metric == "DOT") return Value::real(-vectors::exact_dot(v.x, v.y));
  if (metric == "HAMMING") return Value::real(hamming(v));
  bad_input(name, "unknown metric " + metric +
                      ", known are EUCLIDEAN, EUCLIDEAN_SQUARED, MANHATTAN, COSINE, DOT and HAMMING");
}

Value norm(CallContext&, Arguments a) {
  constexpr std::string_view name = "vector_norm";
  const auto x = numbers(name, a[0]);
  const std::string metric = ascii_upper(string_argument(name, a[1]));
  if (metric == "EUCLIDEAN") return Value::real(std::sqrt(vectors::exact_dot(x, x)));
  if (metric != "MANHATTAN") bad_input(name, "unknown metric " + metric + ", known are EUCLIDEAN and MANHATTAN");
  double sum = 0;
  for (const double d : x) sum += std::fabs(d);
  return Value::real(sum);
}

Value dimension_count(CallContext&, Arguments a) {
  if (a[0].is(Kind::vector)) return Value::integer(a[0].vector_dimensions());
  if (!a[0].is(Kind::list)) wrong_argument("vector_dimension_count", "a Vector or a List of numbers", a[0]);
  return Value::integer(static_cast<std::int64_t>(a[0].as_list().size()));
}

std::optional<Element> element_named(std::string_view name) {
  struct Name {
    std::string_view name;
    Element element;
  };
  static constexpr Name names[] = {{"FLOAT", Element::f64},     {"FLOAT64", Element::f64},
                                   {"FLOAT32", Element::f32},   {"INTEGER", Element::i64},
                                   {"INT", Element::i64},       {"INT64", Element::i64},
                                   {"INTEGER64", Element::i64}, {"SIGNED INTEGER", Element::i64},
                                   {"INTEGER32", Element::i32}, {"INT32", Element::i32},
                                   {"INTEGER16", Element::i16}, {"INT16", Element::i16},
                                   {"INTEGER8", Element::i8},   {"INT8", Element::i8}};
  const auto it = std::ranges::find(names, name, &Name::name);
  return it == std::end(names) ? std::nullopt : std::optional(it->element);
}

/// "[1, 2.5e3]" as values.
std::vector<Value> parsed(std::string_view s) {
  const auto trim = [](std::string_view t) {
    while (!t.empty() && (t.front() == ' ' || t.front() == '\n' || t.front() == '\t')) t.remove_prefix(1);
    while (!t.empty() && (t.back() == ' ' || t.back() == '\n' || t.back() == '\t')) t.remove_suffix(1);
    return t;
  };
  s = trim(s);
  if (s.size() < 2 || s.front() != '[' || s.back() != ']') bad_input("vector", "a text must look like \"[1, 2.5]\"");
  s = trim(s.substr(1, s.size() - 2));
  std::vector<Value> out;
  while (!s.empty()) {
    const std::size_t comma = std::min(s.find(','), s.size());
    const std::string_view item = trim(s.substr(0, comma));
    double d = 0;
    std::int64_t i = 0;
    const char* end = item.data() + item.size();
    if (const auto whole = std::from_chars(item.data(), end, i); whole.ec == std::errc() && whole.ptr == end) {
      out.push_back(Value::integer(i));
    } else if (const auto real = std::from_chars(item.data(), end, d); real.ec == std::errc() && real.ptr == end) {
      out.push_back(Value::real(d));
    } else {
      bad_input("vector", "'" + std::string(item.substr(0, 40)) + "' is not a number");
    }
    if (comma == s.size()) break;
    s = trim(s.substr(comma + 1));
    if (s.empty()) bad_input("vector", "a number is missing after the last comma");
  }
  return out;
}

[[noreturn, gnu::cold]] void out_of_range(std::size_t at) {
  throw QueryError(Error(Status::argument_error, "Invalid input for 'vector()': the number at position " +
                                                     std::to_string(at) + " is out of the range of the coordinate type")
                       .with_gql("22003"));
}

template <class T>
T coordinate(const Value& v, std::size_t at) {
  if (!v.is_number() || !std::isfinite(v.number())) {
    bad_input("vector", "expected a finite number at position " + std::to_string(at) + ", got " +
                            std::string(type_name(v.kind())));
  }
  if constexpr (std::is_floating_point_v<T>) {
    if (std::fabs(v.number()) > static_cast<double>(std::numeric_limits<T>::max())) out_of_range(at);
    return static_cast<T>(v.number());
  } else {
    if (v.is(Kind::real) && !(v.as_real() > -9223372036854775808.0 && v.as_real() < 9223372036854775808.0))
      out_of_range(at);
    const std::int64_t i = v.is(Kind::integer) ? v.as_integer() : static_cast<std::int64_t>(v.as_real());
    if (i < std::numeric_limits<T>::min() || i > std::numeric_limits<T>::max()) out_of_range(at);
    return static_cast<T>(i);
  }
}

template <class T>
Value filled(CallContext& c, Element element, std::span<const Value> items) {
  const auto data = c.arena.array<std::byte>(items.size() * sizeof(T));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const T x = coordinate<T>(items[i], i);
    std::memcpy(data.data() + i * sizeof x, &x, sizeof x);
  }
  return Value::vector(element, static_cast<std::uint32_t>(items.size()), data.data());
}

Value make_vector(CallContext& c, Arguments a) {
  const std::int64_t dimension = integer_argument("vector", a[1]);
  if (dimension < 1 || dimension > most_dimensions) {
    throw QueryError(
        Error(Status::argument_error,
              "Invalid input for 'vector()': the dimension must be from 1 to " + std::to_string(most_dimensions) + ", got " +
                  std::to_string(dimension))
            .with_gql("22NBE"));
  }
  const auto element = element_named(ascii_upper(string_argument("vector", a[2])));
  if (!element) {
    bad_input("vector",
              "unknown coordinate type, known are FLOAT64, FLOAT32, INTEGER64, INTEGER32, INTEGER16 and INTEGER8");
  }
  std::vector<Value> made;
  if (a[0].is(Kind::string)) made = parsed(a[0].as_string());
  const auto items = a[0].is(Kind::string) ? std::span<const Value>(made) : list_argument("vector", a[0]);
  if (items.size() != static_cast<std::size_t>(dimension)) {
    throw QueryError(Error(Status::argument_error, "Invalid input for 'vector()': expected " +
                                                       std::to_string(dimension) + " coordinates, got " +
                                                       std::to_string(items.size()))
                         .with_gql("22NBE"));
  }
  switch (*element) {
    case Element::i8: return filled<std::int8_t>(c, *element, items);
    case Element::i16: return filled<std::int16_t>(c, *element, items);
    case Element::i32: return filled<std::int32_t>(c, *element, items);
    case Element::i64: return filled<std::int64_t>(c, *element, items);
    case Element::f32: return filled<float>(c, *element, items);
    case Element::f64: return filled<double>(c, *element, items);
  }
  return Value();
}

}  // namespace

void add_vector_functions(Functions& out) {
  const auto add = [&](std::string_view name, std::string_view description, std::vector<Argument> arguments,
                       Type result, Value (*call)(CallContext&, Arguments)) {
    const std::size_t required = arguments.size();
    out.push_back({.name = name,
                   .display = name,
                   .category = "Vector",
                   .description = description,
                   .arguments = std::move(arguments),
                   .required = required,
                   .result = result,
                   .call = call});
  };
  const Argument a{"a", Type::list | Type::vector}, b{"b", Type::list | Type::vector}, metric{"metric", Type::string};
  add("vector.similarity.cosine", "Similarity of two vectors by angle, 0 to 1.", {a, b}, Type::floating, cosine);
  add("vector.similarity.euclidean", "Similarity of two vectors by distance, 0 to 1.", {a, b}, Type::floating,
      euclidean);
  add("vector", "Makes a VECTOR of numbers: vector([1, 2], 2, FLOAT32).",
      {{"vectorValue", Type::list | Type::string}, {"dimension", Type::integer}, {"coordinateType", Type::string}},
      Type::vector, make_vector);
  add("vector_dimension_count", "Number of dimensions of a vector.", {{"vector", Type::list | Type::vector}},
      Type::integer, dimension_count);
  add("vector_distance", "Distance of two vectors: EUCLIDEAN, EUCLIDEAN_SQUARED, MANHATTAN, COSINE, DOT or HAMMING.",
      {a, b, metric}, Type::floating, distance);
  add("vector_norm", "Length of a vector: EUCLIDEAN or MANHATTAN.", {a, metric}, Type::floating, norm);
}

}  // namespace packhouse::cypher
