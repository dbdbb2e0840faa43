#include "codec/packos/schema/put.hpp"

#include <fmt/format.h>

#include <limits>

#include "codec/packos/put_value.hpp"
#include "codec/packos/schema/take.hpp"
#include "codec/packos/schema/text_rules.hpp"

// The schemas without others inside; put_containers.cpp has the rest.
namespace packhouse::packos {
namespace {


}  // namespace

bool Putter::integer(const Node& node, const Value& v) {
  if (v.is_null() && node.null_ok) return out_.null(Tag::integer), true;
  if (!v.is(Kind::integer)) return refuse(node, Code::encode, "Type Mismatch");
  const std::int64_t i = v.as_integer();
  const std::size_t width = std::size_t{1} << (static_cast<unsigned>(node.rule) - static_cast<unsigned>(Rule::int8));
  if (integer_width(i) > width) return refuse(node, Code::encode, fmt::format("{} does not fit into {} bytes", i, width));
  if (node.rule != Rule::int8 && !in_range(node, i)) return refuse(node, outside_range(node, i));
  switch (width) {
    case 1: out_.fixed(static_cast<std::int8_t>(i)); break;
    case 2: out_.fixed(static_cast<std::int16_t>(i)); break;
    case 4: out_.fixed(static_cast<std::int32_t>(i)); break;
    default: out_.fixed(i); break;
  }
  return true;
}

bool Putter::number(const Node& node, const Value& v) {
  if (v.is_null() || (v.is(Kind::string) && v.as_string().empty())) return out_.null(Tag::integer), true;
  if (v.is(Kind::integer)) {
    if (!in_range(node, v.as_integer())) return refuse(node, outside_range(node, v.as_integer()));
    return out_.integer(v.as_integer()), true;
  }
  if (v.is(Kind::real)) {
    if (!in_range(node, v.as_real())) return refuse(node, outside_range(node, v.as_real()));
    return out_.numeric(v.as_real()), true;
  }
  if (!v.is(Kind::string)) return refuse(node, Code::encode, "Unsuported Type");
  Buffer probe;
  FrameWriter single(probe);
  single.begin_frame(1);
  if (!single.numeric_text(v.as_string()) || !single.end_frame()) return refuse(node, Code::encode, "Unsuported Type");
  const FrameView frame = FrameView::open(probe).value();
  if (node.min || node.max) {
    Fields in{frame};
    Taker taker(nullptr);
    Value ignored;
    if (!taker.take(node, in, ignored)) return adopt(taker);
  }
  Field f;
  frame.get(0, f);
  out_.raw(f.tag, f.bytes);
  return true;
}

bool Putter::text(const Node& node, const Value& v) {
  if (!v.is(Kind::string)) return refuse(node, Code::encode, "Type Mismatch");
  // The original reports a failed test as a failure to encode; it does not look at the width.
  if (!meets(node, v.as_string())) return refuse(node, Code::encode, why_not(node, v.as_string()).what);
  return out_.string(v.as_string()), true;
}

bool Putter::date(const Node& node, const Value& v) {
  std::int64_t seconds = 0;
  switch (v.kind()) {
    case Kind::null:
      if (!node.nullable) return refuse(node, Code::encode, "Type Mismatch");
      return out_.null(Tag::integer), true;
    case Kind::integer: seconds = v.as_integer(); break;
    case Kind::datetime: seconds = v.as_datetime().seconds; break;
    case Kind::date: seconds = v.as_date().days * 86'400; break;
    default: return refuse(node, Code::encode, "Type Mismatch");
  }
  if (!in_dates(node, seconds)) return refuse(node, outside_dates(node, seconds));
  return out_.fixed(seconds), true;
}

bool Putter::enumeration(const Node& node, const Value& v) {
  if (v.is_null() && node.nullable) return out_.null(Tag::integer), true;
  std::size_t index = node.names.size();
  if (v.is(Kind::integer)) {
    const auto i = v.as_integer();
    if (i < 0 || i >= static_cast<std::int64_t>(node.names.size())) {
      return refuse(node, Code::encode, fmt::format("{} != {}", i, node.names.size()));
    }
    index = static_cast<std::size_t>(i);
  } else if (v.is(Kind::string)) {
    index = static_cast<std::size_t>(std::find(node.names.begin(), node.names.end(), v.as_string()) - node.names.begin());
  }
  if (index == node.names.size()) return refuse(node, Code::encode, "Type Mismatch");
  return out_.fixed(static_cast<std::uint16_t>(index)), true;
}

bool Putter::multicheck(const Node& node, const Value& v) {
  if (v.is_null()) return out_.null(Tag::string), true;
  const auto flags = std::make_unique<bool[]>(node.names.size());
  const auto set = [&](const Value& name) {
    if (!name.is(Kind::string)) return false;
    for (std::size_t i = 0; i < node.names.size(); ++i) {
      if (node.names[i] == name.as_string()) flags[i] = true;
    }
    return true;
  };
  if (v.is(Kind::list)) {
    for (const Value& name : v.as_list()) {
      if (!set(name)) return refuse(node, Code::encode, "Type Mismatch");
    }
  } else if (!set(v)) {
    return refuse(node, Code::encode, "Type Mismatch");
  }
  return out_.flags({flags.get(), node.names.size()}), true;
}

/// Any value, floats as AddNumeric writes them.
bool Putter::whatever(const Node& node, const Value& v, int depth) {
  if (depth <= 0) return refuse(node, Code::encode, fmt::format("more than {} levels of nesting", max_depth));
  if (v.is(Kind::real)) return out_.numeric(v.as_real()), true;
  if (v.is(Kind::bytes)) return out_.plain_bytes(v.as_bytes()), true;
  if (v.is(Kind::list)) {
    out_.begin_tuple(v.as_list().size());
    for (const Value& item : v.as_list()) if (!whatever(node, item, depth - 1)) return false;
    return close(node, out_.end());
  }
  if (v.is(Kind::map)) {
    out_.begin_map(v.as_map().size());
    for (const auto& [key, item] : v.as_map()) {
      out_.string(key);
      if (!whatever(node, item, depth - 1)) return false;
    }
    return close(node, out_.end_map());
  }
  return close(node, put_value(out_, v));
}

bool Putter::close(const Node& node, Result<void> closed) {
  if (closed) return true;
  return refuse(node, Code::encode, closed.error().message());
}

bool Putter::put(const Node& node, const Value& v) {
  switch (node.rule) {
    case Rule::boolean:
      if (v.is_null() && node.nullable) return out_.null(Tag::boolean), true;
      if (!v.is(Kind::boolean)) return refuse(node, Code::encode, "Type Mismatch");
      return out_.boolean(v.as_boolean()), true;
    case Rule::int8:
    case Rule::int16:
    case Rule::int32:
    case Rule::int64: return integer(node, v);
    case Rule::float32:
    case Rule::float64:
      if (v.is_null() && node.nullable) return out_.null(Tag::floating), true;
      if (!v.is(Kind::real)) return refuse(node, Code::encode, "Type Mismatch");
      if (node.rule == Rule::float32) return out_.float32(static_cast<float>(v.as_real())), true;
      return out_.float64(v.as_real()), true;
    case Rule::number:
    case Rule::number_string: return number(node, v);
    case Rule::string:
    case Rule::email:
    case Rule::uri:
    case Rule::lang:
    case Rule::color: return text(node, v);
    case Rule::bytes:
      if (!v.is(Kind::bytes)) return refuse(node, Code::encode, "Type Mismatch");
      return out_.plain_bytes(v.as_bytes()), true;
    case Rule::date: return date(node, v);
    case Rule::multicheck: return multicheck(node, v);
    case Rule::enumeration: return enumeration(node, v);
    case Rule::tuple: return tuple(node, v);
    case Rule::map: return map(node, v);
    case Rule::map_unordered: return map_unordered(node, v);
    case Rule::map_repeat: return map_repeat(node, v);
    case Rule::repeat:
      if (!v.is(Kind::list)) return refuse(node, Code::encode, "Type Mismatch");
      return repeat(node, v.as_list());
    case Rule::any:
    case Rule::only: break;
  }
  return whatever(node, v, max_depth);
}

}  // namespace packhouse::packos
