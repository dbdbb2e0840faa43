#pragma once
#include <string>
#include <vector>

#include "base/buffer.hpp"
#include "codec/json/writer.hpp"
#include "value/value.hpp"
#include "value/write.hpp"

namespace packhouse::codec::test {

/// A value of every kind that formats carry, alone and inside each other.
std::vector<Value> samples(Arena& arena);

/// Through the JSON writer, and back.
std::string as_json(const Value& v);
std::string from_hex(std::string_view hex);
std::string to_hex(Bytes b);

/// What `read` (bytes, sink) makes of the bytes, in typed JSON, or the error.
template <class Read>
std::string read_as_json(std::string_view hex, Read&& read) {
  Buffer out;
  json::Writer writer(out);
  const std::string in = from_hex(hex);
  const auto r = read(as_bytes(in), writer);
  return r ? std::string(as_text(out)) : "error: " + r.error().message();
}

/// What a format's Writer makes of a value, in hex, or the error.
template <class Writer>
std::string written_by(const Value& v) {
  Buffer out;
  Writer writer(out);
  const auto r = write(v, writer);
  return r ? to_hex(out) : "error: " + r.error().message();
}

}  // namespace packhouse::codec::test
