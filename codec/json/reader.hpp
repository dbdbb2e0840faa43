#pragma once
#include "codec/any_sink.hpp"

// JSON (RFC 8259) as a format of values.
//
// Numbers written as integers are integers and must fit 64 bits; all others are floats. Duplicate keys,
// lone surrogates and invalid UTF-8 are refused. What JSON has no form for comes as an object whose
// first key is "$type", as in Neo4j's Query API ("typed JSON"):
//
//   {"$type": "Base64", "_value": "AQID"}                       bytes
//   {"$type": "Float", "_value": "NaN"}                         also "Infinity", "-Infinity"
//   {"$type": "Date", "_value": "2024-02-29"}                   also Time, LocalTime, LocalDateTime,
//                                                               OffsetDateTime, ZonedDateTime, Duration
//   {"$type": "Point", "_value": "SRID=7203;POINT (1.0 2.0)"}   in space: POINT Z (1.0 2.0 3.0)
//   {"$type": "Vector", "_value": {"coordinatesType": "INT8", "coordinates": ["1", "2"]}}
//   {"$type": "Map", "_value": {"$type": ...}}                  a map that really has such a key
//
// Integer, String, Boolean, Null and List are read as well.
namespace packhouse::codec::json {

struct ReadOptions {
  std::uint32_t max_depth = 1000;
  bool typed = true;  ///< false: "$type" is a key like any other
};

Result<void> read_any(Bytes in, AnySink& out, const ReadOptions& options = {});

/// Reads one value from untrusted bytes into `sink`; nothing but white space may follow it.
template <ValueSink S>
Result<void> read(Bytes in, S& sink, const ReadOptions& options = {}) {
  SinkAdapter<S&> any(sink);
  return read_any(in, any, options);
}

/// The value itself, with its texts in `arena`.
Result<Value> read_value(Bytes in, Arena& arena, const ReadOptions& options = {});

}  // namespace packhouse::codec::json
