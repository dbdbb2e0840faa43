#pragma once
#include "codec/any_sink.hpp"

namespace packhouse::codec::msgpack {

struct ReadOptions {
  std::uint32_t max_depth = 1000;
};

/// Reads exactly one MessagePack value from untrusted bytes. Strict: keys are strings and come once in a
/// map, UTF-8 is checked, sizes are believed only as far as the bytes allow; uint64 above 2^63-1 does not
/// fit and is an error; float32 widens. Extension types: codec/msgpack/ext.hpp.
Result<void> read_any(Bytes in, AnySink& out, const ReadOptions& options = {});

template <ValueSink S>
Result<void> read(Bytes in, S& sink, const ReadOptions& options = {}) {
  SinkAdapter<S&> any(sink);
  return read_any(in, any, options);
}

}  // namespace packhouse::codec::msgpack
