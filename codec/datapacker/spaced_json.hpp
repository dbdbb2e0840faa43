#pragma once
#include "base/buffer.hpp"
#include "value/value.hpp"

namespace packhouse::datapacker {

/// JSON as Python's json.dumps() writes it, which is what the original stores: ", " and ": " between things, ASCII
/// only, maps in their own order. NaN, infinities, bytes and other values that JSON has not are an error.
Result<void> write_spaced_json(const Value& v, Buffer& out);
/// The same with "," and ":" between things, as json.dumps(separators=(",", ":")) writes it.
Result<void> write_compact_json(const Value& v, Buffer& out);

/// A finite double as Python's repr(): the shortest digits that read back, an exponent from 1e16 on and below 1e-4.
std::string python_repr(double v);

}  // namespace packhouse::datapacker
