#include "codec/cbor/reader.hpp"
#include "codec/cbor/writer.hpp"
#include "codec/format.hpp"
#include "codec/json/reader.hpp"
#include "codec/json/writer.hpp"
#include "codec/msgpack/reader.hpp"
#include "codec/msgpack/writer.hpp"
#include "codec/packos/format.hpp"
#include "packstream/reader.hpp"
#include "packstream/writer.hpp"

// Every format of this library, one entry each: to add one, write its reader and its writer in a folder
// beside this file and name them here.
namespace packhouse::codec {
namespace {

template <class W>
std::unique_ptr<AnySink> make_writer(Buffer& out) {
  return std::make_unique<SinkAdapter<W>>(out);
}

Result<void> read_packstream(Bytes in, AnySink& out, const Limits& limits) {
  packstream::ReadOptions options;
  options.max_depth = limits.max_depth;
  return packstream::read(in, out, options);
}

Result<void> read_json(Bytes in, AnySink& out, const Limits& limits) {
  return json::read_any(in, out, {.max_depth = limits.max_depth});
}

Result<void> read_msgpack(Bytes in, AnySink& out, const Limits& limits) {
  return msgpack::read_any(in, out, {.max_depth = limits.max_depth});
}

Result<void> read_cbor(Bytes in, AnySink& out, const Limits& limits) {
  return cbor::read_any(in, out, {.max_depth = limits.max_depth});
}

FormatRegistry built_in() {
  FormatRegistry r;
  r.add({"packstream", "application/vnd.neo4j.packstream",
         {.bytes = true, .non_finite = true, .temporals = true, .points = true, .vectors = true, .structures = true},
         read_packstream, make_writer<packstream::Writer>});
  r.add({"json", "application/json",
         {.bytes = true, .non_finite = true, .temporals = true, .points = true, .vectors = true},
         read_json, make_writer<json::Writer>});
  r.add({"msgpack", "application/msgpack",
         {.bytes = true, .non_finite = true, .temporals = true, .points = true, .vectors = true},
         read_msgpack, make_writer<msgpack::Writer>});
  r.add({"cbor", "application/cbor",
         {.bytes = true, .non_finite = true, .temporals = true, .points = true, .vectors = true},
         read_cbor, make_writer<cbor::Writer>});
  r.add(packos::format());
  return r;
}

}  // namespace

const FormatRegistry& formats() {
  static const FormatRegistry registry = built_in();
  return registry;
}

}  // namespace packhouse::codec
