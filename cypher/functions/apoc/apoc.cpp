#include "cypher/functions/apoc/apoc.hpp"

#include <algorithm>
#include <deque>

#include "base/ascii.hpp"
#include "value/print.hpp"
#include "value/temporal/api.hpp"

namespace packhouse::cypher::apoc {
namespace {

std::string_view kept(std::string text) {
  static std::deque<std::string> all;  // the registry is built once, by one thread
  return all.emplace_back(std::move(text));
}

}  // namespace

void function_failed(std::string_view function, const std::string& why) {
  throw QueryError(Status::procedure_call_failed, "Failed to invoke function `" + std::string(function) +
                                                      "`: Caused by: java.lang.RuntimeException: " + why);
}

std::string_view text_or(std::string_view function, Arguments a, std::size_t i, std::string_view fallback) {
  return argument(a, i).is_null() ? fallback : string_argument(function, a[i]);
}

std::int64_t integer_or(std::string_view function, Arguments a, std::size_t i, std::int64_t fallback) {
  return argument(a, i).is_null() ? fallback : integer_argument(function, a[i]);
}

bool flag_or(std::string_view function, Arguments a, std::size_t i, bool fallback) {
  if (argument(a, i).is_null()) return fallback;
  if (!a[i].is(Kind::boolean)) wrong_argument(function, "a Boolean", a[i]);
  return a[i].is_true();
}

std::span<const Value> list_or_empty(std::string_view function, const Value& v) {
  return v.is_null() ? std::span<const Value>() : list_argument(function, v);
}

std::span<const MapEntry> map_or_empty(std::string_view function, const Value& v) {
  if (v.is_null()) return {};
  if (!v.is(Kind::map)) wrong_argument(function, "a Map", v);
  return v.as_map();
}

Value list_value(CallContext& c, std::span<const Value> items) {
  const auto out = c.arena.array<Value>(items.size());
  std::ranges::copy(items, out.begin());
  return Value::list(out);
}

Value map_value(CallContext& c, std::span<const MapEntry> entries) {
  const auto out = c.arena.array<MapEntry>(entries.size());
  std::ranges::copy(entries, out.begin());
  return Value::map(out);
}

Value text_list(CallContext& c, std::span<const std::string> items) {
  const auto out = c.arena.array<Value>(items.size());
  std::ranges::transform(items, out.begin(), [&](const std::string& s) { return text(c.arena, s); });
  return Value::list(out);
}

void bound_copies(const CallContext& c, std::uint64_t count, std::uint64_t each) {
  std::uint64_t bytes = 0;
  if (__builtin_mul_overflow(count, each, &bytes)) bytes = UINT64_MAX;
  c.exec.bound(bytes);  // by itself first: the sum could wrap
  c.exec.bound(c.arena.footprint() + bytes);
}

void bound_comparisons(std::string_view function, std::size_t one, std::size_t other) {
  constexpr std::uint64_t most = 100'000'000;
  std::uint64_t work = 0;
  if (!__builtin_mul_overflow(std::uint64_t{one}, std::uint64_t{other}, &work) && work <= most) return;
  function_failed(function, "texts of " + std::to_string(one) + " and " + std::to_string(other) +
                                " characters are too long to be compared; the lengths may give " + std::to_string(most) +
                                " when multiplied");
}

void enter(CallContext& c, std::string_view function, int depth) {
  if (depth > most_depth) function_failed(function, "the value is nested too deeply, the most is " + std::to_string(most_depth));
  c.exec.check();
  c.exec.bound(c.arena.footprint());
}

std::string text_of(const Value& v) {
  switch (v.kind()) {
    case Kind::string: return std::string(v.as_string());
    case Kind::integer: return std::to_string(v.as_integer());
    case Kind::real: return real_to_text(v.as_real());
    case Kind::boolean: return v.as_boolean() ? "true" : "false";
    case Kind::date:
    case Kind::local_time:
    case Kind::time:
    case Kind::local_datetime:
    case Kind::datetime:
    case Kind::duration:
    case Kind::point: return temporal_to_text(v);
    default: return print(v, 1U << 20);
  }
}

Function& FunctionFamily::add(std::string_view name, std::vector<Argument> arguments, std::size_t required, Type result,
                              std::string_view description, Call call) {
  const std::string_view display = kept(prefix_ + std::string(name));
  std::string lower(display);
  std::ranges::transform(lower, lower.begin(), ascii_lower);
  Function f;
  f.name = kept(std::move(lower));
  f.display = display;
  f.category = "APOC";
  f.description = description;
  f.arguments = std::move(arguments);
  f.required = required;
  f.result = result;
  f.null_in_null_out = false;
  f.call = call;
  out_.push_back(std::move(f));
  return out_.back();
}

}  // namespace packhouse::cypher::apoc

namespace packhouse::cypher {

void add_apoc_functions(Functions& out) {
  for (auto* add : {apoc::add_entity_functions, apoc::add_map_functions, apoc::add_coll_functions, apoc::add_coll_order_functions,
                    apoc::add_convert_functions, apoc::add_date_functions, apoc::add_text_functions, apoc::add_text_case_functions,
                    apoc::add_text_codec_functions, apoc::add_util_functions}) {
    add(out);
  }
}

}  // namespace packhouse::cypher
