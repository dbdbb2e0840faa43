#include "codec/packos/schema/take.hpp"

#include <fmt/format.h>

#include "codec/packos/schema/text_rules.hpp"
#include "codec/packos/take_value.hpp"

// The schemas without others inside; take_containers.cpp has the rest.
namespace packhouse::packos {

Checked<Field> Taker::peek(const Node& node, const Fields& in) const {
  Field f;
  if (in.next >= in.frame.size()) return refuse(node, Code::constraint_violated, "Type Mismatch");
  if (!in.frame.get(in.next, f)) [[unlikely]] {
    return refuse(node, Code::constraint_violated, in.frame.field(in.next).error().message());
  }
  return f;
}

Checked<Field> Taker::next(const Node& node, Fields& in, Tag tag, std::size_t width, bool nullable) const {
  PACKHOUSE_TRY(const Field f, peek(node, in));
  if (f.tag != tag) [[unlikely]] return refuse(node, Code::constraint_violated, "Type Mismatch");
  const bool null = nullable && f.bytes.empty();
  if (width != 0 && f.bytes.size() != width && !null) [[unlikely]] {
    return refuse(node, Code::constraint_violated, fmt::format("{} != {}", f.bytes.size(), width));
  }
  ++in.next;
  return f;
}

Checked<Value> Taker::scalar(const Node& node, Fields& in, Tag tag, std::size_t width) {
  PACKHOUSE_TRY(const Field f, next(node, in, tag, width, node.accepts_null()));
  if (f.bytes.empty() || !arena_) return Value();
  if (tag == Tag::boolean) return Value::boolean(load<std::uint8_t>(f.bytes.data()) != 0);
  if (width == 4) return Value::real(static_cast<double>(load<float>(f.bytes.data())));
  return Value::real(load<double>(f.bytes.data()));
}

Checked<Value> Taker::integer(const Node& node, Fields& in, std::size_t width) {
  PACKHOUSE_TRY(const Field f, next(node, in, Tag::integer, width, node.accepts_null()));
  if (f.bytes.empty()) return Value();
  const auto v = load_integer(f.bytes.data(), width);
  // As in the original, bounds of an int8 are not looked at.
  if (node.rule != Rule::int8) PACKHOUSE_CHECK(check_range(node, v));
  return Value::integer(v);
}

Checked<Value> Taker::number(const Node& node, Fields& in) {
  PACKHOUSE_TRY(const Field f, peek(node, in));
  if (f.tag != Tag::integer && f.tag != Tag::floating) return refuse(node, Code::invalid_format, "Unsuported Type");
  const bool text = node.rule == Rule::number_string;
  ++in.next;
  if (f.bytes.empty()) return text && arena_ ? Value::string("") : Value();
  const bool whole = f.tag == Tag::integer;
  if (whole ? !is_integer_width(f.bytes.size()) : f.bytes.size() != 4 && f.bytes.size() != 8) {
    return refuse(node, Code::constraint_violated, "Unsuported Type");
  }
  const double v = whole ? static_cast<double>(load_integer(f.bytes.data(), f.bytes.size()))
                         : f.bytes.size() == 4 ? static_cast<double>(load<float>(f.bytes.data())) : load<double>(f.bytes.data());
  if (node.min || node.max) PACKHOUSE_CHECK(check_range(node, v));
  if (!arena_) return Value();
  return text ? Value::string(arena_->copy(number_text(v))) : Value::real(v);
}

Checked<Value> Taker::text(const Node& node, Fields& in) {
  const bool nullable = node.accepts_null();
  const auto width = nullable || node.width <= 0 ? std::size_t{0} : static_cast<std::size_t>(node.width);
  PACKHOUSE_TRY(const Field f, next(node, in, Tag::string, width, false));
  if (f.bytes.empty() && nullable && !arena_) return Value();
  std::string_view s = as_text(f.bytes);
  if (s.empty() && node.has_default) s = node.decode_default;
  PACKHOUSE_CHECK(check_text(node, s));
  if (!arena_) return Value();
  if (s.data() == node.decode_default.data()) s = arena_->copy(s);
  auto v = take_value(in.frame, {Tag::string, as_bytes(s)}, *arena_, {max_depth, true});
  if (!v) return refuse(node, Code::invalid_format, v.error().message());
  return *v;
}

Checked<Value> Taker::bytes(const Node& node, Fields& in) {
  PACKHOUSE_TRY(Field f, peek(node, in));
  // Bytes that were packed without a schema are told apart from text.
  const bool marked = f.tag == Tag::extended && !f.bytes.empty() && load<Extension>(f.bytes.data()) == Extension::bytes;
  if (!marked && f.tag != Tag::string) return refuse(node, Code::constraint_violated, "Type Mismatch");
  const Bytes content = marked ? f.bytes.subspan(1) : f.bytes;
  if (node.width > 0 && !node.nullable && content.size() != static_cast<std::size_t>(node.width)) {
    return refuse(node, Code::constraint_violated, fmt::format("{} != {}", content.size(), node.width));
  }
  ++in.next;
  return Value::bytes(content);
}

Checked<Value> Taker::date(const Node& node, Fields& in) {
  PACKHOUSE_TRY(const Field f, next(node, in, Tag::integer, 8, node.nullable));
  if (f.bytes.empty()) return Value();
  const auto seconds = load<std::int64_t>(f.bytes.data());
  PACKHOUSE_CHECK(check_date(node, seconds));
  constexpr std::int64_t limit = 31'556'889'864'403'199;  // the year 999,999,999
  if (seconds < -limit || seconds > limit) return refuse(node, Code::date_out_of_range, fmt::format("{} is beyond all dates", seconds));
  return Value::datetime({seconds, 0, Zone::offset(0)});
}

Checked<Value> Taker::enumeration(const Node& node, Fields& in) {
  PACKHOUSE_TRY(const Field f, next(node, in, Tag::integer, 2, node.nullable));
  if (f.bytes.empty()) return Value();
  const auto index = load<std::uint16_t>(f.bytes.data());
  if (index >= node.names.size()) return refuse(node, Code::constraint_violated, fmt::format("{} != {}", index, node.names.size()));
  return arena_ ? Value::string(arena_->copy(node.names[index])) : Value();
}

Checked<Value> Taker::multicheck(const Node& node, Fields& in) {
  PACKHOUSE_TRY(const Field f, next(node, in, Tag::string, 0, true));
  if (f.bytes.empty()) return Value();
  const std::size_t width = (node.names.size() + 7) / 8;
  if (f.bytes.size() < width) return refuse(node, Code::constraint_violated, fmt::format("{} != {}", f.bytes.size(), width));
  if (!arena_) return Value();
  std::vector<Value> set;
  for (std::size_t i = 0; i < node.names.size(); ++i) {
    if (load<std::uint8_t>(f.bytes.data() + i / 8) >> i % 8 & 1) set.push_back(Value::string(arena_->copy(node.names[i])));
  }
  return list(set);
}

Checked<Value> Taker::whatever(const Node& node, Fields& in) {
  if (in.left() == 0) return refuse(node, Code::unexpected_eof, fmt::format("Advance: out of bounds at pos {}", in.next));
  PACKHOUSE_TRY(const Field f, peek(node, in));
  if (node.rule == Rule::only && f.tag != node.tag) return refuse(node, Code::constraint_violated, "Type Mismatch");
  Arena scratch;
  auto v = take_value(in.frame, f, arena_ ? *arena_ : scratch, {max_depth, true});
  if (!v) return refuse(node, Code::invalid_format, v.error().message());
  ++in.next;
  return arena_ ? *v : Value();
}

Value Taker::list(std::span<const Value> items) const {
  if (!arena_) return Value();
  auto out = arena_->array<Value>(items.size());
  std::copy(items.begin(), items.end(), out.begin());
  return Value::list(out);
}

Checked<Value> Taker::take(const Node& node, Fields& in) {
  switch (node.rule) {
    case Rule::boolean: return scalar(node, in, Tag::boolean, 1);
    case Rule::int8: return integer(node, in, 1);
    case Rule::int16: return integer(node, in, 2);
    case Rule::int32: return integer(node, in, 4);
    case Rule::int64: return integer(node, in, 8);
    case Rule::float32: return scalar(node, in, Tag::floating, 4);
    case Rule::float64: return scalar(node, in, Tag::floating, 8);
    case Rule::number:
    case Rule::number_string: return number(node, in);
    case Rule::string:
    case Rule::email:
    case Rule::uri:
    case Rule::lang:
    case Rule::color: return text(node, in);
    case Rule::bytes: return bytes(node, in);
    case Rule::date: return date(node, in);
    case Rule::multicheck: return multicheck(node, in);
    case Rule::enumeration: return enumeration(node, in);
    case Rule::tuple: return tuple(node, in);
    case Rule::map: return map(node, in);
    case Rule::map_unordered: return map_unordered(node, in);
    case Rule::map_repeat: return map_repeat(node, in);
    case Rule::repeat: return repeat(node, in);
    case Rule::any:
    case Rule::only: break;
  }
  return whatever(node, in);
}

}  // namespace packhouse::packos
