#include "codec/msgpack/ext.hpp"

#include <bit>
#include <cmath>
#include <string>

#include "value/temporal/api.hpp"
#include "value/temporal/duration.hpp"
#include "value/temporal/zones.hpp"

namespace packhouse::codec::msgpack {
namespace {

constexpr std::int64_t min_day = -365243219162, max_day = 365241780471;  // years -999,999,999 and 999,999,999
constexpr std::int64_t min_second = min_day * 86400, max_second = max_day * 86400 + 86399;
constexpr std::int64_t nanos_per_day = 86'400'000'000'000;

/// Takes big-endian numbers off a payload; the caller has checked its size.
class Input {
 public:
  explicit Input(Bytes b) : rest_(b) {}
  template <class T>
  T take() {
    std::uint64_t bits = 0;
    for (const std::byte b : rest_.first(sizeof(T))) bits = bits << 8 | std::to_integer<std::uint64_t>(b);
    rest_ = rest_.subspan(sizeof(T));
    return static_cast<T>(bits);
  }
  double real() { return std::bit_cast<double>(take<std::uint64_t>()); }
  Bytes rest() const { return rest_; }

 private:
  Bytes rest_;
};

tl::unexpected<Error> refuse(std::string_view what) {
  return fail(Status::request_invalid, std::string(what));
}

bool is_second(std::int64_t s) { return s >= min_second && s <= max_second; }
bool is_nano(std::int64_t n) { return n >= 0 && n < 1'000'000'000; }
bool is_offset(std::int64_t o) { return o >= -18 * 3600 && o <= 18 * 3600; }

Result<void> timestamp(Bytes b, AnySink& out) {
  Input in(b);
  std::int64_t seconds = 0, nanos = 0;
  if (b.size() == 4) {
    seconds = in.take<std::uint32_t>();
  } else if (b.size() == 8) {
    const auto both = in.take<std::uint64_t>();
    nanos = static_cast<std::int64_t>(both >> 34);
    seconds = static_cast<std::int64_t>(both & 0x3'FFFF'FFFF);
  } else if (b.size() == 12) {
    nanos = in.take<std::uint32_t>();
    seconds = in.take<std::int64_t>();
  } else {
    return refuse("a timestamp has 4, 8 or 12 bytes, found " + std::to_string(b.size()));
  }
  if (!is_nano(nanos) || !is_second(seconds)) return refuse("timestamp out of range");
  return out.datetime({seconds, static_cast<std::int32_t>(nanos), Zone::offset(0)});
}

Result<void> datetime(Ext type, Bytes b, AnySink& out) {
  Input in(b);
  const auto seconds = in.take<std::int64_t>();
  const auto nanos = in.take<std::int32_t>();
  if (!is_second(seconds) || !is_nano(nanos)) return refuse("date and time out of range");
  if (type == Ext::local_datetime) return out.local_datetime({seconds, nanos});
  if (type == Ext::datetime_zone) {
    const std::string_view name = as_text(in.rest());
    const auto id = zone_id(name);
    if (!id) return refuse("unknown time zone");
    return out.datetime({seconds, nanos, Zone::named(*id)});
  }
  const auto offset = in.take<std::int32_t>();
  if (!is_offset(offset)) return refuse("offset beyond 18 hours");
  return out.datetime({seconds, nanos, Zone::offset(offset)});
}

Result<void> time(Ext type, Bytes b, AnySink& out) {
  Input in(b);
  const auto nanos = in.take<std::int64_t>();
  if (nanos < 0 || nanos >= nanos_per_day) return refuse("time of day out of range");
  if (type == Ext::local_time) return out.local_time({nanos});
  const auto offset = in.take<std::int32_t>();
  if (!is_offset(offset)) return refuse("offset beyond 18 hours");
  return out.time({nanos, offset});
}

Result<void> duration(Bytes b, AnySink& out) {
  Input in(b);
  Duration d;
  d.months = in.take<std::int64_t>();
  d.days = in.take<std::int64_t>();
  d.seconds = in.take<std::int64_t>();
  d.nanos = in.take<std::int32_t>();
  if (!is_nano(d.nanos)) return refuse("nanoseconds of a duration out of range");
  // Longer ones could not be read back from any text form.
  if (!temporal::make_duration(d.months, d.days, d.seconds, d.nanos, Status::argument_error)) return refuse("duration longer than 2^63 seconds");
  return out.duration(d);
}

Result<void> point(Bytes b, AnySink& out) {
  Input in(b);
  const auto crs = crs_from_srid(in.take<std::uint16_t>());
  if (!crs) return refuse("unknown SRID of a point");
  Point p;
  p.crs = *crs;
  if (b.size() != (p.three_d() ? 26U : 18U)) return refuse("point of the wrong size");
  p.x = in.real();
  p.y = in.real();
  if (p.three_d()) p.z = in.real();
  if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(p.z)) return refuse("coordinates must be finite");
  return out.point(p);
}

Result<void> vector(Bytes b, AnySink& out) {
  const auto element = std::to_integer<std::uint8_t>(b[0]);
  if (element > static_cast<std::uint8_t>(Element::f64)) return refuse("unknown element type of a vector");
  const auto e = static_cast<Element>(element);
  const Bytes data = b.subspan(1);
  if (data.size() % size_of(e) != 0) return refuse("vector that is not a whole number of elements");
  return out.vector(e, static_cast<std::uint32_t>(data.size() / size_of(e)), data);
}

struct Size {
  std::size_t least, most;
};
Size size_of_payload(Ext type) {
  constexpr std::size_t any = std::numeric_limits<std::size_t>::max();
  switch (type) {
    case Ext::timestamp: return {4, 12};
    case Ext::date:
    case Ext::local_time: return {8, 8};
    case Ext::time:
    case Ext::local_datetime: return {12, 12};
    case Ext::datetime_offset: return {16, 16};
    case Ext::datetime_zone: return {13, any};
    case Ext::duration: return {28, 28};
    case Ext::point: return {18, 26};
    case Ext::vector: return {1, any};
  }
  return {any, 0};
}

}  // namespace

Result<void> deliver_ext(std::int8_t type, Bytes b, AnySink& out) {
  const auto ext = static_cast<Ext>(type);
  const Size size = size_of_payload(ext);
  if (size.least > size.most) return refuse("unknown extension type " + std::to_string(type));
  if (b.size() < size.least || b.size() > size.most) {
    return refuse("extension type " + std::to_string(type) + " with " + std::to_string(b.size()) + " bytes");
  }
  switch (ext) {
    case Ext::timestamp: return timestamp(b, out);
    case Ext::date: {
      const auto days = Input(b).take<std::int64_t>();
      if (days < min_day || days > max_day) return refuse("date out of range");
      return out.date({days});
    }
    case Ext::local_time:
    case Ext::time: return time(ext, b, out);
    case Ext::local_datetime:
    case Ext::datetime_offset:
    case Ext::datetime_zone: return datetime(ext, b, out);
    case Ext::duration: return duration(b, out);
    case Ext::point: return point(b, out);
    case Ext::vector: break;
  }
  return vector(b, out);
}

Payload& Payload::real(double v) { return put(std::bit_cast<std::uint64_t>(v)); }

}  // namespace packhouse::codec::msgpack
