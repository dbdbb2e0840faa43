#include "codec/cbor/objects.hpp"

#include <bit>
#include <string_view>

#include "codec/cbor/tags.hpp"
#include "codec/half.hpp"
#include "codec/msgpack/ext.hpp"

// The values behind tags are checked where MessagePack's extensions are: their parts are put together as such a
// payload first.
namespace packhouse::codec::cbor {
namespace {

using msgpack::Ext;
using msgpack::Payload;

Result<std::int64_t> integer(Input& in, const Head& h) {
  if ((h.major != Major::positive && h.major != Major::negative) || h.number > static_cast<std::uint64_t>(INT64_MAX)) {
    return in.refuse("expected a 64-bit integer before");
  }
  const auto n = static_cast<std::int64_t>(h.number);
  return h.major == Major::negative ? -1 - n : n;
}

Result<std::int64_t> integer(Input& in) {
  PACKHOUSE_TRY(const Head h, in.head());
  return integer(in, h);
}

Result<std::int32_t> small_integer(Input& in) {
  PACKHOUSE_TRY(const std::int64_t n, integer(in));
  if (n < INT32_MIN || n > INT32_MAX) return in.refuse("expected a 32-bit integer before");
  return static_cast<std::int32_t>(n);
}

Result<double> number(Input& in) {
  PACKHOUSE_TRY(const Head h, in.head());
  if (h.major != Major::simple) {
    PACKHOUSE_TRY(const std::int64_t n, integer(in, h));
    return static_cast<double>(n);
  }
  if (h.info == 25) return half_to_double(static_cast<std::uint16_t>(h.number));
  if (h.info == 26) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(h.number)));
  if (h.info == 27) return std::bit_cast<double>(h.number);
  return in.refuse("expected a number before");
}

Result<std::string_view> text(Input& in) {
  PACKHOUSE_TRY(const Head h, in.head());
  if (h.major != Major::text || h.indefinite()) return in.refuse("expected a text of known length before");
  PACKHOUSE_TRY(const Bytes b, in.take(h.number));
  return as_text(b);
}

Result<void> deliver(Input& in, Ext type, const Payload& payload, AnySink& out) {
  auto done = msgpack::deliver_ext(static_cast<std::int8_t>(type), payload.view(), out);
  if (done) return {};
  // Of a sink that has had enough, the status counts.
  return fail(done.error().status(), in.refuse(done.error().message()).value().message());
}

Result<void> day_time(Input& in, Ext type, AnySink& out) {
  PACKHOUSE_TRY(const std::int64_t nanos, integer(in));
  Payload p;
  p.put(nanos);
  if (type == Ext::time) {
    PACKHOUSE_TRY(const std::int32_t offset, small_integer(in));
    p.put(offset);
  }
  return deliver(in, type, p, out);
}

Result<void> datetime(Input& in, bool local, AnySink& out) {
  PACKHOUSE_TRY(const std::int64_t seconds, integer(in));
  PACKHOUSE_TRY(const std::int32_t nanos, small_integer(in));
  Payload p;
  p.put(seconds).put(nanos);
  if (local) return deliver(in, Ext::local_datetime, p, out);
  Input ahead = in;
  PACKHOUSE_TRY(const Head h, ahead.head());
  if (h.major == Major::text) {
    PACKHOUSE_TRY(const std::string_view zone, text(in));
    return deliver(in, Ext::datetime_zone, p.raw(as_bytes(zone)), out);
  }
  PACKHOUSE_TRY(const std::int32_t offset, small_integer(in));
  return deliver(in, Ext::datetime_offset, p.put(offset), out);
}

Result<void> duration(Input& in, AnySink& out) {
  Payload p;
  for (int i = 0; i < 3; ++i) {
    PACKHOUSE_TRY(const std::int64_t part, integer(in));
    p.put(part);
  }
  PACKHOUSE_TRY(const std::int32_t nanos, small_integer(in));
  return deliver(in, Ext::duration, p.put(nanos), out);
}

Result<void> point(Input& in, std::uint64_t coordinates, AnySink& out) {
  PACKHOUSE_TRY(const std::int64_t srid, integer(in));
  if (srid < 0 || srid > UINT16_MAX) return in.refuse("unknown SRID of a point");
  Payload p;
  p.put(static_cast<std::uint16_t>(srid));
  for (; coordinates > 0; --coordinates) {
    PACKHOUSE_TRY(const double x, number(in));
    p.real(x);
  }
  return deliver(in, Ext::point, p, out);
}

Result<void> object(Input& in, AnySink& out) {
  PACKHOUSE_TRY(const Head list, in.head());
  if (list.major != Major::list || list.indefinite()) return in.refuse("tag 27 needs a list of known length before");
  PACKHOUSE_TRY(const std::string_view name, text(in));
  const std::uint64_t n = list.number;
  if (name == "LocalTime" && n == 2) return day_time(in, Ext::local_time, out);
  if (name == "Time" && n == 3) return day_time(in, Ext::time, out);
  if (name == "LocalDateTime" && n == 3) return datetime(in, true, out);
  if (name == "DateTime" && n == 4) return datetime(in, false, out);
  if (name == "Duration" && n == 5) return duration(in, out);
  if (name == "Point" && (n == 4 || n == 5)) return point(in, n - 2, out);
  return in.refuse("unknown object, or one with the wrong number of arguments,");
}

Result<void> vector(Input& in, Element e, AnySink& out) {
  PACKHOUSE_TRY(const Head h, in.head());
  if (h.major != Major::bytes || h.indefinite())
    return in.refuse("a typed array needs a byte string of known length before");
  PACKHOUSE_TRY(const Bytes data, in.take(h.number));
  if (data.size() % size_of(e) != 0) return in.refuse("vector that is not a whole number of elements");
  if (data.size() / size_of(e) >= unknown_size) return in.refuse("vector is too long");
  return out.vector(e, static_cast<std::uint32_t>(data.size() / size_of(e)), data);
}

}  // namespace

Result<void> deliver_tag(std::uint64_t tag, Input& in, AnySink& out) {
  if (const auto e = element_of(tag)) return vector(in, *e, out);
  if (tag == tag_object) return object(in, out);
  if (tag != tag_date && tag != tag_epoch) return in.refuse("unknown tag " + std::to_string(tag));
  PACKHOUSE_TRY(const std::int64_t n, integer(in));
  if (tag == tag_date) return deliver(in, Ext::date, Payload().put(n), out);
  return deliver(in, Ext::timestamp, Payload().put(std::int32_t{0}).put(n), out);
}

}  // namespace packhouse::codec::cbor
