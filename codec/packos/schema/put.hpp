#pragma once
#include <span>

#include "codec/packos/frame_writer.hpp"
#include "codec/packos/schema/failure.hpp"
#include "value/value.hpp"

namespace packhouse::packos {

/// Encodes values through schemas; false, with failure(), when a value does not fit. What it writes the original reads, unless a frame has to be wide.
class Putter : public Walk {
 public:
  explicit Putter(FrameWriter& out) : out_(out) {}

  bool put(const Node& node, const Value& v);
  /// The fields of a tuple or chain from a list, or by name from a map.
  bool fields(const Node& owner, std::span<const Node> nodes, std::span<const Value> items, bool flatten);
  bool named_fields(const Node& owner, std::span<const Node> nodes, std::span<const std::string> names,
                             std::span<const MapEntry> map, bool flatten);

 private:
  bool integer(const Node& node, const Value& v);
  bool number(const Node& node, const Value& v);
  bool text(const Node& node, const Value& v);
  bool date(const Node& node, const Value& v);
  bool enumeration(const Node& node, const Value& v);
  bool multicheck(const Node& node, const Value& v);
  bool whatever(const Node& node, const Value& v, int depth);
  bool tuple(const Node& node, const Value& v);
  bool map(const Node& node, const Value& v);
  bool map_unordered(const Node& node, const Value& v);
  bool map_repeat(const Node& node, const Value& v);
  bool repeat(const Node& node, std::span<const Value> items);
  bool close(const Node& node, Result<void> closed);

  FrameWriter& out_;
};

}  // namespace packhouse::packos
