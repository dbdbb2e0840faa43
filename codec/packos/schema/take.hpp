#pragma once
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
class Taker {
 public:
  /// With null as the arena nothing is built and all values are null.
  explicit Taker(Arena* arena) : arena_(arena) {}

  Checked<Value> take(const Node& node, Fields& in);

 private:
  Checked<Field> peek(const Node& node, const Fields& in) const;
  Checked<Field> next(const Node& node, Fields& in, Tag tag, std::size_t width, bool nullable) const;
  Checked<Value> scalar(const Node& node, Fields& in, Tag tag, std::size_t width);
  Checked<Value> integer(const Node& node, Fields& in, std::size_t width);
  Checked<Value> number(const Node& node, Fields& in);
  Checked<Value> text(const Node& node, Fields& in);
  Checked<Value> bytes(const Node& node, Fields& in);
  Checked<Value> date(const Node& node, Fields& in);
  Checked<Value> enumeration(const Node& node, Fields& in);
  Checked<Value> multicheck(const Node& node, Fields& in);
  Checked<Value> whatever(const Node& node, Fields& in);
  Checked<FrameView> container(const Node& node, Fields& in, bool map, bool& null);
  Checked<Value> tuple(const Node& node, Fields& in);
  Checked<Value> map(const Node& node, Fields& in);
  Checked<Value> map_unordered(const Node& node, Fields& in);
  Checked<Value> map_repeat(const Node& node, Fields& in);
  Checked<Value> repeat(const Node& node, Fields& in);
  Checked<std::string_view> key(const Node& node, const FrameView& frame, std::size_t i) const;
  Value list(std::span<const Value> items) const;

  Arena* arena_;
};

/// "17 not in [18 , 99]", "V < MIN" or "V > MAX" when `v` lies outside of the node's bounds.
Checked<void> check_range(const Node& node, std::int64_t v);
Checked<void> check_range(const Node& node, double v);
Checked<void> check_date(const Node& node, std::int64_t seconds);
/// How many fields a repeat takes of `available`.
Checked<std::size_t> repeated(const Node& node, std::size_t available);

}  // namespace packhouse::packos
