#include "codec/msgpack/writer.hpp"

#include <bit>
#include <string>

#include "codec/msgpack/ext.hpp"
#include "packstream/put_front.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::codec::msgpack {
namespace {

using Shape = packstream::OpenContainers::Shape;

template <class T>
void big_endian(Buffer& out, T v) {
  for (std::size_t i = sizeof(T); i-- > 0;) out.put(static_cast<std::uint8_t>(static_cast<std::uint64_t>(v) >> (8 * i)));
}

template <class T>
void marked(Buffer& out, std::uint8_t marker, T v) {
  out.put(marker);
  big_endian(out, v);
}

void container_header(Buffer& out, std::uint32_t n, Shape shape) {
  const bool map = shape == Shape::map;
  if (n < 16) {
    out.put(static_cast<std::uint8_t>((map ? 0x80U : 0x90U) | n));
  } else if (n <= 0xFFFF) {
    marked(out, map ? 0xDE : 0xDC, static_cast<std::uint16_t>(n));
  } else {
    marked(out, map ? 0xDF : 0xDD, n);
  }
}

/// 8, 16 and 32 bit forms follow each other.
void sized_header(Buffer& out, std::uint8_t first, std::uint32_t n) {
  if (n <= 0xFF) {
    marked(out, first, static_cast<std::uint8_t>(n));
  } else if (n <= 0xFFFF) {
    marked(out, static_cast<std::uint8_t>(first + 1), static_cast<std::uint16_t>(n));
  } else {
    marked(out, static_cast<std::uint8_t>(first + 2), n);
  }
}

Result<void> check_size(std::uint64_t n) {
  if (n < unknown_size) return {};
  return fail(Status::argument_error, "MessagePack can't carry a size of " + std::to_string(n));
}

void positive_integer(Buffer& out, std::uint64_t v) {
  if (v <= 0x7F) {
    out.put(static_cast<std::uint8_t>(v));
  } else if (v <= 0xFF) {
    marked(out, 0xCC, static_cast<std::uint8_t>(v));
  } else if (v <= 0xFFFF) {
    marked(out, 0xCD, static_cast<std::uint16_t>(v));
  } else if (v <= 0xFFFF'FFFF) {
    marked(out, 0xCE, static_cast<std::uint32_t>(v));
  } else {
    marked(out, 0xCF, v);
  }
}

void negative_integer(Buffer& out, std::int64_t v) {
  if (v >= -32) {
    out.put(static_cast<std::uint8_t>(v));
  } else if (v >= INT8_MIN) {
    marked(out, 0xD0, static_cast<std::int8_t>(v));
  } else if (v >= INT16_MIN) {
    marked(out, 0xD1, static_cast<std::int16_t>(v));
  } else if (v >= INT32_MIN) {
    marked(out, 0xD2, static_cast<std::int32_t>(v));
  } else {
    marked(out, 0xD3, v);
  }
}

}  // namespace

Result<void> Writer::null() {
  open_.item();
  out_->put(0xC0);
  return {};
}

Result<void> Writer::boolean(bool v) {
  open_.item();
  out_->put(v ? 0xC3 : 0xC2);
  return {};
}

Result<void> Writer::integer(std::int64_t v) {
  open_.item();
  if (v < 0) {
    negative_integer(*out_, v);
  } else {
    positive_integer(*out_, static_cast<std::uint64_t>(v));
  }
  return {};
}

Result<void> Writer::unsigned_integer(std::uint64_t v) {
  open_.item();
  positive_integer(*out_, v);
  return {};
}

Result<void> Writer::real(double v) {
  open_.item();
  marked(*out_, 0xCB, std::bit_cast<std::uint64_t>(v));
  return {};
}

Result<void> Writer::text(std::string_view v) {
  PACKHOUSE_CHECK(check_size(v.size()));
  if (v.size() < 32) {
    out_->put(static_cast<std::uint8_t>(0xA0U | v.size()));
  } else {
    sized_header(*out_, 0xD9, static_cast<std::uint32_t>(v.size()));
  }
  out_->append(as_bytes(v));
  return {};
}

Result<void> Writer::string(std::string_view v) {
  open_.item();
  return text(v);
}

Result<void> Writer::key(std::string_view k) {
  open_.key();
  return text(k);
}

Result<void> Writer::bytes(Bytes v) {
  PACKHOUSE_CHECK(check_size(v.size()));
  open_.item();
  sized_header(*out_, 0xC4, static_cast<std::uint32_t>(v.size()));
  out_->append(v);
  return {};
}

Result<void> Writer::begin(std::uint32_t n, Shape shape) {
  open_.item();
  open_.begin(out_->size(), shape, n == unknown_size);
  container_header(*out_, n == unknown_size ? 0 : n, shape);
  return {};
}

Result<void> Writer::end() {
  const auto closed = open_.end();
  if (!closed) return {};
  PACKHOUSE_CHECK(check_size(closed->count));
  Buffer header;
  container_header(header, static_cast<std::uint32_t>(closed->count), closed->shape);
  packstream::put_front(*out_, closed->start, header);
  return {};
}

Result<void> Writer::structure_begin(std::uint8_t tag, std::uint32_t) {
  return fail(Status::type_error, "MessagePack can't carry a structure with tag " + std::to_string(tag));
}

Result<void> Writer::ext(Ext type, const Payload& payload) {
  const Bytes b = payload.view();
  PACKHOUSE_CHECK(check_size(b.size()));
  open_.item();
  if (std::has_single_bit(b.size()) && b.size() <= 16) {
    out_->put(static_cast<std::uint8_t>(0xD4 + std::countr_zero(b.size())));
  } else {
    sized_header(*out_, 0xC7, static_cast<std::uint32_t>(b.size()));
  }
  out_->put(static_cast<std::uint8_t>(type));
  out_->append(b);
  return {};
}

Result<void> Writer::date(Date v) { return ext(Ext::date, Payload().put(v.days)); }
Result<void> Writer::local_time(LocalTime v) { return ext(Ext::local_time, Payload().put(v.nanos)); }
Result<void> Writer::time(Time v) { return ext(Ext::time, Payload().put(v.nanos).put(v.offset)); }

Result<void> Writer::local_datetime(LocalDateTime v) {
  return ext(Ext::local_datetime, Payload().put(v.seconds).put(v.nanos));
}

Result<void> Writer::datetime(const DateTime& v) {
  Payload p;
  p.put(v.seconds).put(v.nanos);
  if (v.zone.is_named()) return ext(Ext::datetime_zone, p.raw(as_bytes(zone_name(v.zone.id()))));
  return ext(Ext::datetime_offset, p.put(v.zone.offset_seconds()));
}

Result<void> Writer::duration(const Duration& v) {
  return ext(Ext::duration, Payload().put(v.months).put(v.days).put(v.seconds).put(v.nanos));
}

Result<void> Writer::point(const Point& v) {
  Payload p;
  p.put(static_cast<std::uint16_t>(v.crs)).real(v.x).real(v.y);
  if (v.three_d()) p.real(v.z);
  return ext(Ext::point, p);
}

Result<void> Writer::vector(Element e, std::uint32_t, Bytes little_endian) {
  return ext(Ext::vector, Payload().put(static_cast<std::uint8_t>(e)).raw(little_endian));
}

}  // namespace packhouse::codec::msgpack
