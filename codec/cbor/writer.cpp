#include "codec/cbor/writer.hpp"

#include <bit>
#include <cmath>
#include <string>

#include "codec/cbor/head.hpp"
#include "codec/cbor/tags.hpp"
#include "codec/half.hpp"
#include "packstream/put_front.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::codec::cbor {
namespace {

using Shape = packstream::OpenContainers::Shape;

template <class T>
void big_endian(Buffer& out, std::uint8_t first, T v) {
  std::byte* const at = out.extend(1 + sizeof(T));
  at[0] = static_cast<std::byte>(first);
  for (std::size_t i = 0; i < sizeof(T); ++i) at[1 + i] = static_cast<std::byte>(v >> (8 * (sizeof(T) - 1 - i)));
}

void head(Buffer& out, Major major, std::uint64_t n) {
  const auto first = static_cast<std::uint8_t>(static_cast<std::uint8_t>(major) << 5);
  const auto with = [first](std::uint8_t info) { return static_cast<std::uint8_t>(first | info); };
  if (n < 24) {
    out.put(with(static_cast<std::uint8_t>(n)));
  } else if (n <= 0xFF) {
    big_endian(out, with(24), static_cast<std::uint8_t>(n));
  } else if (n <= 0xFFFF) {
    big_endian(out, with(25), static_cast<std::uint16_t>(n));
  } else if (n <= 0xFFFF'FFFF) {
    big_endian(out, with(26), static_cast<std::uint32_t>(n));
  } else {
    big_endian(out, with(27), n);
  }
}

void integer_item(Buffer& out, std::int64_t v) {
  if (v < 0) {
    head(out, Major::negative, ~static_cast<std::uint64_t>(v));
  } else {
    head(out, Major::positive, static_cast<std::uint64_t>(v));
  }
}

void text_item(Buffer& out, std::string_view v) {
  head(out, Major::text, v.size());
  out.append(as_bytes(v));
}

/// As float32, if nothing is lost (of a NaN neither).
bool fits_single(double v, float& single) {
  const auto bits = std::bit_cast<std::uint64_t>(v);
  if (std::isnan(v)) {
    if ((bits & 0x1FFF'FFFFU) != 0) return false;
    single = std::bit_cast<float>(static_cast<std::uint32_t>(bits >> 32 & 0x8000'0000U) | 0x7F80'0000U |
                                  static_cast<std::uint32_t>(bits >> 29 & 0x7F'FFFFU));
    return true;
  }
  if (std::isfinite(v) && std::fabs(v) > 0x1.fffffep+127) return false;
  single = static_cast<float>(v);
  return std::bit_cast<std::uint64_t>(static_cast<double>(single)) == bits;
}

void real_item(Buffer& out, double v) {
  const std::uint16_t half = half_from_double(v);
  float single;
  if (std::bit_cast<std::uint64_t>(half_to_double(half)) == std::bit_cast<std::uint64_t>(v)) {
    big_endian(out, 0xF9, half);
  } else if (fits_single(v, single)) {
    big_endian(out, 0xFA, std::bit_cast<std::uint32_t>(single));
  } else {
    big_endian(out, 0xFB, std::bit_cast<std::uint64_t>(v));
  }
}

Major major_of(Shape shape) {
  return shape == Shape::map ? Major::map : Major::list;
}

}  // namespace

Result<void> Writer::simple(std::uint8_t b) {
  open_.item();
  out_->put(b);
  return {};
}

Result<void> Writer::integer(std::int64_t v) {
  open_.item();
  integer_item(*out_, v);
  return {};
}

Result<void> Writer::unsigned_integer(std::uint64_t v) {
  open_.item();
  head(*out_, Major::positive, v);
  return {};
}

Result<void> Writer::real(double v) {
  open_.item();
  real_item(*out_, v);
  return {};
}

Result<void> Writer::string(std::string_view v) {
  open_.item();
  text_item(*out_, v);
  return {};
}

Result<void> Writer::key(std::string_view k) {
  open_.key();
  text_item(*out_, k);
  return {};
}

Result<void> Writer::bytes(Bytes v) {
  open_.item();
  head(*out_, Major::bytes, v.size());
  out_->append(v);
  return {};
}

Result<void> Writer::begin(std::uint32_t n, Shape shape) {
  open_.item();
  open_.begin(out_->size(), shape, n == unknown_size);
  head(*out_, major_of(shape), n == unknown_size ? 0 : n);
  return {};
}

Result<void> Writer::end() {
  const auto closed = open_.end();
  if (!closed) return {};
  Buffer real_head;
  head(real_head, major_of(closed->shape), closed->count);
  packstream::put_front(*out_, closed->start, real_head);
  return {};
}

Result<void> Writer::structure_begin(std::uint8_t tag, std::uint32_t) {
  return fail(Status::type_error, "CBOR can't carry a structure with tag " + std::to_string(tag));
}

Result<void> Writer::date(Date v) {
  open_.item();
  head(*out_, Major::tag, tag_date);
  integer_item(*out_, v.days);
  return {};
}

void Writer::object(std::string_view name, std::uint32_t arguments) {
  open_.item();
  head(*out_, Major::tag, tag_object);
  head(*out_, Major::list, arguments + 1);
  text_item(*out_, name);
}

Result<void> Writer::local_time(LocalTime v) {
  object("LocalTime", 1);
  integer_item(*out_, v.nanos);
  return {};
}

Result<void> Writer::time(Time v) {
  object("Time", 2);
  integer_item(*out_, v.nanos);
  integer_item(*out_, v.offset);
  return {};
}

Result<void> Writer::local_datetime(LocalDateTime v) {
  object("LocalDateTime", 2);
  integer_item(*out_, v.seconds);
  integer_item(*out_, v.nanos);
  return {};
}

Result<void> Writer::datetime(const DateTime& v) {
  object("DateTime", 3);
  integer_item(*out_, v.seconds);
  integer_item(*out_, v.nanos);
  if (v.zone.is_named()) {
    text_item(*out_, zone_name(v.zone.id()));
  } else {
    integer_item(*out_, v.zone.offset_seconds());
  }
  return {};
}

Result<void> Writer::duration(const Duration& v) {
  object("Duration", 4);
  for (const std::int64_t part : {v.months, v.days, v.seconds, std::int64_t{v.nanos}}) integer_item(*out_, part);
  return {};
}

Result<void> Writer::point(const Point& v) {
  object("Point", v.three_d() ? 4 : 3);
  integer_item(*out_, static_cast<std::int64_t>(v.crs));
  real_item(*out_, v.x);
  real_item(*out_, v.y);
  if (v.three_d()) real_item(*out_, v.z);
  return {};
}

Result<void> Writer::vector(Element e, std::uint32_t, Bytes little_endian) {
  open_.item();
  head(*out_, Major::tag, tag_of(e));
  head(*out_, Major::bytes, little_endian.size());
  out_->append(little_endian);
  return {};
}

}  // namespace packhouse::codec::cbor
