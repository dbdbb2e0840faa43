#include "packstream/writer.hpp"

#include <array>
#include <string>

#include "packstream/elements.hpp"
#include "packstream/put_front.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::packstream {
namespace {

std::uint8_t element_marker(Element e) {
  switch (e) {
    case Element::i8: return marker::int8;
    case Element::i16: return marker::int16;
    case Element::i32: return marker::int32;
    case Element::i64: return marker::int64;
    case Element::f32: return 0xC6;
    case Element::f64: return marker::real;
  }
  return marker::null;
}

}  // namespace

void Writer::write_date(Date v) {
  write_structure_header(tag::date, 1);
  write_integer(v.days);
}

void Writer::write_local_time(LocalTime v) {
  write_structure_header(tag::local_time, 1);
  write_integer(v.nanos);
}

void Writer::write_time(Time v) {
  write_structure_header(tag::time, 2);
  write_integer(v.nanos);
  write_integer(v.offset);
}

void Writer::write_local_datetime(LocalDateTime v) {
  write_structure_header(tag::local_datetime, 2);
  write_integer(v.seconds);
  write_integer(v.nanos);
}

void Writer::write_datetime(const DateTime& v) {
  const bool utc = dialect_.utc_datetimes;
  const bool named = v.zone.is_named();
  if (named) {
    write_structure_header(utc ? tag::datetime_zone : tag::legacy_datetime_zone, 3);
  } else {
    write_structure_header(utc ? tag::datetime : tag::legacy_datetime, 3);
  }
  write_integer(utc ? v.seconds : v.seconds + offset_at(v.zone, v.seconds));
  write_integer(v.nanos);
  if (named) {
    write_string(zone_name(v.zone.id()));
  } else {
    write_integer(v.zone.offset_seconds());
  }
}

void Writer::write_duration(const Duration& v) {
  write_structure_header(tag::duration, 4);
  write_integer(v.months);
  write_integer(v.days);
  write_integer(v.seconds);
  write_integer(v.nanos);
}

void Writer::write_point(const Point& v) {
  const bool three_d = v.three_d();
  write_structure_header(three_d ? tag::point_3d : tag::point_2d, three_d ? 4 : 3);
  write_integer(static_cast<std::int64_t>(v.crs));
  write_real(v.x);
  write_real(v.y);
  if (three_d) write_real(v.z);
}

void Writer::write_vector(Element e, std::uint32_t dimensions, Bytes little_endian) {
  if (dialect_.vectors) {
    write_structure_header(tag::vector, 2);
    const std::byte m{element_marker(e)};
    write_bytes({&m, 1});
    write_header(little_endian.size(), no_tiny_form, marker::bytes8);
    swap_elements(e, little_endian, out_->extend(little_endian.size()));
    return;
  }
  write_list_header(dimensions);
  for (std::uint32_t i = 0; i < dimensions; ++i) {
    const ElementNumber n = element_at(e, little_endian, i);
    n.is_real ? write_real(n.real) : write_integer(n.integer);
  }
}

Result<void> Writer::vector(Element e, std::uint32_t dimensions, Bytes little_endian) {
  const std::size_t expected = std::size_t{dimensions} * size_of(e);
  if (little_endian.size() != expected || expected > max_size) {
    return fail(Status::internal, "a vector of " + std::to_string(dimensions) + " elements came with " +
                                      std::to_string(little_endian.size()) + " bytes, expected " +
                                      std::to_string(expected));
  }
  open_.item();
  write_vector(e, dimensions, little_endian);
  return {};
}

Result<void> Writer::uuid(Bytes sixteen) {
  if (!dialect_.uuid) return fail(Status::type_error, "a UUID can't be sent below Bolt 6.1");
  if (sixteen.size() != 16) {
    return fail(Status::internal, "a UUID has 16 bytes, found " + std::to_string(sixteen.size()));
  }
  open_.item();
  out_->put(marker::uuid);
  out_->append(sixteen);
  return {};
}

Result<void> Writer::patch(const OpenContainers::Closed& closed) {
  if (closed.count > max_size) return too_large(closed.count);
  const bool map = closed.shape == OpenContainers::Shape::map;
  std::array<std::byte, 5> header;
  const std::byte* const end =
      map ? put_header(header.data(), closed.count, marker::tiny_map, marker::map8)
          : put_header(header.data(), closed.count, marker::tiny_list, marker::list8);
  put_front(*out_, closed.start, {header.data(), end});
  return {};
}

Result<void> Writer::too_large(std::size_t n) {
  return fail(Status::argument_error, "PackStream can't carry a size of " + std::to_string(n) + ", at most " +
                                          std::to_string(max_size));
}

Result<void> Writer::too_many_fields(std::uint32_t n) {
  return fail(Status::internal, "a PackStream structure has at most 15 fields, not " + std::to_string(n));
}

}  // namespace packhouse::packstream
