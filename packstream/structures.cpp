#include "packstream/structures.hpp"

#include <cmath>
#include <string>

#include "base/utf8.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::packstream {
namespace {

constexpr std::int64_t min_day = -365243219162, max_day = 365241780471;  // years -999,999,999 and 999,999,999
constexpr std::int64_t nanos_per_day = 86'400'000'000'000, nanos_per_second = 1'000'000'000;
constexpr std::int64_t min_second = min_day * 86400, max_second = max_day * 86400 + 86399;
constexpr std::int64_t max_offset = 18 * 3600;
constexpr std::uint32_t max_dimensions = 4096;

struct Row {
  std::uint8_t tag;
  std::uint8_t fields;
  const char* name;
};
constexpr Row known[] = {
    {tag::node, 0, "Node"},
    {tag::relationship, 0, "Relationship"},
    {tag::unbound_relationship, 0, "UnboundRelationship"},
    {tag::path, 0, "Path"},
    {tag::unsupported, 0, "UnsupportedType"},
    {tag::date, 1, "Date"},
    {tag::time, 2, "Time"},
    {tag::local_time, 1, "LocalTime"},
    {tag::local_datetime, 2, "LocalDateTime"},
    {tag::datetime, 3, "DateTime"},
    {tag::datetime_zone, 3, "DateTimeZoneId"},
    {tag::legacy_datetime, 3, "legacy DateTime"},
    {tag::legacy_datetime_zone, 3, "legacy DateTimeZoneId"},
    {tag::duration, 4, "Duration"},
    {tag::point_2d, 3, "Point2D"},
    {tag::point_3d, 4, "Point3D"},
    {tag::vector, 2, "Vector"},
};

const Row* row_of(std::uint8_t tag) {
  for (const Row& r : known) {
    if (r.tag == tag) return &r;
  }
  return nullptr;
}

std::string at(std::size_t position) { return " at byte " + std::to_string(position); }

/// Reads the fields of one structure; each call says what the field must be.
class Fields {
 public:
  Fields(Cursor& in, const Row& row) : in_(in), row_(row), start_(in.position()) {}

  Result<std::int64_t> integer(const char* what) {
    PACKHOUSE_TRY(const Token t, next(what, Type::integer));
    return t.integer();
  }
  Result<double> real(const char* what) {
    PACKHOUSE_TRY(const Token t, next(what, Type::real));
    return t.real();
  }
  Result<Bytes> bytes(const char* what) {
    PACKHOUSE_TRY(const Token t, next(what, Type::bytes));
    return t.bytes();
  }
  Result<std::string_view> string(const char* what) {
    PACKHOUSE_TRY(const Token t, next(what, Type::string));
    if (!in_.check_text(t)) return tl::make_unexpected(in_.error());
    return t.text();
  }
  tl::unexpected<Error> refuse(Status s, const std::string& why) const {
    return fail(s, std::string(row_.name) + at(start_ - 2) + ": " + why);
  }

 private:
  Result<Token> next(const char* what, Type expected) {
    Token t;
    if (!in_.next(t)) return tl::make_unexpected(in_.error());
    if (t.type != expected) {
      return refuse(Status::request_invalid, std::string(what) + " must be " + std::string(name(expected)) +
                                                 ", found " + std::string(name(t.type)));
    }
    return t;
  }

