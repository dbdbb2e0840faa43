#pragma once
#include "base/buffer.hpp"
#include "packstream/backpatch.hpp"
#include "value/sink.hpp"

namespace packhouse::codec::cbor {

/// Appends CBOR (RFC 8949) to a buffer: shortest heads, floats in the shortest width that is exact, definite
/// lengths only. A ValueSink; lists and maps of unknown size get their head at the end. Temporal, point and
/// vector values become the tags of codec/cbor/tags.hpp; structures are refused. Not to be shared between threads.
class Writer {
 public:
  explicit Writer(Buffer& out) : out_(&out) {}

  Result<void> null() { return simple(0xF6); }
  Result<void> boolean(bool v) { return simple(v ? 0xF5 : 0xF4); }
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
  Result<void> simple(std::uint8_t b);
  Result<void> begin(std::uint32_t n, packstream::OpenContainers::Shape shape);
  Result<void> end();
  /// Tag 27, the list's head and the name; the arguments follow.
  void object(std::string_view name, std::uint32_t arguments);

  Buffer* out_;
  packstream::OpenContainers open_;
};
static_assert(ValueSink<Writer>);

}  // namespace packhouse::codec::cbor
