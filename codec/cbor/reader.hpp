#pragma once
#include "codec/any_sink.hpp"

namespace packhouse::codec::cbor {

struct ReadOptions {
  std::uint32_t max_depth = 1000;
  bool tags = true;            ///< false: only the tags of big numbers are accepted
  bool repeated_keys = false;  ///< true: a key that comes twice is passed on, for the sink to decide
  bool prefix = false;         ///< true: bytes after the value are left alone
};

/// Reads exactly one CBOR value from untrusted bytes. Keys are texts and come once in a map, UTF-8 is checked,
/// sizes are believed only as far as the bytes allow; indefinite lengths, heads that are longer than needed and
/// floats of every width are accepted; `undefined` is null, other simple values are refused. Integers above
/// 2^63-1 are for sinks that take them, an error otherwise. Tags: codec/cbor/tags.hpp.
Result<void> read_any(Bytes in, AnySink& out, const ReadOptions& options = {});

template <ValueSink S>
Result<void> read(Bytes in, S& sink, const ReadOptions& options = {}) {
  SinkAdapter<S&> any(sink);
  return read_any(in, any, options);
}

}  // namespace packhouse::codec::cbor
