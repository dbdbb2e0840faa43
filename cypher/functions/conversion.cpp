#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>

#include "cypher/functions/families.hpp"
#include "value/temporal/api.hpp"
#include "value/vector_math.hpp"

namespace packhouse::cypher {
namespace {

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || (s.front() >= '\t' && s.front() <= '\r'))) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || (s.back() >= '\t' && s.back() <= '\r'))) s.remove_suffix(1);
  return s;
}

bool same_text(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
}

std::optional<double> read_real(std::string_view s) {
  s = trim(s);
  if (s.starts_with('+')) s.remove_prefix(1);
  if (same_text(s, "nan")) return std::nan("");
  if (same_text(s, "infinity")) return HUGE_VAL;
  if (same_text(s, "-infinity")) return -HUGE_VAL;
  double d = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), d);
  if (end != s.data() + s.size() || s.empty() || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::strtod(std::string(s).c_str(), nullptr);
  return d;
}

std::optional<std::int64_t> to_whole(double d) {
  d = std::trunc(d);
  if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0)) return std::nullopt;
  return static_cast<std::int64_t>(d);
}

std::optional<std::int64_t> read_integer(std::string_view s) {
  s = trim(s);
  if (s.starts_with('+')) s.remove_prefix(1);
  std::int64_t i = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), i);
  if (error == std::errc() && end == s.data() + s.size()) return i;
  const auto d = read_real(s);
  if (!d || std::isnan(*d)) return std::nullopt;
  return to_whole(*d);
}

/// What a conversion found: a value, null for text that can't be read, or nothing for a kind that has no conversion.
using Converted = std::optional<Value>;
using Convert = Converted (*)(const Value&, Arena&);

Converted to_integer(const Value& v, Arena&) {
  switch (v.kind()) {
    case Kind::integer: return v;
    case Kind::boolean: return Value::integer(v.as_boolean() ? 1 : 0);
    case Kind::real: {
      const auto i = to_whole(v.as_real());
      return i ? Value::integer(*i) : Value();
    }
    case Kind::string: {
      const auto i = read_integer(v.as_string());
      return i ? Value::integer(*i) : Value();
    }
    default: return std::nullopt;
  }
}

Converted to_float(const Value& v, Arena&) {
  switch (v.kind()) {
    case Kind::integer: return Value::real(static_cast<double>(v.as_integer()));
    case Kind::real: return v;
    case Kind::string: {
      const auto d = read_real(v.as_string());
      return d ? Value::real(*d) : Value();
    }
    default: return std::nullopt;
  }
}

Converted to_boolean(const Value& v, Arena&) {
  switch (v.kind()) {
    case Kind::boolean: return v;
    case Kind::integer: return Value::boolean(v.as_integer() != 0);
    case Kind::string: {
      const auto s = trim(v.as_string());
      if (same_text(s, "true")) return Value::boolean(true);
      if (same_text(s, "false")) return Value::boolean(false);
      return Value();
    }
    default: return std::nullopt;
  }
}

Converted to_string(const Value& v, Arena& arena) {
  switch (v.kind()) {
    case Kind::string: return v;
    case Kind::integer: return text(arena, std::to_string(v.as_integer()));
    case Kind::real: return text(arena, real_to_text(v.as_real()));
    case Kind::boolean: return Value::string(v.as_boolean() ? "true" : "false");
    case Kind::date:
    case Kind::local_time:
    case Kind::time:
    case Kind::local_datetime:
    case Kind::datetime:
    case Kind::duration:
    case Kind::point: return text(arena, temporal_to_text(v, false));
    default: return std::nullopt;
  }
}

template <Convert convert, const char* display>
Value strict(CallContext& c, std::span<const Value> a) {
  const Converted v = convert(a[0], c.arena);
  if (!v) wrong_argument(display, "a value that can be converted", a[0]);
  return *v;
}

template <Convert convert>
Value or_null(CallContext& c, std::span<const Value> a) {
  return convert(a[0], c.arena).value_or(Value());
}

/// The coordinates of a VECTOR: integers or floats, as it holds them.
std::span<const Value> vector_items(const Value& v, Arena& arena) {
  const auto out = arena.array<Value>(v.vector_dimensions());
  const Element e = v.vector_element();
  if (e == Element::f32 || e == Element::f64) {
    std::vector<double> numbers;
    vectors::read(v, numbers);
    std::ranges::transform(numbers, out.begin(), &Value::real);
    return out;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t size = size_of(e);
    std::int64_t x = 0;  // little-endian: the low bytes, then the sign
    std::memcpy(&x, v.vector_data().data() + i * size, size);
    const auto shift = static_cast<int>(64 - 8 * size);
    out[i] = Value::integer(static_cast<std::int64_t>(static_cast<std::uint64_t>(x) << shift) >> shift);
  }
  return out;
}

template <Convert convert>
Value list_of(CallContext& c, std::span<const Value> a) {
  const auto items = a[0].is(Kind::vector) ? vector_items(a[0], c.arena) : list_argument("toList", a[0]);
  const auto out = c.arena.array<Value>(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) out[i] = items[i].is_null() ? Value() : convert(items[i], c.arena).value_or(Value());
  return Value::list(out);
}

template <Convert convert, const char* display>
void add(Functions& out, std::string_view name, std::string_view or_null_name, std::string_view or_null_display,
         std::string_view list_name, std::string_view list_display, Type accepts, Type result) {
  out.push_back({.name = name, .display = display, .category = "Scalar", .description = "Converts a value; text that can't be read gives null.",
                 .arguments = {{"input", accepts}}, .required = 1, .result = result, .call = strict<convert, display>});
  out.push_back({.name = or_null_name, .display = or_null_display, .category = "Scalar",
                 .description = "Converts a value; whatever can't be converted gives null.", .arguments = {{"input", Type::any}},
                 .required = 1, .result = result, .call = or_null<convert>});
  out.push_back({.name = list_name, .display = list_display, .category = "List",
                 .description = "Converts each item of a list; what can't be converted becomes null.",
                 .arguments = {{"input", Type::list | Type::vector}}, .required = 1, .result = Type::list, .call = list_of<convert>});
}

constexpr char integer_name[] = "toInteger", float_name[] = "toFloat", boolean_name[] = "toBoolean", string_name[] = "toString";

}  // namespace

void add_conversion_functions(Functions& out) {
  add<to_integer, integer_name>(out, "tointeger", "tointegerornull", "toIntegerOrNull", "tointegerlist", "toIntegerList",
                                Type::any, Type::integer);
  add<to_float, float_name>(out, "tofloat", "tofloatornull", "toFloatOrNull", "tofloatlist", "toFloatList", Type::any,
                            Type::floating);
  add<to_boolean, boolean_name>(out, "toboolean", "tobooleanornull", "toBooleanOrNull", "tobooleanlist", "toBooleanList",
                                Type::any, Type::boolean);
  add<to_string, string_name>(out, "tostring", "tostringornull", "toStringOrNull", "tostringlist", "toStringList", Type::any,
                              Type::string);
}

}  // namespace packhouse::cypher
