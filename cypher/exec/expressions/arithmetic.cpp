#include "cypher/exec/expressions/arithmetic.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "value/temporal/api.hpp"

namespace packhouse::cypher {
namespace {

using ast::Op;

constexpr std::size_t largest_text = std::size_t{1} << 30;

std::string_view symbol(Op op) {
  switch (op) {
    case Op::add: return "+";
    case Op::sub: return "-";
    case Op::mul: return "*";
    case Op::div: return "/";
    case Op::mod: return "%";
    case Op::pow: return "^";
    default: return "||";
  }
}

[[noreturn, gnu::cold]] void bad_types(Op op, const Value& a, const Value& b) {
  throw QueryError(Status::type_error, "Cannot use `" + std::string(symbol(op)) + "` on " + std::string(type_name(a.kind())) +
                                           " and " + std::string(type_name(b.kind())) + ".");
}

[[noreturn, gnu::cold]] void overflow(Op op, std::int64_t a, std::int64_t b) {
  throw QueryError(Error(Status::arithmetic_error,
                         "long overflow: " + std::to_string(a) + " " + std::string(symbol(op)) + " " + std::to_string(b))
                       .with_gql("22003")
                       .caused_by(Error(Status::arithmetic_error, "the result is outside of the range of INTEGER").with_gql("22N28")));
}

[[noreturn, gnu::cold]] void by_zero() {
  throw QueryError(Error(Status::arithmetic_error, "/ by zero")
                       .with_gql("22012")
                       .caused_by(Error(Status::arithmetic_error, "/ by zero").with_gql("22N28")));
}

Value integers(Op op, std::int64_t a, std::int64_t b) {
  std::int64_t r = 0;
  switch (op) {
    case Op::add:
      if (__builtin_add_overflow(a, b, &r)) overflow(op, a, b);
      return Value::integer(r);
    case Op::sub:
      if (__builtin_sub_overflow(a, b, &r)) overflow(op, a, b);
      return Value::integer(r);
    case Op::mul:
      if (__builtin_mul_overflow(a, b, &r)) overflow(op, a, b);
      return Value::integer(r);
    case Op::div:
      if (b == 0) by_zero();
      if (b == -1) {
        if (a == std::numeric_limits<std::int64_t>::min()) overflow(op, a, b);
        return Value::integer(-a);
      }
      return Value::integer(a / b);
    case Op::mod:
      if (b == 0) by_zero();
      return Value::integer(b == -1 ? 0 : a % b);
    default: return Value::real(std::pow(static_cast<double>(a), static_cast<double>(b)));
  }
}

Value reals(Op op, double a, double b) {
  switch (op) {
    case Op::add: return Value::real(a + b);
    case Op::sub: return Value::real(a - b);
    case Op::mul: return Value::real(a * b);
    case Op::div: return Value::real(a / b);
    case Op::mod: return Value::real(std::fmod(a, b));
    default: return Value::real(std::pow(a, b));
  }
}

Value join_lists(const Value& a, const Value& b, Arena& arena) {
  const bool left = a.is(Kind::list), right = b.is(Kind::list);
  const std::size_t n = left ? a.as_list().size() : 1, m = right ? b.as_list().size() : 1;
  const auto items = arena.array<Value>(n + m);
  if (left) {
    std::ranges::copy(a.as_list(), items.begin());
  } else {
    items[0] = a;
  }
  if (right) {
    std::ranges::copy(b.as_list(), items.begin() + static_cast<std::ptrdiff_t>(n));
  } else {
    items[n] = b;
  }
  return Value::list(items);
}

bool is_temporal(const Value& v) { return packhouse::is_temporal(v.kind()); }

Value scaled(Result<Duration> d, Arena& arena) { return Value::duration(arena.make<Duration>(or_throw(std::move(d)))); }

std::string plain_text(const Value& v) {
  switch (v.kind()) {
    case Kind::integer: return std::to_string(v.as_integer());
    case Kind::real: return real_to_text(v.as_real());
    case Kind::boolean: return v.as_boolean() ? "true" : "false";
    default: return temporal_to_text(v);
  }
}

// String + anything printable: numbers, booleans and temporals are turned into text.
Value text_sum(const Value& a, const Value& b, Arena& arena) {
  const auto text = [](const Value& v) { return v.is(Kind::string) ? std::string(v.as_string()) : plain_text(v); };
  if (a.is(Kind::string) && b.is(Kind::string)) return concatenate(a.as_string(), b.as_string(), arena);
  return concatenate(text(a), text(b), arena);
}

bool joins_text(const Value& v) {
  return v.is_number() || v.is(Kind::boolean) || is_temporal(v) || v.is(Kind::duration) || v.is(Kind::point);
}

Value add_other(const Value& a, const Value& b, Arena& arena) {
  if (a.is(Kind::list) || b.is(Kind::list)) return join_lists(a, b, arena);
  if ((a.is(Kind::string) && (b.is(Kind::string) || joins_text(b))) || (b.is(Kind::string) && joins_text(a))) {
    return text_sum(a, b, arena);
  }
  if ((is_temporal(a) || a.is(Kind::duration)) && b.is(Kind::duration)) {
    return or_throw(temporal_add(a, b.as_duration(), false, arena));
  }
  if (a.is(Kind::duration) && is_temporal(b)) return or_throw(temporal_add(b, a.as_duration(), false, arena));
  if (a.is(Kind::bytes) && b.is(Kind::bytes)) {
    return Value::bytes(as_bytes(concatenate(as_text(a.as_bytes()), as_text(b.as_bytes()), arena).as_string()));
  }
  bad_types(Op::add, a, b);
}

}  // namespace

Value concatenate(std::string_view a, std::string_view b, Arena& arena) {
  if (a.size() + b.size() > largest_text) throw QueryError(Status::argument_error, "the string would be longer than 1 GiB");
  const auto out = arena.array<char>(a.size() + b.size());
  if (!a.empty()) std::memcpy(out.data(), a.data(), a.size());
  if (!b.empty()) std::memcpy(out.data() + a.size(), b.data(), b.size());
  return Value::string({out.data(), out.size()});
}

Value arithmetic(Op op, const Value& a, const Value& b, Arena& arena) {
  if (a.is(Kind::integer) && b.is(Kind::integer)) [[likely]] {
    if (op == Op::concat) bad_types(op, a, b);
    return integers(op, a.as_integer(), b.as_integer());
  }
  if (a.is_null() || b.is_null()) return Value();
  if (a.is_number() && b.is_number() && op != Op::concat) return reals(op, a.number(), b.number());
  switch (op) {
    case Op::add: return add_other(a, b, arena);
    case Op::concat:
      if (a.is(Kind::string) && b.is(Kind::string)) return concatenate(a.as_string(), b.as_string(), arena);
      if (a.is(Kind::list) && b.is(Kind::list)) return join_lists(a, b, arena);
      break;
    case Op::sub:
      if ((is_temporal(a) || a.is(Kind::duration)) && b.is(Kind::duration)) {
        return or_throw(temporal_add(a, b.as_duration(), true, arena));
      }
      break;
    case Op::mul:
      if (a.is(Kind::duration) && b.is_number()) return scaled(duration_multiply(a.as_duration(), b), arena);
      if (b.is(Kind::duration) && a.is_number()) return scaled(duration_multiply(b.as_duration(), a), arena);
      break;
    case Op::div:
      if (a.is(Kind::duration) && b.is_number()) return scaled(duration_divide(a.as_duration(), b), arena);
      break;
    default: break;
  }
  bad_types(op, a, b);
}

Value negate(const Value& v, Arena& arena) {
  switch (v.kind()) {
    case Kind::null: return v;
    case Kind::integer:
      if (v.as_integer() == std::numeric_limits<std::int64_t>::min()) overflow(Op::sub, 0, v.as_integer());
      return Value::integer(-v.as_integer());
    case Kind::real: return Value::real(-v.as_real());
    case Kind::duration: return scaled(duration_multiply(v.as_duration(), Value::integer(-1)), arena);
    default:
      throw QueryError(Status::type_error, "Cannot use `-` on " + std::string(type_name(v.kind())) + ".");
  }
}

}  // namespace packhouse::cypher
