#pragma once
#include "base/buffer.hpp"
#include "packstream/backpatch.hpp"
#include "value/sink.hpp"

namespace packhouse::codec::msgpack {

class Payload;
enum class Ext : std::int8_t;

/// Appends MessagePack to a buffer, always in the shortest form; floats are float64. A ValueSink; lists
/// and maps of unknown size get their header at the end. Temporal, point and vector values become the
/// extension types of codec/msgpack/ext.hpp; structures are refused. Not to be shared between threads.
class Writer {
 public:
  explicit Writer(Buffer& out) : out_(&out) {}

  Result<void> null();
  Result<void> boolean(bool v);
  Result<void> integer(std::int64_t v);
  Result<void> unsigned_integer(std::uint64_t v);
  Result<void> real(double v);
  Result<void> string(std::string_view v);
  Result<void> bytes(Bytes v);
  Result<void> list_begin(std::uint32_t n) { return begin(n, packstream::OpenContainers::Shape::list); }
  Result<void> list_end() { return end(); }
  Result<void> map_begin(std::uint32_t n) { return begin(n, packstream::OpenContainers::Shape::map); }
  Result<void> key(std::string_view k);
  Result<void> map_end() { return end(); }
  Result<void> structure_begin(std::uint8_t tag, std::uint32_t fields);
  Result<void> structure_end() { return {}; }
  Result<void> date(Date v);
  Result<void> local_time(LocalTime v);
  Result<void> time(Time v);
  Result<void> local_datetime(LocalDateTime v);
  Result<void> datetime(const DateTime& v);
  Result<void> duration(const Duration& v);
  Result<void> point(const Point& v);
  Result<void> vector(Element e, std::uint32_t dimensions, Bytes little_endian);

 private:
  Result<void> begin(std::uint32_t n, packstream::OpenContainers::Shape shape);
  Result<void> end();
  Result<void> text(std::string_view v);
  Result<void> ext(Ext type, const Payload& payload);

  Buffer* out_;
  packstream::OpenContainers open_;
};
static_assert(ValueSink<Writer>);

}  // namespace packhouse::codec::msgpack
