#include <algorithm>
#include <random>

#include "base/utf8.hpp"
#include "cypher/functions/families.hpp"
#include "value/compare.hpp"

namespace packhouse::cypher {
namespace {

std::mt19937_64& random_engine() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return engine;
}

Value random_uuid(CallContext& c, std::span<const Value>) {
  static constexpr char digits[] = "0123456789abcdef";
  std::uint64_t bits[2] = {random_engine()(), random_engine()()};
  bits[0] = (bits[0] & ~0xF000ULL) | 0x4000ULL;                       // version 4
  bits[1] = (bits[1] & ~(3ULL << 62)) | (2ULL << 62);                 // RFC 4122 variant
  char out[36];
  int at = 0;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out[at++] = '-';
    out[at++] = digits[bits[i / 16] >> (60 - 4 * (i % 16)) & 15];
  }
  return text(c.arena, {out, 36});
}

Value size_of_value(CallContext&, std::span<const Value> a) {
  switch (a[0].kind()) {
    case Kind::string: return Value::integer(static_cast<std::int64_t>(utf8::length(a[0].as_string())));
    case Kind::list: return Value::integer(static_cast<std::int64_t>(a[0].as_list().size()));
    case Kind::bytes: return Value::integer(static_cast<std::int64_t>(a[0].as_bytes().size()));
    case Kind::vector: return Value::integer(a[0].vector_dimensions());
    default: wrong_argument("size", "a String or List", a[0]);
  }
}

Value is_empty(CallContext&, std::span<const Value> a) {
  switch (a[0].kind()) {
    case Kind::string: return Value::boolean(a[0].as_string().empty());
    case Kind::list: return Value::boolean(a[0].as_list().empty());
    case Kind::map: return Value::boolean(a[0].as_map().empty());
    default: wrong_argument("isEmpty", "a String, List or Map", a[0]);
  }
}

std::string type_text(const Value& v) {
  if (v.is_null()) return "NULL";
  std::string name(type_name(v.kind()));
  if (v.is(Kind::list)) {
    std::vector<std::string> inner;
    for (const Value& item : v.as_list()) {
      std::string t = type_text(item);
      if (std::ranges::find(inner, t) == inner.end()) inner.push_back(std::move(t));
    }
    std::ranges::sort(inner);
    name += "<";
    for (std::size_t i = 0; i < inner.size(); ++i) name += (i ? " | " : "") + inner[i];
    name += inner.empty() ? "NOTHING>" : ">";
  }
  return name + " NOT NULL";
}

}  // namespace

void add_scalar_functions(Functions& out) {
  out.push_back({.name = "coalesce", .display = "coalesce", .category = "Scalar",
                 .description = "Returns the first given value that is not null.", .arguments = {{"input", Type::any}},
                 .required = 1, .variadic = true, .null_in_null_out = false,
                 .call = [](CallContext&, std::span<const Value> a) {
                   for (const Value& v : a) {
                     if (!v.is_null()) return v;
                   }
                   return Value();
                 }});
  out.push_back({.name = "exists", .display = "exists", .category = "Predicate",
                 .description = "Returns true if the value is not null.", .arguments = {{"input", Type::any}}, .required = 1,
                 .result = Type::boolean, .null_in_null_out = false,
                 .call = [](CallContext&, std::span<const Value> a) { return Value::boolean(!a[0].is_null()); }});
  out.push_back({.name = "nullif", .display = "nullIf", .category = "Scalar",
                 .description = "Returns null if the two values are equal, otherwise the first.",
                 .arguments = {{"v1", Type::any}, {"v2", Type::any}}, .required = 2, .null_in_null_out = false,
                 .call = [](CallContext&, std::span<const Value> a) {
                   return equals(a[0], a[1]) == Ternary::true_ ? Value() : a[0];
                 }});
  out.push_back({.name = "size", .display = "size", .category = "Scalar",
                 .description = "Returns the number of items in a list or of characters in a string.",
                 .arguments = {{"input", Type::string | Type::list | Type::bytes | Type::vector}}, .required = 1,
                 .result = Type::integer, .call = size_of_value});
  out.push_back({.name = "isempty", .display = "isEmpty", .category = "Predicate",
                 .description = "Checks whether a list, map or string has nothing in it.",
                 .arguments = {{"input", Type::string | Type::list | Type::map}}, .required = 1, .result = Type::boolean,
                 .call = is_empty});
  out.push_back({.name = "timestamp", .display = "timestamp", .category = "Scalar",
                 .description = "Milliseconds since 1970-01-01T00:00Z, the same throughout a statement.", .arguments = {},
                 .required = 0, .result = Type::integer, .deterministic = false,
                 .call = [](CallContext& c, std::span<const Value>) {
                   const StatementClock& t = c.exec.clock;
                   return Value::integer(t.statement_seconds * 1000 + t.statement_nanos / 1'000'000);
                 }});
  out.push_back({.name = "randomuuid", .display = "randomUUID", .category = "Scalar",
                 .description = "Generates a random UUID.", .arguments = {}, .required = 0, .result = Type::string,
                 .deterministic = false, .call = random_uuid});
  out.push_back({.name = "rand", .display = "rand", .category = "Numeric",
                 .description = "Returns a random float from 0 (inclusive) to 1 (exclusive).", .arguments = {}, .required = 0,
                 .result = Type::floating, .deterministic = false,
                 .call = [](CallContext&, std::span<const Value>) {
                   return Value::real(static_cast<double>(random_engine()() >> 11) * 0x1.0p-53);
                 }});
  out.push_back({.name = "valuetype", .display = "valueType", .category = "Scalar",
                 .description = "Returns the most precise type name of a value.", .arguments = {{"input", Type::any}},
                 .required = 1, .result = Type::string, .null_in_null_out = false,
                 .call = [](CallContext& c, std::span<const Value> a) { return text(c.arena, type_text(a[0])); }});
}

}  // namespace packhouse::cypher
