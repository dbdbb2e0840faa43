#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "cypher/functions/families.hpp"

namespace packhouse::cypher {
namespace {

template <double (*f)(double), const char* name>
Value apply(CallContext&, std::span<const Value> a) {
  return Value::real(f(number_argument(name, a[0])));
}

double haversin(double x) { return (1 - std::cos(x)) / 2; }
double cot(double x) { return 1 / std::tan(x); }
double degrees(double x) { return x * 180 / std::numbers::pi; }
double radians(double x) { return x * std::numbers::pi / 180; }

Value absolute(CallContext&, std::span<const Value> a) {
  if (a[0].is(Kind::real)) return Value::real(std::fabs(a[0].as_real()));
  const std::int64_t i = integer_argument("abs", a[0]);
  if (i == std::numeric_limits<std::int64_t>::min()) {
    throw QueryError(Error(Status::arithmetic_error, "long overflow: abs(" + std::to_string(i) + ")").with_gql("22003"));
  }
  return Value::integer(i < 0 ? -i : i);
}

Value sign(CallContext&, std::span<const Value> a) {
  const double d = number_argument("sign", a[0]);
  return Value::integer(d > 0 ? 1 : d < 0 ? -1 : 0);
}

/// round(x [, precision [, mode]]): without a precision, halves go towards positive infinity, as in Java's Math.round.
Value round_number(CallContext&, std::span<const Value> a) {
  const double x = number_argument("round", a[0]);
  if (a.size() == 1) return Value::real(std::floor(x + 0.5));
  const std::int64_t precision = integer_argument("round", a[1]);
  if (precision < 0 || precision > 300) {
    throw QueryError(Status::argument_error, "Precision argument to 'round()' must be from 0 to 300, got " + std::to_string(precision));
  }
  const std::string mode = a.size() > 2 ? std::string(string_argument("round", a[2])) : std::string(precision == 0 ? "" : "HALF_UP");
  const double factor = std::pow(10.0, static_cast<double>(precision));
  const double scaled = x * factor;
  if (!std::isfinite(scaled)) return Value::real(x);
  const double down = std::trunc(scaled), rest = std::fabs(scaled - down), away = down + std::copysign(1.0, scaled);
  const auto give = [&](double v) { return Value::real(v / factor); };
  if (mode.empty()) return give(std::floor(scaled + 0.5));
  if (mode == "UP") return give(rest > 0 ? away : down);
  if (mode == "DOWN") return give(down);
  if (mode == "CEILING") return give(std::ceil(scaled));
  if (mode == "FLOOR") return give(std::floor(scaled));
  if (mode == "HALF_UP") return give(rest >= 0.5 ? away : down);
  if (mode == "HALF_DOWN") return give(rest > 0.5 ? away : down);
  if (mode == "HALF_EVEN") return give(rest > 0.5 || (rest == 0.5 && std::fmod(down, 2.0) != 0) ? away : down);
  throw QueryError(Status::argument_error, "Unknown rounding mode '" + mode + "'");
}

#define PACKHOUSE_UNARY(id, function) \
  constexpr char id##_name[] = #id;   \
  constexpr auto id##_call = apply<function, id##_name>
double call_sqrt(double x) { return std::sqrt(x); }
double call_exp(double x) { return std::exp(x); }
double call_log(double x) { return std::log(x); }
double call_log10(double x) { return std::log10(x); }
double call_sin(double x) { return std::sin(x); }
double call_cos(double x) { return std::cos(x); }
double call_tan(double x) { return std::tan(x); }
double call_asin(double x) { return std::asin(x); }
double call_acos(double x) { return std::acos(x); }
double call_atan(double x) { return std::atan(x); }
double call_sinh(double x) { return std::sinh(x); }
double call_cosh(double x) { return std::cosh(x); }
double call_tanh(double x) { return std::tanh(x); }
double call_ceil(double x) { return std::ceil(x); }
double call_floor(double x) { return std::floor(x); }
PACKHOUSE_UNARY(sqrt, call_sqrt);
PACKHOUSE_UNARY(exp, call_exp);
PACKHOUSE_UNARY(log, call_log);
PACKHOUSE_UNARY(log10, call_log10);
PACKHOUSE_UNARY(sin, call_sin);
PACKHOUSE_UNARY(cos, call_cos);
PACKHOUSE_UNARY(tan, call_tan);
PACKHOUSE_UNARY(cot, cot);
PACKHOUSE_UNARY(asin, call_asin);
PACKHOUSE_UNARY(acos, call_acos);
PACKHOUSE_UNARY(atan, call_atan);
PACKHOUSE_UNARY(sinh, call_sinh);
PACKHOUSE_UNARY(cosh, call_cosh);
PACKHOUSE_UNARY(tanh, call_tanh);
PACKHOUSE_UNARY(ceil, call_ceil);
PACKHOUSE_UNARY(floor, call_floor);
PACKHOUSE_UNARY(haversin, haversin);
PACKHOUSE_UNARY(degrees, degrees);
PACKHOUSE_UNARY(radians, radians);
#undef PACKHOUSE_UNARY

}  // namespace

void add_math_functions(Functions& out) {
  const auto add = [&](std::string_view name, std::string_view category, std::string_view description,
                       Value (*call)(CallContext&, std::span<const Value>), Type result = Type::floating) {
    out.push_back({.name = name, .display = name, .category = category, .description = description,
                   .arguments = {{"input", Type::number}}, .required = 1, .result = result, .call = call});
  };
  add("abs", "Numeric", "Returns the absolute value of a number.", absolute, Type::number);
  add("sign", "Numeric", "Returns -1, 0 or 1.", sign, Type::integer);
  add("ceil", "Numeric", "Returns the smallest whole number that is not less than a number.", ceil_call);
  add("floor", "Numeric", "Returns the largest whole number that is not greater than a number.", floor_call);
  add("sqrt", "Logarithmic", "Returns the square root.", sqrt_call);
  add("exp", "Logarithmic", "Returns e to the power of a number.", exp_call);
  add("log", "Logarithmic", "Returns the natural logarithm.", log_call);
  add("log10", "Logarithmic", "Returns the logarithm to base 10.", log10_call);
  add("sin", "Trigonometric", "Returns the sine.", sin_call);
  add("cos", "Trigonometric", "Returns the cosine.", cos_call);
  add("tan", "Trigonometric", "Returns the tangent.", tan_call);
  add("cot", "Trigonometric", "Returns the cotangent.", cot_call);
  add("asin", "Trigonometric", "Returns the arcsine.", asin_call);
  add("acos", "Trigonometric", "Returns the arccosine.", acos_call);
  add("atan", "Trigonometric", "Returns the arctangent.", atan_call);
  add("sinh", "Trigonometric", "Returns the hyperbolic sine.", sinh_call);
  add("cosh", "Trigonometric", "Returns the hyperbolic cosine.", cosh_call);
  add("tanh", "Trigonometric", "Returns the hyperbolic tangent.", tanh_call);
  add("haversin", "Trigonometric", "Returns half the versine.", haversin_call);
  add("degrees", "Trigonometric", "Converts radians to degrees.", degrees_call);
  add("radians", "Trigonometric", "Converts degrees to radians.", radians_call);
  out.push_back({.name = "atan2", .display = "atan2", .category = "Trigonometric",
                 .description = "Returns the arctangent of a pair of coordinates.",
                 .arguments = {{"y", Type::number}, {"x", Type::number}}, .required = 2, .result = Type::floating,
                 .call = [](CallContext&, std::span<const Value> a) {
                   return Value::real(std::atan2(number_argument("atan2", a[0]), number_argument("atan2", a[1])));
                 }});
  out.push_back({.name = "round", .display = "round", .category = "Numeric",
                 .description = "Rounds a number, to a precision and by a rounding mode if they are given.",
                 .arguments = {{"value", Type::number}, {"precision", Type::integer}, {"mode", Type::string}}, .required = 1,
                 .result = Type::floating, .call = round_number});
  out.push_back({.name = "isnan", .display = "isNaN", .category = "Numeric", .description = "Tells whether a number is NaN.",
                 .arguments = {{"input", Type::number}}, .required = 1, .result = Type::boolean,
                 .call = [](CallContext&, std::span<const Value> a) {
                   return Value::boolean(std::isnan(number_argument("isNaN", a[0])));
                 }});
  const auto constant = [&](std::string_view name, std::string_view category, Value (*call)(CallContext&, std::span<const Value>)) {
    out.push_back({.name = name, .display = name, .category = category, .description = "The mathematical constant.",
                   .arguments = {}, .required = 0, .result = Type::floating, .call = call});
  };
  constant("pi", "Trigonometric", [](CallContext&, std::span<const Value>) { return Value::real(std::numbers::pi); });
  constant("e", "Logarithmic", [](CallContext&, std::span<const Value>) { return Value::real(std::numbers::e); });
}

}  // namespace packhouse::cypher
