#pragma once
#include "codec/any_sink.hpp"

namespace packhouse::codec::msgpack {

struct ReadOptions {
  std::uint32_t max_depth = 1000;
  bool extensions = true;      ///< false: extension types are refused
  bool repeated_keys = false;  ///< true: a key that comes twice is passed on, for the sink to decide
  bool prefix = false;         ///< true: bytes after the value are left alone
};

/// Reads exactly one MessagePack value from untrusted bytes. Strict: keys are strings and come once in a
/// map, UTF-8 is checked, sizes are believed only as far as the bytes allow; uint64 above 2^63-1 is
/// for sinks that take it, an error otherwise; float32 widens. Extension types: codec/msgpack/ext.hpp.
Result<void> read_any(Bytes in, AnySink& out, const ReadOptions& options = {});

template <ValueSink S>
Result<void> read(Bytes in, S& sink, const ReadOptions& options = {}) {
  SinkAdapter<S&> any(sink);
  return read_any(in, any, options);
}

}  // namespace packhouse::codec::msgpack