  Cursor& in_;
  const Row& row_;
  std::size_t start_;
};

Result<std::int64_t> ranged(Fields& f, const char* what, std::int64_t low, std::int64_t high, Status status) {
  PACKHOUSE_TRY(const std::int64_t v, f.integer(what));
  if (v < low || v > high) {
    return f.refuse(status, std::string(what) + " must be " + std::to_string(low) + " to " +
                                std::to_string(high) + ", found " + std::to_string(v));
  }
  return v;
}

struct Moment {
  std::int64_t seconds;
  std::int32_t nanos;
};

/// Carries the nanoseconds outside 0..999,999,999 into the seconds; both limits keep clear of overflow.
Result<Moment> moment(Fields& f) {
  PACKHOUSE_TRY(std::int64_t seconds, f.integer("the seconds"));
  PACKHOUSE_TRY(std::int64_t nanos, f.integer("the nanoseconds"));
  std::int64_t carry = nanos / nanos_per_second;
  nanos %= nanos_per_second;
  if (nanos < 0) {
    nanos += nanos_per_second;
    --carry;
  }
  if (__builtin_add_overflow(seconds, carry, &seconds) || seconds < min_second || seconds > max_second) {
    return f.refuse(Status::argument_error, "the seconds lie outside the years -999999999 to 999999999");
  }
  return Moment{seconds, static_cast<std::int32_t>(nanos)};
}

Result<StructureValue> local_time(Fields& f) {
  PACKHOUSE_TRY(const auto nanos, ranged(f, "the nanoseconds", 0, nanos_per_day - 1, Status::argument_error));
  return LocalTime{nanos};
}

Result<StructureValue> time(Fields& f) {
  PACKHOUSE_TRY(const auto nanos, ranged(f, "the nanoseconds", 0, nanos_per_day - 1, Status::argument_error));
  PACKHOUSE_TRY(const auto offset, ranged(f, "the offset", -max_offset, max_offset, Status::request_invalid));
  return Time{nanos, static_cast<std::int32_t>(offset)};
}

Result<StructureValue> offset_datetime(Fields& f, bool utc) {
  PACKHOUSE_TRY(const Moment i, moment(f));
  PACKHOUSE_TRY(const auto offset, ranged(f, "the offset", -max_offset, max_offset, Status::request_invalid));
  return DateTime{utc ? i.seconds : i.seconds - offset, i.nanos, Zone::offset(static_cast<std::int32_t>(offset))};
}

Result<StructureValue> zoned_datetime(Fields& f, bool utc) {
  PACKHOUSE_TRY(const Moment i, moment(f));
  PACKHOUSE_TRY(const std::string_view zone, f.string("the time zone"));
  const auto id = zone_id(zone);
  if (!id) return f.refuse(Status::request_invalid, "unknown time zone '" + std::string(zone.substr(0, 100)) + "'");
  const Zone named = Zone::named(*id);
  return DateTime{utc ? i.seconds : local_to_utc(named, i.seconds), i.nanos, named};
}

Result<StructureValue> duration(Fields& f) {
  PACKHOUSE_TRY(const auto months, f.integer("the months"));
  PACKHOUSE_TRY(const auto days, f.integer("the days"));
  PACKHOUSE_TRY(auto seconds, f.integer("the seconds"));
  PACKHOUSE_TRY(auto nanos, f.integer("the nanoseconds"));
  std::int64_t carry = nanos / nanos_per_second;
  nanos %= nanos_per_second;
  if (nanos < 0) {
    nanos += nanos_per_second;
    --carry;
  }
  if (__builtin_add_overflow(seconds, carry, &seconds)) {
    return f.refuse(Status::argument_error, "the seconds do not fit 64 bits");
  }
  return Duration{months, days, seconds, static_cast<std::int32_t>(nanos)};
}

Result<StructureValue> point(Fields& f, bool three_d) {
  PACKHOUSE_TRY(const auto srid, f.integer("the SRID"));
  const auto flat = static_cast<std::int64_t>(three_d ? Crs::cartesian_3d : Crs::cartesian_2d);
  const auto globe = static_cast<std::int64_t>(three_d ? Crs::wgs84_3d : Crs::wgs84_2d);
  if (srid != flat && srid != globe) {
    return f.refuse(Status::request_invalid, "unknown SRID " + std::to_string(srid) + ", expected " +
                                                 std::to_string(flat) + " or " + std::to_string(globe));
  }
  Point p;
  p.crs = static_cast<Crs>(srid);
  PACKHOUSE_TRY(p.x, f.real("x"));
  PACKHOUSE_TRY(p.y, f.real("y"));
  if (three_d) {
    PACKHOUSE_TRY(p.z, f.real("z"));
  }
  if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(p.z)) {
    return f.refuse(Status::request_invalid, "coordinates must be finite");
  }
  if (srid == globe && std::abs(p.y) > 90) {
    return f.refuse(Status::request_invalid, "latitude must be -90 to 90, found " + std::to_string(p.y));
  }
  return p;
}

