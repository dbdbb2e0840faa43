#pragma once
#include "base/buffer.hpp"
#include "codec/any_sink.hpp"

// MessagePack's extension types for what it has no form of its own for. All numbers are big-endian,
// except a vector's elements, which stay little-endian as in memory.
//
//   type  value            payload
//    -1   timestamp        32, 64 or 96 bits as the specification says; read as a DateTime at offset 0,
//                          never written
//     1   Date             int64 days since 1970-01-01
//     2   LocalTime        int64 nanoseconds of the day
//     3   Time             int64 nanoseconds of the day, int32 offset in seconds
//     4   LocalDateTime    int64 seconds, int32 nanoseconds
//     5   DateTime         int64 UTC seconds, int32 nanoseconds, int32 offset in seconds
//     6   DateTime         int64 UTC seconds, int32 nanoseconds, name of the time zone
//     7   Duration         int64 months, int64 days, int64 seconds, int32 nanoseconds
//     8   Point            uint16 SRID, two or three float64
//     9   Vector           uint8 element (0 i8, 1 i16, 2 i32, 3 i64, 4 f32, 5 f64), elements
namespace packhouse::codec::msgpack {

enum class Ext : std::int8_t {
  timestamp = -1,
  date = 1, local_time, time, local_datetime, datetime_offset, datetime_zone, duration, point, vector,
};

/// Checks the payload of an extension and reports the value; unknown types are an error. The message
/// doesn't name the format: CBOR uses this too.
Result<void> deliver_ext(std::int8_t type, Bytes payload, AnySink& out);

/// Appends big-endian numbers to a payload.
class Payload {
 public:
  template <class T>
  Payload& put(T v) {
    auto bits = static_cast<std::uint64_t>(v);
    for (std::size_t i = sizeof(T); i-- > 0;) bytes_.put(static_cast<std::uint8_t>(bits >> (8 * i)));
    return *this;
  }
  Payload& real(double v);
  Payload& raw(Bytes b) { return bytes_.append(b), *this; }
  Bytes view() const { return bytes_; }

 private:
  Buffer bytes_;
};

}  // namespace packhouse::codec::msgpack
