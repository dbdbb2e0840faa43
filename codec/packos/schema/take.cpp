#include "codec/packos/schema/take.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "codec/packos/schema/text_rules.hpp"
#include "codec/packos/take_value.hpp"

// The schemas without others inside; take_containers.cpp has the rest.
namespace packhouse::packos {

inline bool Taker::peek(const Node& node, const Fields& in, Field& f) {
  if (in.frame.get(in.next, f)) [[likely]] return true;
  if (in.next >= in.frame.size()) return refuse(node, Code::constraint_violated, "Type Mismatch");
  return refuse(node, Code::constraint_violated, in.frame.field(in.next).error().message());
}

inline bool Taker::next(const Node& node, Fields& in, Tag tag, std::size_t width, bool nullable, Field& f) {
  if (!peek(node, in, f)) return false;
  if (f.tag != tag) [[unlikely]] return refuse(node, Code::constraint_violated, "Type Mismatch");
  if (width != 0 && f.bytes.size() != width && !(nullable && f.bytes.empty())) [[unlikely]] {
    return refuse(node, Code::constraint_violated, fmt::format("{} != {}", f.bytes.size(), width));
  }
  ++in.next;
  return true;
}

bool Taker::scalar(const Node& node, Fields& in, Tag tag, std::size_t width, Value& out) {
  Field f;
  if (!next(node, in, tag, width, node.null_ok, f)) return false;
  if (f.bytes.empty() || !arena_) return true;
  if (tag == Tag::boolean) out = Value::boolean(load<std::uint8_t>(f.bytes.data()) != 0);
  else if (width == 4) out = Value::real(static_cast<double>(load<float>(f.bytes.data())));
  else out = Value::real(load<double>(f.bytes.data()));
  return true;
}

bool Taker::integer(const Node& node, Fields& in, std::size_t width, Value& out) {
  Field f;
  if (!next(node, in, Tag::integer, width, node.null_ok, f)) return false;
  if (f.bytes.empty()) return true;
  const auto v = load_integer(f.bytes.data(), width);
  // As in the original, bounds of an int8 are not looked at.
  if (node.rule != Rule::int8 && !in_range(node, v)) [[unlikely]] return refuse(node, outside_range(node, v));
  out = Value::integer(v);
  return true;
}

bool Taker::number(const Node& node, Fields& in, Value& out) {
  Field f;
  if (!peek(node, in, f)) return false;
  if (f.tag != Tag::integer && f.tag != Tag::floating) return refuse(node, Code::invalid_format, "Unsuported Type");
  const bool text = node.rule == Rule::number_string;
  ++in.next;
  if (f.bytes.empty()) {
    if (text && arena_) out = Value::string("");
    return true;
  }
  const bool whole = f.tag == Tag::integer;
  if (whole ? !is_integer_width(f.bytes.size()) : f.bytes.size() != 4 && f.bytes.size() != 8) {
    return refuse(node, Code::constraint_violated, "Unsuported Type");
  }
  const double v = whole ? static_cast<double>(load_integer(f.bytes.data(), f.bytes.size()))
                         : f.bytes.size() == 4 ? static_cast<double>(load<float>(f.bytes.data())) : load<double>(f.bytes.data());
  if (!in_range(node, v)) return refuse(node, outside_range(node, v));
  if (arena_) out = text ? Value::string(arena_->copy(number_text(v))) : Value::real(v);
  return true;
}

bool Taker::text(const Node& node, Fields& in, Value& out) {
  Field f;
  if (!next(node, in, Tag::string, node.fixed_width, false, f)) return false;
  if (f.bytes.empty() && node.null_ok && !arena_) return true;
  std::string_view s = as_text(f.bytes);
  const bool by_default = s.empty() && node.has_default;
  if (by_default) s = node.decode_default;
  if (node.test != TextTest::none && !meets(node, s)) [[unlikely]] return refuse(node, why_not(node, s));
  if (!arena_) return true;
  if (by_default) s = arena_->copy(s);
  out = is_utf8(s) ? Value::string(s) : Value::bytes(as_bytes(s));
  return true;
}

bool Taker::bytes(const Node& node, Fields& in, Value& out) {
  Field f;
  if (!peek(node, in, f)) return false;
  // Bytes that were packed without a schema are told apart from text.
  const bool marked = f.tag == Tag::extended && !f.bytes.empty() && load<Extension>(f.bytes.data()) == Extension::bytes;
  if (!marked && f.tag != Tag::string) return refuse(node, Code::constraint_violated, "Type Mismatch");
  const Bytes content = marked ? f.bytes.subspan(1) : f.bytes;
  if (node.fixed_width != 0 && content.size() != node.fixed_width) {
    return refuse(node, Code::constraint_violated, fmt::format("{} != {}", content.size(), node.width));
  }
  ++in.next;
  out = Value::bytes(content);
  return true;
}

bool Taker::date(const Node& node, Fields& in, Value& out) {
  Field f;
  if (!next(node, in, Tag::integer, 8, node.nullable, f)) return false;
  if (f.bytes.empty()) return true;
  const auto seconds = load<std::int64_t>(f.bytes.data());
  if (!in_dates(node, seconds)) return refuse(node, outside_dates(node, seconds));
  constexpr std::int64_t limit = 31'556'889'864'403'199;  // the year 999,999,999
  if (seconds < -limit || seconds > limit) return refuse(node, Code::date_out_of_range, fmt::format("{} is beyond all dates", seconds));
  out = Value::datetime({seconds, 0, Zone::offset(0)});
  return true;
}

bool Taker::enumeration(const Node& node, Fields& in, Value& out) {
  Field f;
  if (!next(node, in, Tag::integer, 2, node.nullable, f)) return false;
  if (f.bytes.empty()) return true;
  const auto index = load<std::uint16_t>(f.bytes.data());
  if (index >= node.names.size()) return refuse(node, Code::constraint_violated, fmt::format("{} != {}", index, node.names.size()));
  if (arena_) out = Value::string(arena_->copy(node.names[index]));
  return true;
}

bool Taker::multicheck(const Node& node, Fields& in, Value& out) {
  Field f;
  if (!next(node, in, Tag::string, 0, true, f)) return false;
  if (f.bytes.empty()) return true;
  const std::size_t width = (node.names.size() + 7) / 8;
  if (f.bytes.size() < width) return refuse(node, Code::constraint_violated, fmt::format("{} != {}", f.bytes.size(), width));
  if (!arena_) return true;
  std::vector<Value> set;
  for (std::size_t i = 0; i < node.names.size(); ++i) {
    if (load<std::uint8_t>(f.bytes.data() + i / 8) >> i % 8 & 1) set.push_back(Value::string(arena_->copy(node.names[i])));
  }
  out = list(set);
  return true;
}

bool Taker::whatever(const Node& node, Fields& in, Value& out) {
  if (in.left() == 0) return refuse(node, Code::unexpected_eof, fmt::format("Advance: out of bounds at pos {}", in.next));
  Field f;
  if (!peek(node, in, f)) return false;
  if (node.rule == Rule::only && f.tag != node.tag) return refuse(node, Code::constraint_violated, "Type Mismatch");
  Arena scratch;
  auto v = take_value(in.frame, f, arena_ ? *arena_ : scratch, {max_depth, true});
  if (!v) return refuse(node, Code::invalid_format, v.error().message());
  ++in.next;
  if (arena_) out = *v;
  return true;
}

Value Taker::list(std::span<const Value> items) const {
  auto out = arena_->array<Value>(items.size());
  std::copy(items.begin(), items.end(), out.begin());
  return Value::list(out);
}

bool Taker::take_long(const Node& node, Fields& in, Value& out) {
  switch (node.rule) {
    case Rule::boolean: return scalar(node, in, Tag::boolean, 1, out);
    case Rule::int8: return integer(node, in, 1, out);
    case Rule::int16: return integer(node, in, 2, out);
    case Rule::int32: return integer(node, in, 4, out);
    case Rule::int64: return integer(node, in, 8, out);
    case Rule::float32: return scalar(node, in, Tag::floating, 4, out);
    case Rule::float64: return scalar(node, in, Tag::floating, 8, out);
    case Rule::number:
    case Rule::number_string: return number(node, in, out);
    case Rule::string:
    case Rule::email:
    case Rule::uri:
    case Rule::lang:
    case Rule::color: return text(node, in, out);
    case Rule::bytes: return bytes(node, in, out);
    case Rule::date: return date(node, in, out);
    case Rule::multicheck: return multicheck(node, in, out);
    case Rule::enumeration: return enumeration(node, in, out);
    case Rule::tuple: return tuple(node, in, out);
    case Rule::map: return map(node, in, out);
    case Rule::map_unordered: return map_unordered(node, in, out);
    case Rule::map_repeat: return map_repeat(node, in, out);
    case Rule::repeat: return repeat(node, in, out);
    case Rule::any:
    case Rule::only: break;
  }
  return whatever(node, in, out);
}

}  // namespace packhouse::packos