std::optional<Element> element_of(std::byte m) {
  switch (std::to_integer<std::uint8_t>(m)) {
    case marker::int8: return Element::i8;
    case marker::int16: return Element::i16;
    case marker::int32: return Element::i32;
    case marker::int64: return Element::i64;
    case 0xC6: return Element::f32;
    case marker::real: return Element::f64;
    default: return {};
  }
}

Result<StructureValue> vector(Fields& f) {
  PACKHOUSE_TRY(const Bytes m, f.bytes("the element type"));
  const auto element = m.size() == 1 ? element_of(m[0]) : std::nullopt;
  if (!element) return f.refuse(Status::request_invalid, "unknown element type of a vector");
  PACKHOUSE_TRY(const Bytes data, f.bytes("the elements"));
  const std::size_t size = size_of(*element);
  if (data.size() % size != 0) {
    return f.refuse(Status::request_invalid, std::to_string(data.size()) +
                                                 " bytes are not a whole number of elements of " +
                                                 std::to_string(size));
  }
  const std::size_t dimensions = data.size() / size;
  if (dimensions < 1 || dimensions > max_dimensions) {
    return tl::make_unexpected(Error(Status::argument_error, "a vector must have 1 to 4096 dimensions, found " +
                                                                 std::to_string(dimensions))
                                   .with_gql("22NBE"));
  }
  return VectorView{*element, static_cast<std::uint32_t>(dimensions), data};
}

Result<StructureValue> fields_of(Fields& f, std::uint8_t tag) {
  switch (tag) {
    case tag::date: {
      PACKHOUSE_TRY(const auto days, ranged(f, "the day", min_day, max_day, Status::argument_error));
      return Date{days};
    }
    case tag::local_time: return local_time(f);
    case tag::time: return time(f);
    case tag::local_datetime: {
      PACKHOUSE_TRY(const Moment i, moment(f));
      return LocalDateTime{i.seconds, i.nanos};
    }
    case tag::datetime: return offset_datetime(f, true);
    case tag::legacy_datetime: return offset_datetime(f, false);
    case tag::datetime_zone: return zoned_datetime(f, true);
    case tag::legacy_datetime_zone: return zoned_datetime(f, false);
    case tag::duration: return duration(f);
    case tag::point_2d: return point(f, false);
    case tag::point_3d: return point(f, true);
    default: return vector(f);
  }
}

bool in_force(std::uint8_t tag, const Dialect& dialect) {
  switch (tag) {
    case tag::datetime:
    case tag::datetime_zone: return dialect.utc_datetimes;
    case tag::legacy_datetime:
    case tag::legacy_datetime_zone: return !dialect.utc_datetimes;
    case tag::vector: return dialect.vectors;
    default: return true;
  }
}

[[gnu::cold]] tl::unexpected<Error> unknown_structure(const std::string& message) {
  Error cause = Error(Status::request_invalid, message).with_gql("22N00").caused_by(Error(Status::request_invalid, message).with_gql("22N97"));
  return tl::make_unexpected(Error(Status::request_invalid, message).caused_by(std::move(cause)));
}

}  // namespace

std::string describe_tag(std::uint8_t tag) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const std::string hex{'0', 'x', digits[tag >> 4], digits[tag & 0x0F]};
  const Row* const row = row_of(tag);
  return row ? std::string(row->name) + " (tag " + hex + ")" : "structure with tag " + hex;
}

Result<StructureValue> read_structure(Cursor& in, const Token& head, const Dialect& dialect) {
  const Row* const row = row_of(head.tag);
  if (!row || row->fields == 0) {
    return unknown_structure(describe_tag(head.tag) + " is not a value that can be sent" + at(in.position() - 2));
  }
  if (!in_force(head.tag, dialect)) {
    return unknown_structure(describe_tag(head.tag) + " is not part of the negotiated Bolt version" + at(in.position() - 2));
  }
  if (head.size != row->fields) {
    return fail(Status::request_invalid_format, describe_tag(head.tag) + " must have " +
                                                    std::to_string(row->fields) + " fields, found " +
                                                    std::to_string(head.size) + at(in.position() - 2));
  }
  Fields fields(in, *row);
  return fields_of(fields, head.tag);
}

}  // namespace packhouse::packstream
