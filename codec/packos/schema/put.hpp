#pragma once
#include <span>

#include "codec/packos/frame_writer.hpp"
#include "codec/packos/schema/failure.hpp"
#include "value/value.hpp"

namespace packhouse::packos {

/// Encodes values through schemas. What it writes the original reads, unless a frame has to be wide.
class Putter {
 public:
  explicit Putter(FrameWriter& out) : out_(out) {}

  Checked<void> put(const Node& node, const Value& v);
  /// The fields of a tuple or chain from a list, or by name from a map.
  Checked<void> fields(const Node& owner, std::span<const Node> nodes, std::span<const Value> items, bool flatten);
  Checked<void> named_fields(const Node& owner, std::span<const Node> nodes, std::span<const std::string> names,
                             std::span<const MapEntry> map, bool flatten);

 private:
  Checked<void> integer(const Node& node, const Value& v);
  Checked<void> number(const Node& node, const Value& v);
  Checked<void> text(const Node& node, const Value& v);
  Checked<void> date(const Node& node, const Value& v);
  Checked<void> enumeration(const Node& node, const Value& v);
  Checked<void> multicheck(const Node& node, const Value& v);
  Checked<void> whatever(const Node& node, const Value& v, int depth);
  Checked<void> tuple(const Node& node, const Value& v);
  Checked<void> map(const Node& node, const Value& v);
  Checked<void> map_unordered(const Node& node, const Value& v);
  Checked<void> map_repeat(const Node& node, const Value& v);
  Checked<void> repeat(const Node& node, std::span<const Value> items);
  Checked<void> close(const Node& node, Result<void> closed);

  FrameWriter& out_;
};

}  // namespace packhouse::packos
