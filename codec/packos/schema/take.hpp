#pragma once
#include <algorithm>
#include <cstring>

#include "base/arena.hpp"
#include "codec/packos/frame.hpp"
#include "codec/packos/schema/failure.hpp"
#include "value/value.hpp"

namespace packhouse::packos {

/// The consecutive fields of one frame that schemas are applied to.
struct Fields {
  const FrameView& frame;
  std::size_t next = 0;
  std::size_t left() const { return next < frame.size() ? frame.size() - next : 0; }
};

/// Decodes through schemas, or only validates. One walk for both, so that validation accepts whatever
/// decoding accepts (P4); in addition it accepts an empty text where the text may be null.
class Taker : public Walk {
 public:
  /// With null as the arena nothing is built and all values are null.
  explicit Taker(Arena* arena) : arena_(arena) {}

  /// False, with failure(), when the next field does not meet the node.
  bool take(const Node& node, Fields& in, Value& out) {
    if (!arena_ && valid_at_once(node, in)) {
      ++in.next;
      return true;
    }
    return take_long(node, in, out);
  }

 private:
  static bool valid_at_once(const Node& node, const Fields& in);
  [[gnu::noinline]] bool take_long(const Node& node, Fields& in, Value& out);
  bool peek(const Node& node, const Fields& in, Field& f);
  bool next(const Node& node, Fields& in, Tag tag, std::size_t width, bool nullable, Field& f);
  bool scalar(const Node& node, Fields& in, Tag tag, std::size_t width, Value& out);
  bool integer(const Node& node, Fields& in, std::size_t width, Value& out);
  bool number(const Node& node, Fields& in, Value& out);
  bool text(const Node& node, Fields& in, Value& out);
  bool bytes(const Node& node, Fields& in, Value& out);
  bool date(const Node& node, Fields& in, Value& out);
  bool enumeration(const Node& node, Fields& in, Value& out);
  bool multicheck(const Node& node, Fields& in, Value& out);
  bool whatever(const Node& node, Fields& in, Value& out);
  bool container(const Node& node, Fields& in, bool map, FrameView& inner, bool& null);
  [[gnu::noinline]] bool container_long(const Node& node, Fields& in, bool map, FrameView& inner, bool& null);
  bool tuple(const Node& node, Fields& in, Value& out);
  bool map(const Node& node, Fields& in, Value& out);
  bool map_unordered(const Node& node, Fields& in, Value& out);
  bool map_repeat(const Node& node, Fields& in, Value& out);
  bool repeat(const Node& node, Fields& in, Value& out);
  bool key(const Node& node, const FrameView& frame, std::size_t i, std::string_view& out);
  Value list(std::span<const Value> items) const;

  Arena* arena_;
};

inline bool in_range(const Node& node, std::int64_t v) {
  return (!node.min || v >= *node.min) && (!node.max || v <= *node.max);
}
bool in_range(const Node& node, double v);
inline bool in_dates(const Node& node, std::int64_t seconds) {
  return (!node.from || seconds >= *node.from) && (!node.to || seconds <= *node.to);
}

/// Equality of texts that are short as a rule: no call for up to 16 bytes.
inline bool same_text(std::string_view a, std::string_view b) {
  const std::size_t n = a.size();
  if (n != b.size()) return false;
  const auto alike = [&]<class T>(T, std::size_t at) {
    T x, y;
    std::memcpy(&x, a.data() + at, sizeof x);
    std::memcpy(&y, b.data() + at, sizeof y);
    return x == y;
  };
  if (n > 16) return std::memcmp(a.data(), b.data(), n) == 0;
  if (n >= 8) return alike(std::uint64_t{}, 0) && alike(std::uint64_t{}, n - 8);
  if (n >= 4) return alike(std::uint32_t{}, 0) && alike(std::uint32_t{}, n - 4);
  for (std::size_t i = 0; i < n; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

/// Whether the next field is certainly valid: the usual case, and no word more than it takes. When not, the long way
/// decides, and finds the reason.
inline bool Taker::valid_at_once(const Node& node, const Fields& in) {
  using enum Node::Quick::Then;
  Field f;
  if (node.quick.then == never || !in.frame.get(in.next, f) || f.tag != node.quick.tag) return false;
  if (node.quick.width != 0 ? f.bytes.size() != node.quick.width : f.bytes.empty()) return false;
  if (node.quick.then == valid) return true;
  if (node.quick.then == range) return in_range(node, load_integer(f.bytes.data(), f.bytes.size()));
  const std::string_view text = as_text(f.bytes);
  if (node.quick.then == exact) return same_text(text, node.exact);
  return std::ranges::any_of(node.choices, [&](const std::string& choice) { return same_text(text, choice); });
}

/// "17 not in [18 , 99]", "V < MIN" or "V > MAX".
Refusal outside_range(const Node& node, std::int64_t v);
Refusal outside_range(const Node& node, double v);
Refusal outside_dates(const Node& node, std::int64_t v);
/// How many fields a repeat takes of `available`.
std::optional<std::size_t> repeated(const Node& node, std::size_t available, Refusal& why);

}  // namespace packhouse::packos
