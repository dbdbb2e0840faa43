#pragma once
#include "base/buffer.hpp"
#include "codec/any_sink.hpp"
#include "codec/datapacker/dtype.hpp"
#include "value/value.hpp"

// The dtypes `msgpack` and `cbor`: null, booleans, numbers, strings, bytes, lists and maps, nothing else.
namespace packhouse::datapacker {

/// The order of a map's entries as they are written.
enum class KeyOrder : std::uint8_t {
  sorted,  ///< by their UTF-8 bytes: equal maps have equal bytes
  as_is,
};

/// Lists and maps inside each other that are read, and therefore written: 1023 in MessagePack, 256 in CBOR.
std::uint32_t depth_limit(Dtype::Kind format);

/// Appends `v`. Other kinds of values are a type error. After an error `out` may have grown.
Result<void> write_structured(Dtype::Kind format, const Value& v, KeyOrder order, Buffer& out);

/// Reads the value at the beginning of `in`; what follows it is ignored, the last of repeated keys wins.
/// Extension types and tags (but for big integers) are refused. Strings and bytes may stay views of `in`.
Result<Value> read_structured(Dtype::Kind format, Bytes in, Arena& arena);
/// The same into any sink, which sees repeated keys as they come.
Result<void> read_structured(Dtype::Kind format, Bytes in, codec::AnySink& out);

}  // namespace packhouse::datapacker
