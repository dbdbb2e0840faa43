#include "cypher/semantic/types.hpp"

#include <bit>

namespace packhouse::cypher::semantic {
namespace {

constexpr Type both(Type a, Type b) {
  return static_cast<Type>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}
constexpr Type without(Type a, Type b) {
  return static_cast<Type>(static_cast<std::uint32_t>(a) & ~static_cast<std::uint32_t>(b));
}
constexpr bool has(Type t, Type these) {
  return overlap(t, these);
}

constexpr std::string_view names[] = {"Boolean",  "Integer",   "Float",  "String",        "ByteArray",
                                      "List<T>",  "Map",       "Node",   "Relationship",  "Path",
                                      "Date",     "LocalTime", "Time",   "LocalDateTime", "DateTime",
                                      "Duration", "Point",     "Vector", "Null"};

/// `t` as a set without null; any stays any.
constexpr Type kinds(Static t) {
  return t.type == Type::any ? Type::any : without(t.type, Type::null);
}
/// Null alone (or nothing known): every operator takes it.
constexpr bool unknown(Static t) {
  return t.type == Type::any || has(t.type, Type::null);
}

Operation fault(bool left, std::string_view expected) {
  return {{}, false, left, expected};
}

Operation logical(Static l, Static r) {
  if (!fits(l, Type::boolean)) return fault(true, "Boolean");
  if (!fits(r, Type::boolean)) return fault(false, "Boolean");
  return {of(Type::boolean)};
}

Type numeric(Type l, Type r) {
  if (l == Type::any || r == Type::any || has(without(l, Type::number), Type::any) ||
      has(without(r, Type::number), Type::any))
    return Type::any;
  Type t = Type::none;
  if (has(l, Type::floating) || has(r, Type::floating)) t = t | Type::floating;
  if (has(l, Type::integer) && has(r, Type::integer)) t = t | Type::integer;
  return t;
}

constexpr Type calendar = Type::temporal | Type::duration;
/// What can be joined to a string by +.
constexpr Type textual = Type::string | Type::number | Type::boolean | calendar | Type::point;

Operation addition(Static l, Static r) {
  const Type a = kinds(l), b = kinds(r);
  if (l.type == Type::list || r.type == Type::list) {
    const Type left = l.type == Type::list ? l.items : l.type, right = r.type == Type::list ? r.items : r.type;
    return {list_of(left | right)};
  }
  if (unknown(l) || unknown(r)) return {};
  if (has(a, Type::list) || has(b, Type::list)) return {};
  const bool numbers = has(a, Type::number) && has(b, Type::number);
  const bool texts = (has(a, Type::string) && has(b, textual)) || (has(b, Type::string) && has(a, textual));
  const bool times = (has(a, calendar) && has(b, Type::duration)) || (has(a, Type::duration) && has(b, calendar));
  const bool bytes = has(a, Type::bytes) && has(b, Type::bytes);
  if (numbers && !texts && !times) return {of(numeric(a, b))};
  if (texts && !numbers) return {of(Type::string)};
  if (times && !texts) return {of(calendar)};
  if (numbers || texts || times || bytes) return {};
  if (!has(a, textual | Type::bytes))
    return fault(true,
                 "Float, Integer, Point, String, Duration, Date, Time, LocalTime, LocalDateTime, DateTime or List<T>");
  if (has(a, Type::string))
    return fault(false,
                 "Float, Integer, Point, String, Duration, Date, Time, LocalTime, LocalDateTime, DateTime or List<T>");
  if (has(a, calendar)) return fault(false, "Duration, String or List<T>");
  return fault(false, "Float, Integer, String or List<T>");
}

Operation arithmetic(ast::Op op, Static l, Static r) {
  if (unknown(l) || unknown(r)) {
    const Type ok = op == ast::Op::pow || op == ast::Op::mod ? Type::number : Type::number | calendar;
    if (!fits(l, ok)) return fault(true, "Float or Integer");
    if (!fits(r, ok)) return fault(false, "Float or Integer");
    return {};
  }
  const Type a = kinds(l), b = kinds(r);
  const bool numbers = has(a, Type::number) && has(b, Type::number);
  bool times = false;
  if (op == ast::Op::sub) times = has(a, calendar) && has(b, Type::duration);
  if (op == ast::Op::mul)
    times = (has(a, Type::duration) && has(b, Type::number)) || (has(b, Type::duration) && has(a, Type::number));
  if (op == ast::Op::div) times = has(a, Type::duration) && has(b, Type::number);
  if (numbers && !times) return {of(op == ast::Op::pow ? Type::floating : numeric(a, b))};
  if (times && !numbers) return {of(op == ast::Op::sub ? calendar : Type::duration)};
  if (numbers || times) return {};
  const bool left = !has(a, Type::number | (op == ast::Op::pow || op == ast::Op::mod ? Type::none : calendar));
  if (op == ast::Op::pow || op == ast::Op::mod) return fault(left, "Float or Integer");
  if (!left && has(a, calendar)) return fault(false, op == ast::Op::sub ? "Duration" : "Float or Integer");
  return fault(left, op == ast::Op::sub && left
                         ? "Float, Integer, Duration, Date, Time, LocalTime, LocalDateTime or DateTime"
                         : "Float, Integer or Duration");
}

}  // namespace

Static join(Static a, Static b) {
  Static t{a.type | b.type};
  const bool left = has(a.type, Type::list), right = has(b.type, Type::list);
  t.items = left && right ? a.items | b.items : left ? a.items : right ? b.items : Type::any;
  return t;
}

Type items_of(Type kinds) {
  const auto bits = static_cast<std::uint32_t>(without(kinds, Type::null));
  const bool one = (bits & (bits - 1)) == 0 || without(kinds, Type::null | Type::number) == Type::none;
  return one ? kinds : Type::any;
}

bool fits(Static t, Type wanted) {
  if (t.type == Type::any || t.type == Type::none || wanted == Type::any) return true;
  if (has(wanted, Type::floating)) wanted = wanted | Type::integer;
  return has(t.type, wanted | Type::null);
}

bool only(Static t, Type these) {
  return t.type != Type::any && without(t.type, these | Type::null) == Type::none;
}

std::string describe(Static t) {
  if (t.type == Type::any) return "Any";
  if (t.type == Type::list && t.items != Type::any && t.items != Type::none) {
    const Type items = without(t.items, Type::null);
    if (std::has_single_bit(static_cast<std::uint32_t>(items))) return "List<" + describe(of(items)) + ">";
  }
  const Type shown = t.type == Type::null ? t.type : without(t.type, Type::null);
  std::string out;
  std::uint32_t left = static_cast<std::uint32_t>(shown);
  while (left != 0) {
    const auto bit = static_cast<std::size_t>(std::countr_zero(left));
    left &= left - 1;
    if (!out.empty()) out += left == 0 ? " or " : ", ";
    out += names[bit];
  }
  return out;
}

Static type_of(const Value& v) {
  switch (v.kind()) {
    case Kind::null: return of(Type::null);
    case Kind::boolean: return of(Type::boolean);
    case Kind::integer: return of(Type::integer);
    case Kind::real: return of(Type::floating);
    case Kind::string: return of(Type::string);
    default: return {};
  }
}

Operation type_of(ast::Op op, Static left, Static right) {
  using enum ast::Op;
  switch (op) {
    case or_:
    case xor_:
    case and_: return logical(left, right);
    case in:
      if (!fits(right, Type::list)) return fault(false, "List<T>");
      return {of(Type::boolean)};
    case add:
    case concat: return addition(left, right);
    case sub:
    case mul:
    case div:
    case mod:
    case pow: return arithmetic(op, left, right);
    default: return {of(Type::boolean)};
  }
}

Operation type_of(ast::Op op, Static operand) {
  switch (op) {
    case ast::Op::not_: return logical(operand, of(Type::boolean));
    case ast::Op::neg:
    case ast::Op::pos:
      if (!fits(operand, Type::number | Type::duration)) return fault(true, "Integer, Float or Duration");
      return {of(both(operand.type, Type::number | Type::duration))};
    default: return {of(Type::boolean)};
  }
}

}  // namespace packhouse::cypher::semantic
